import { NodeConnectionTypes } from 'n8n-workflow';
import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { forEachItem } from '../shared/items';
import { searchAgents, searchArtists, searchVenues } from '../shared/lists';
import { ask } from './ask';
import { fields } from './fields';

export class NandaAgent implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'NANDA Agent',
		name: 'nandaAgent',
		icon: { light: 'file:nandaAgent.svg', dark: 'file:nandaAgent.dark.svg' },
		group: ['transform'],
		version: [1],
		subtitle: '={{ $parameter["agent"] + ": " + ($parameter["operation"] || "by task") }}',
		description:
			'Asks an agent of PromoterOS about artists, audiences or deals; each answer brings its reasoning and a trace',
		defaults: { name: 'NANDA Agent' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'promoterOsApi', required: true }],
		properties: fields,
	};

	methods = { listSearch: { searchAgents, searchArtists, searchVenues } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await forEachItem(this, async (itemIndex) => await ask(this, itemIndex));
	}
}
