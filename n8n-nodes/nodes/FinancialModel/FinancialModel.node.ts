import { NodeConnectionTypes } from 'n8n-workflow';
import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { forEachItem } from '../shared/items';
import { searchArtists, searchVenues } from '../shared/lists';
import { fields } from './fields';
import { model } from './model';

export class FinancialModel implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Financial Model',
		name: 'financialModel',
		icon: { light: 'file:financialModel.svg', dark: 'file:financialModel.dark.svg' },
		group: ['transform'],
		version: [1],
		subtitle: '={{ $parameter["venueCapacity"] + " tickets at " + $parameter["ticketPrice"] }}',
		description:
			'Works out what a show earns and risks: demand, a deal to offer, chance of a loss, and the result per scenario',
		defaults: { name: 'Financial Model' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'promoterOsApi', required: true }],
		properties: fields,
	};

	methods = { listSearch: { searchArtists, searchVenues } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await forEachItem(this, async (itemIndex) => [await model(this, itemIndex)]);
	}
}
