import { NodeConnectionTypes } from 'n8n-workflow';
import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { forEachItem } from '../shared/items';
import { fields } from './fields';
import { scrape } from './scrape';

export class TikTokScraper implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'TikTok Scraper',
		name: 'tikTokScraper',
		icon: { light: 'file:tikTokScraper.svg', dark: 'file:tikTokScraper.dark.svg' },
		group: ['input'],
		version: [1],
		subtitle: '={{ $parameter["mode"] + ", last " + $parameter["timeframe"] }}',
		description:
			'Lists artists by what the PromoterOS store knows of them on TikTok: followers, posts and views, with growth. Reads the store, not TikTok itself.',
		defaults: { name: 'TikTok Scraper' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'promoterOsApi', required: true }],
		properties: fields,
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await forEachItem(this, async (itemIndex) => await scrape(this, itemIndex));
	}
}
