/** Which artists, their figures, and the filters. */
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { refuse } from '../shared/items';
import { call } from '../shared/transport';
import { artistRef, listOf, namesOf, numberOf, objectOf, textOf } from '../shared/values';
import { figureOf } from './series';
import type { Figure } from './series';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const WINDOWS: Record<string, number> = { '24h': DAY_MS, '7d': 7 * DAY_MS, '30d': 30 * DAY_MS, '90d': 90 * DAY_MS };
/** An artist whose newest point is older than this, besides the timeframe, is not active. */
const STALE_MS = 14 * DAY_MS;
/** What it takes to tell a running total from amounts a day. */
const HISTORY_MS = 45 * DAY_MS;
const PAGE_SIZE = 1000;
const ENTITIES_MAX = 1000;
const SOURCE = 'PromoterOS store (imported signals; TikTok itself was not visited)';
const NOT_MUSIC = ['cabaret', 'circus', 'comedy', 'drama', 'film', 'literature', 'musical', 'play', 'podcast', 'sport', 'spoken word', 'talk', 'theatre', 'theater'];

interface Query {
	mode: string;
	windowMs: number;
	asOfTime?: string;
	maxArtists: number;
	viewsFrom: string;
	itemIndex: number;
}

interface Subject {
	artist: IDataObject;
	/** Whose series count: the artist, or the track in mode "sound". */
	entity: IDataObject;
	track?: IDataObject;
}

type Figures = Partial<Record<'followers' | 'posts' | 'views', Figure>>;

export async function scrape(context: IExecuteFunctions, itemIndex: number): Promise<IDataObject[]> {
	const options = context.getNodeParameter('options', itemIndex, {}) as IDataObject;
	const timeframe = context.getNodeParameter('timeframe', itemIndex) as string;
	const minViews = numberOf(context.getNodeParameter('minViews', itemIndex, 0));
	const musicOnly = context.getNodeParameter('musicOnly', itemIndex) === true;
	const limit = numberOf(context.getNodeParameter('limit', itemIndex));
	const windowMs = WINDOWS[timeframe];
	if (windowMs === undefined)
		throw refuse(context, itemIndex, `"${timeframe}" is not a timeframe`, 'Use 24h, 7d, 30d or 90d.');
	const asOf = textOf(options.asOfTime);
	const query: Query = {
		mode: context.getNodeParameter('mode', itemIndex) as string,
		windowMs,
		asOfTime: asOf === '' ? undefined : new Date(asOf).toISOString(),
		maxArtists: numberOf(options.maxArtists ?? 5000),
		viewsFrom: textOf(options.viewsFrom) || 'any',
		itemIndex,
	};
	const subjects = (await subjectsOf(context, query)).filter((one) => !musicOnly || isMusic(one.artist));
	const figures = await figuresOf(context, query, subjects);
	const sortBy = textOf(options.sortBy) || 'growth';
	return subjects
		.map((subject, i) => itemOf(subject, figures[i], timeframe))
		.filter((item) => item.observedTime !== null && (minViews <= 0 || numberOf(item.views) >= minViews))
		.sort((a, b) => sortKey(b, sortBy) - sortKey(a, sortBy))
		.slice(0, limit)
		.map((item, i) => ({ rank: i + 1, ...item }));
}

function sortKey(item: IDataObject, field: string): number {
	return item[field] === null ? -Number.MAX_VALUE : numberOf(item[field]);
}

function isMusic(artist: IDataObject): boolean {
	const genres = (artist.genres as string[] | undefined) ?? [];
	return genres.length === 0 || genres.some((genre) => !NOT_MUSIC.includes(genre.toLowerCase()));
}

/** "#Indie-Rock" and "indie rock" are the same. */
function compact(text: string): string {
	return text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
}

/* ---- which artists ---- */

async function subjectsOf(context: IExecuteFunctions, query: Query): Promise<Subject[]> {
	const { mode, itemIndex } = query;
	if (mode === 'sound') return await artistsOfSound(context, query);
	if (mode === 'user') return await users(context, query);
	const artists = await allArtists(context, query);
	if (mode === 'trending') return artists.map(subjectOf);
	const tag = compact(context.getNodeParameter('hashtag', itemIndex) as string);
	if (tag === '') throw refuse(context, itemIndex, 'The hashtag is empty', 'Enter a genre or a name, such as #hyperpop.');
	return artists
		.filter((artist) => [textOf(artist.name), ...((artist.genres as string[] | undefined) ?? [])].some((word) => compact(word) === tag))
		.map(subjectOf);
}

function subjectOf(artist: IDataObject): Subject {
	return { artist, entity: artistRef(textOf(artist.id)) };
}

async function allArtists(context: IExecuteFunctions, query: Query): Promise<IDataObject[]> {
	const artists: IDataObject[] = [];
	let pageToken = '';
	do {
		const request: IDataObject = { pageSize: Math.min(PAGE_SIZE, query.maxArtists - artists.length), pageToken };
		if (query.asOfTime) request.asOfTime = query.asOfTime;
		const reply = await call(context, 'promoteros.v1.CatalogService/ListArtists', request, query);
		artists.push(...listOf(reply.artists));
		pageToken = textOf(reply.nextPageToken);
	} while (pageToken !== '' && artists.length < query.maxArtists);
	return artists;
}

async function users(context: IExecuteFunctions, query: Query): Promise<Subject[]> {
	const names = namesOf(context.getNodeParameter('users', query.itemIndex));
	const found: Subject[] = [];
	for (const name of names) {
		const handle = name.replace(/^@/, '');
		const known = await call(
			context,
			'promoteros.v1.CatalogService/ListArtists',
			{ externalIds: [{ scheme: 'tiktok', value: handle }], pageSize: 1 },
			query,
		);
		const [exact] = listOf(known.artists);
		found.push(...(exact ? [exact] : await namedLike(context, query, handle)).map(subjectOf));
	}
	if (found.length > 0) return found;
	throw refuse(
		context,
		query.itemIndex,
		`None of these is in the catalog: ${names.join(', ') || 'no name was given'}`,
		'Enter TikTok names or names of artists, separated by commas, as "promoterosctl artists" lists them.',
	);
}

async function namedLike(context: IExecuteFunctions, query: Query, name: string): Promise<IDataObject[]> {
	const reply = await call(context, 'promoteros.v1.CatalogService/ListArtists', { query: name, pageSize: 100 }, query);
	return listOf(reply.artists).filter((artist) => compact(textOf(artist.name)) === compact(name));
}

async function artistsOfSound(context: IExecuteFunctions, query: Query): Promise<Subject[]> {
	const id = (context.getNodeParameter('sound', query.itemIndex) as string).trim();
	const { track } = await call(context, 'promoteros.v1.CatalogService/GetTrack', { id }, query);
	const subjects: Subject[] = [];
	for (const artistId of (objectOf(track).artistIds as string[] | undefined) ?? []) {
		const reply = await call(context, 'promoteros.v1.CatalogService/GetArtist', { id: artistId }, query);
		subjects.push({
			artist: objectOf(reply.artist),
			entity: { kind: 'ENTITY_KIND_TRACK', id },
			track: objectOf(track),
		});
	}
	return subjects;
}

/* ---- their figures ---- */

async function figuresOf(context: IExecuteFunctions, query: Query, subjects: Subject[]): Promise<Figures[]> {
	const { sources } = await call(context, 'promoteros.v1.SignalService/ListSignalSources', {}, query);
	const known = listOf(sources);
	const newestMs = Math.max(0, ...known.filter((one) => one.source === 'tiktok').map((one) => Date.parse(textOf(one.newestTime))));
	if (newestMs === 0)
		throw refuse(
			context,
			query.itemIndex,
			'The store holds no TikTok signals',
			'Import some with "promoterosctl import signals", or load the simulated city with "promoterosctl demo load".',
		);
	const endMs = query.asOfTime ? Math.min(newestMs, Date.parse(query.asOfTime)) : newestMs;
	const elsewhere = [...new Set(known.filter((one) => one.metric === 'views').map((one) => textOf(one.source)))].filter(
		(source) => source !== 'tiktok',
	);
	const byEntity = new Map<string, Figures>();
	for (let at = 0; at < subjects.length; at += ENTITIES_MAX) {
		const entities = subjects.slice(at, at + ENTITIES_MAX).map((one) => one.entity);
		await addFigures(context, query, endMs, { entities, sources: ['tiktok'], metrics: ['followers', 'posts', 'views'] }, byEntity);
		if (query.viewsFrom === 'any' && elsewhere.length > 0)
			await addFigures(context, query, endMs, { entities, sources: elsewhere, metrics: ['views'] }, byEntity);
	}
	return subjects.map((one) => byEntity.get(textOf(one.entity.id)) ?? {});
}

/** Adds what is not known yet, so that TikTok comes before other sources. */
async function addFigures(
	context: IExecuteFunctions,
	query: Query,
	endMs: number,
	which: IDataObject,
	byEntity: Map<string, Figures>,
): Promise<void> {
	const request: IDataObject = {
		...which,
		startTime: new Date(endMs - Math.max(2 * query.windowMs + STALE_MS, HISTORY_MS)).toISOString(),
	};
	if (query.asOfTime) request.asOfTime = query.asOfTime;
	const reply = await call(context, 'promoteros.v1.SignalService/QuerySignals', request, query);
	for (const series of listOf(reply.series)) {
		const figure = figureOf(series, query.windowMs);
		if (!figure || figure.newestMs < endMs - STALE_MS) continue;
		const id = textOf(objectOf(series.entity).id);
		const figures = byEntity.get(id) ?? {};
		figures[textOf(series.metric) as keyof Figures] ??= figure;
		byEntity.set(id, figures);
	}
}

function itemOf({ artist, track }: Subject, figures: Figures, timeframe: string): IDataObject {
	const { followers, posts, views } = figures;
	const ofTikTok = [followers, posts, views?.source === 'tiktok' ? views : undefined].filter((one) => one !== undefined);
	const newestMs = Math.max(0, ...ofTikTok.map((one) => one.newestMs));
	const growth = followers?.growth ?? posts?.growth ?? views?.growth ?? null;
	return {
		artistId: textOf(artist.id),
		artistName: textOf(artist.name),
		entity: artistRef(textOf(artist.id)),
		genres: artist.genres ?? [],
		...(track ? { sound: { id: track.id, title: track.title } } : {}),
		timeframe,
		followers: followers?.value ?? null,
		followersGrowth: followers?.growth ?? null,
		posts: posts?.value ?? null,
		postsGrowth: posts?.growth ?? null,
		views: views?.value ?? null,
		viewsGrowth: views?.growth ?? null,
		viewsSource: views?.source ?? null,
		growth,
		observedTime: newestMs > 0 ? new Date(newestMs).toISOString() : null,
		simulated: ofTikTok.some((one) => one.simulated),
		source: SOURCE,
	};
}
