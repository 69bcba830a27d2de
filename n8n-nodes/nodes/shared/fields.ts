/** Fields that several nodes have: which artist, which venue. */
import { NodeOperationError } from 'n8n-workflow';
import type { IDisplayOptions, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { artistOf } from './values';
import type { Artist } from './values';

const ID_HINT = 'Letters, digits, "_" and "-" after the prefix';

/** Resource locator `artist`; empty means the artist that the item carries. */
export function artistField(show: IDisplayOptions['show']): INodeProperties {
	return {
		displayName: 'Artist',
		name: 'artist',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		description: 'Empty means the artist that each input item carries, as TikTok Scraper and NANDA Agent put it there',
		displayOptions: { show },
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder: 'From the input item',
				typeOptions: { searchListMethod: 'searchArtists', searchable: true },
			},
			{
				displayName: 'By ID',
				name: 'id',
				type: 'string',
				placeholder: 'ar_01JD8Z5Y3M',
				validation: [
					{
						type: 'regex',
						properties: { regex: '^(ar_[A-Za-z0-9_-]{1,36})?$', errorMessage: `Begins with "ar_". ${ID_HINT}` },
					},
				],
			},
		],
	};
}

/** Resource locator `venue`; empty means an ad-hoc room. */
export function venueField(show?: IDisplayOptions['show']): INodeProperties {
	const field: INodeProperties = {
		displayName: 'Venue',
		name: 'venue',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		description: 'Venue in the catalog, whose past shows count; empty means an ad-hoc room of the given capacity',
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder: 'An ad-hoc room',
				typeOptions: { searchListMethod: 'searchVenues', searchable: true },
			},
			{
				displayName: 'By ID',
				name: 'id',
				type: 'string',
				placeholder: 've_01JD8Z5Y3M',
				validation: [
					{
						type: 'regex',
						properties: { regex: '^(ve_[A-Za-z0-9_-]{1,36})?$', errorMessage: `Begins with "ve_". ${ID_HINT}` },
					},
				],
			},
		],
	};
	return show ? { ...field, displayOptions: { show } } : field;
}

/** The chosen artist, else the one of the item; undefined when there is none. */
export function chosenArtist(context: IExecuteFunctions, itemIndex: number): Artist | undefined {
	const id = context.getNodeParameter('artist', itemIndex, '', { extractValue: true }) as string;
	const carried = artistOf(context.getInputData()[itemIndex].json);
	if (id === '' || id === carried?.id) return carried;
	return { id, name: '' };
}

/** The same, where one is needed. */
export function neededArtist(context: IExecuteFunctions, itemIndex: number): Artist {
	const artist = chosenArtist(context, itemIndex);
	if (artist) return artist;
	throw new NodeOperationError(context.getNode(), 'The input item carries no artist', {
		description:
			'Choose an artist in this node, or put TikTok Scraper or NANDA Agent before it; an item of your own needs the field "artistId".',
		itemIndex,
	});
}
