/** What the drop-downs are filled from. */
import type { IDataObject, ILoadOptionsFunctions, INodeListSearchItems, INodeListSearchResult } from 'n8n-workflow';
import { call } from './transport';
import { listOf, textOf } from './values';

const PAGE_SIZE = 100;

function byText(filter: string | undefined) {
	const wanted = (filter ?? '').toLowerCase();
	return (item: INodeListSearchItems) => `${item.name} ${item.value}`.toLowerCase().includes(wanted);
}

export async function searchAgents(this: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> {
	const reply = await call(this, 'promoteros.v1.AgentService/ListAgents', {});
	const results = listOf(reply.agents).map((agent) => ({
		name: textOf(agent.title) || textOf(agent.name),
		value: textOf(agent.name),
		description: textOf(agent.summary),
	}));
	return { results: results.filter(byText(filter)) };
}

async function searchCatalog(
	context: ILoadOptionsFunctions,
	kind: 'Artists' | 'Venues',
	filter: string | undefined,
	pageToken: string | undefined,
): Promise<INodeListSearchResult> {
	const request: IDataObject = { query: filter ?? '', pageSize: PAGE_SIZE, pageToken: pageToken ?? '' };
	const reply = await call(context, `promoteros.v1.CatalogService/List${kind}`, request);
	const records = listOf(kind === 'Artists' ? reply.artists : reply.venues);
	return {
		results: records.map((record) => ({
			name: [textOf(record.name), textOf(record.city)].filter((word) => word !== '').join(', '),
			value: textOf(record.id),
		})),
		paginationToken: textOf(reply.nextPageToken) || undefined,
	};
}

export async function searchArtists(this: ILoadOptionsFunctions, filter?: string, pageToken?: string) {
	return await searchCatalog(this, 'Artists', filter, pageToken);
}

export async function searchVenues(this: ILoadOptionsFunctions, filter?: string, pageToken?: string) {
	return await searchCatalog(this, 'Venues', filter, pageToken);
}
