/** The calls that have fields: how the request is built, and what is left of the reply when it is simplified. */
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { dealOf, demandIn, demandOf, evaluateRequest, optimizeRequest, optionsOf, settleRequest, settlementOf, termsOf } from '../shared/deal';
import type { Sheet, Terms } from '../shared/deal';
import { neededArtist } from '../shared/fields';
import { refuse } from '../shared/items';
import {
	artistOf,
	artistRef,
	dateIn,
	listOf,
	namesOf,
	numberOf,
	objectOf,
	optionalNumber,
	plainEnum,
	rounded,
	textOf,
	toMinor,
} from '../shared/values';

export interface Operation {
	agent: string;
	method: string;
	/** The request from the fields of the node. */
	build: (context: IExecuteFunctions, itemIndex: number, options: IDataObject) => IDataObject;
	/** Adds the artist of the item to a request in JSON that names none. */
	addArtist?: (request: IDataObject, artistId: string) => void;
	/** One or more items; the i-th belongs to the i-th conclusion of the trace, as far as there are so many. */
	simplify: (reply: IDataObject, request: IDataObject) => IDataObject[];
}

const DEFAULT_LEAD_DAYS = 60;

function addEntity(request: IDataObject, artistId: string): void {
	request.entity ??= artistRef(artistId);
}

function listed(request: IDataObject, options: IDataObject): IDataObject {
	for (const field of ['sources', 'metrics']) {
		const names = namesOf(options[field]);
		if (names.length > 0) request[field] = names;
	}
	return request;
}

/* ---- trend analyzer ---- */

function buildDetect(context: IExecuteFunctions, itemIndex: number, options: IDataObject): IDataObject {
	const request: IDataObject = {
		definition: context.getNodeParameter('definition', itemIndex) as string,
		maxCandidateCount: numberOf(context.getNodeParameter('candidateCount', itemIndex, 20)),
	};
	const artist = artistOf(context.getInputData()[itemIndex].json);
	if (artist && context.getNodeParameter('artists', itemIndex) === 'item') request.entities = [artistRef(artist.id)];
	if (options.horizonDays !== undefined) request.horizonDays = options.horizonDays;
	if (options.targetMultiple !== undefined) request.targetMultiple = options.targetMultiple;
	return listed(request, options);
}

function simplifyDetect(reply: IDataObject, request: IDataObject): IDataObject[] {
	const about = { definition: reply.definitionText, horizonDays: numberOf(reply.horizonDays) };
	const candidates = listOf(reply.candidates).map((candidate) => {
		const entity = objectOf(candidate.entity);
		const isArtist = entity.kind === 'ENTITY_KIND_ARTIST';
		return {
			artistId: isArtist ? entity.id : ((candidate.artistIds as string[] | undefined)?.[0] ?? null),
			artistName: candidate.name,
			entity,
			viralProbability: rounded(numberOf(candidate.probability)),
			expectedLeadDays: optionalNumber(candidate.expectedLeadDays),
			stage: plainEnum(candidate.stage, 'TREND_STAGE_'),
			weeklyGrowth: rounded(numberOf(candidate.weeklyGrowthRatio) - 1),
			...about,
			simulated: candidate.simulated === true,
		};
	});
	if (candidates.length > 0) return candidates;
	/* Asked about one artist that is no candidate: say so, and keep the item. */
	const [entity] = listOf(request.entities);
	const [missing] = listOf(reply.insufficient);
	const alreadyThere = numberOf(reply.alreadyThereCount) > 0;
	return [
		{
			artistId: entity?.id ?? null,
			artistName: missing?.name ?? null,
			entity: entity ?? null,
			viralProbability: null,
			...about,
			note: textOf(missing?.reason) || (alreadyThere ? 'This has happened already.' : 'There are no candidates.'),
		},
	];
}

function buildSeries(context: IExecuteFunctions, itemIndex: number, options: IDataObject): IDataObject {
	return listed({ entity: artistRef(neededArtist(context, itemIndex).id) }, options);
}

function buildForecast(context: IExecuteFunctions, itemIndex: number, options: IDataObject): IDataObject {
	const request = buildSeries(context, itemIndex, {});
	if (textOf(options.sources) !== '') request.source = namesOf(options.sources)[0];
	if (textOf(options.metrics) !== '') request.metric = namesOf(options.metrics)[0];
	if (options.horizonDays !== undefined) request.horizonDays = options.horizonDays;
	return request;
}

function quantilesOf(distribution: IDataObject): IDataObject {
	const levels = (distribution.levels as number[] | undefined) ?? [];
	const values = (distribution.values as number[] | undefined) ?? [];
	const at = (level: number) => {
		const value = values[levels.findIndex((one) => Math.abs(one - level) < 1e-9)];
		return value === undefined ? null : rounded(value, 1);
	};
	return { low: at(0.1), likely: at(0.5), high: at(0.9) };
}

function simplifyForecast(reply: IDataObject): IDataObject[] {
	return [
		{
			artistId: objectOf(reply.entity).id ?? null,
			entity: reply.entity,
			source: textOf(reply.source),
			metric: textOf(reply.metric),
			lastValue: numberOf(reply.lastValue),
			lastObservedTime: reply.lastObservedTime ?? null,
			points: listOf(reply.points).map((point) => ({
				daysAhead: numberOf(point.daysAhead),
				...quantilesOf(objectOf(point.value)),
			})),
			forecastMethod: textOf(reply.method),
			note: textOf(reply.notEnoughData),
		},
	];
}

function ratioLessOne(value: unknown): number | null {
	const ratio = optionalNumber(value);
	return ratio === null ? null : rounded(ratio - 1);
}

function simplifyAnalyze(reply: IDataObject): IDataObject[] {
	return [
		{
			artistId: objectOf(reply.entity).id ?? null,
			entity: reply.entity,
			stage: plainEnum(reply.stage, 'TREND_STAGE_'),
			stageText: textOf(reply.stageText),
			weeklyGrowth: ratioLessOne(reply.weeklyGrowthRatio),
			recentWeeklyGrowth: ratioLessOne(reply.recentWeeklyGrowthRatio),
			series: listOf(reply.series).map((one) => ({
				source: one.source,
				metric: one.metric,
				lastValue: numberOf(one.lastValue),
				weeklyGrowth: ratioLessOne(one.weeklyGrowthRatio),
			})),
		},
	];
}

/* ---- audience predictor ---- */

function buildPredict(context: IExecuteFunctions, itemIndex: number, options: IDataObject): IDataObject {
	const request: IDataObject = {
		artistId: neededArtist(context, itemIndex).id,
		venueId: context.getNodeParameter('venue', itemIndex, '', { extractValue: true }) as string,
		showDate: (context.getNodeParameter('showDate', itemIndex, '') as string).trim() || dateIn(DEFAULT_LEAD_DAYS),
		city: textOf(options.city),
		genre: textOf(options.genre),
	};
	const capacity = numberOf(context.getNodeParameter('capacityTickets', itemIndex, 0));
	const price = numberOf(context.getNodeParameter('ticketPrice', itemIndex, 0));
	const currency = (context.getNodeParameter('currency', itemIndex, 'USD') as string).trim().toUpperCase();
	if (capacity > 0) request.capacityTickets = String(Math.round(capacity));
	if (price > 0) request.ticketPrice = { currencyCode: currency, amountMinor: toMinor(price, currency) };
	return request;
}

function simplifyPredict(reply: IDataObject, request: IDataObject): IDataObject[] {
	return [
		{
			artistId: request.artistId ?? null,
			showDate: request.showDate ?? null,
			lowTickets: numberOf(reply.lowTickets),
			likelyTickets: numberOf(reply.likelyTickets),
			highTickets: numberOf(reply.highTickets),
			sellOutProbability: rounded(numberOf(reply.sellOutProbability)),
			capacityTickets: numberOf(reply.capacityTickets),
			basis: plainEnum(reply.basis, 'PREDICTION_BASIS_'),
			demand: objectOf(reply.paidTickets),
		},
	];
}

/* ---- deal optimizer ---- */

function sheetOf(context: IExecuteFunctions, itemIndex: number): Sheet {
	const costs = context.getNodeParameter('costs', itemIndex, {}) as IDataObject;
	return {
		name: artistOf(context.getInputData()[itemIndex].json)?.name || 'show',
		currency: (context.getNodeParameter('currency', itemIndex) as string).trim().toUpperCase(),
		capacityTickets: Math.round(numberOf(context.getNodeParameter('roomCapacity', itemIndex))),
		ticketPrice: numberOf(context.getNodeParameter('ticketPrice', itemIndex)),
		fixedCosts: numberOf(costs.fixedCosts),
		costPerTicket: numberOf(costs.costPerTicket),
		taxPercent: numberOf(costs.taxPercent),
		facilityFee: numberOf(costs.facilityFee),
	};
}

function ownTerms(context: IExecuteFunctions, itemIndex: number): Terms {
	return {
		type: context.getNodeParameter('dealType', itemIndex) as string,
		guarantee: numberOf(context.getNodeParameter('guarantee', itemIndex, 0)),
		sharePercent: numberOf(context.getNodeParameter('sharePercent', itemIndex, 0)),
	};
}

function demandFor(context: IExecuteFunctions, itemIndex: number): IDataObject {
	const figures = namesOf(context.getNodeParameter('demand', itemIndex, '')).map(Number);
	if (figures.length === 3 && figures.every((figure) => figure >= 0)) return demandOf(figures[0], figures[1], figures[2]);
	const carried = figures.length === 0 ? demandIn(context.getInputData()[itemIndex].json) : undefined;
	if (carried) return carried;
	throw refuse(
		context,
		itemIndex,
		'There is no demand to weigh the deal under',
		'Enter low, likely and high tickets, such as "150, 230, 330", or put a NANDA Agent with the audience predictor before this node.',
	);
}

function currencyIn(request: IDataObject): string {
	const show = objectOf(request.show ?? listOf(request.shows)[0]);
	return textOf(objectOf(show.boxOffice).currencyCode) || textOf(objectOf(request.terms).currencyCode);
}

function simplifyOptimize(reply: IDataObject, request: IDataObject): IDataObject[] {
	const currency = currencyIn(request);
	const [recommended, ...alternatives] = optionsOf(reply, currency);
	return [{ recommendation: textOf(reply.recommendation), currency, deal: recommended ?? null, alternatives, warnings: reply.warnings ?? [] }];
}

export const operations: Record<string, Operation> = {
	detectBreakouts: {
		agent: 'trend-analyzer',
		method: 'promoteros.v1.TrendAnalyzerService/DetectBreakouts',
		build: buildDetect,
		addArtist: (request, artistId) => {
			request.entities ??= [artistRef(artistId)];
		},
		simplify: simplifyDetect,
	},
	forecastGrowth: {
		agent: 'trend-analyzer',
		method: 'promoteros.v1.TrendAnalyzerService/ForecastGrowth',
		build: buildForecast,
		addArtist: addEntity,
		simplify: simplifyForecast,
	},
	analyzeTrend: {
		agent: 'trend-analyzer',
		method: 'promoteros.v1.TrendAnalyzerService/AnalyzeTrend',
		build: buildSeries,
		addArtist: addEntity,
		simplify: simplifyAnalyze,
	},
	predictAttendance: {
		agent: 'audience-predictor',
		method: 'promoteros.v1.AudiencePredictorService/PredictAttendance',
		build: buildPredict,
		addArtist: (request, artistId) => {
			request.artistId ??= artistId;
		},
		simplify: simplifyPredict,
	},
	evaluateDeal: {
		agent: 'deal-optimizer',
		method: 'promoteros.v1.DealOptimizerService/EvaluateDeal',
		build: (context, itemIndex) =>
			evaluateRequest(sheetOf(context, itemIndex), demandFor(context, itemIndex), ownTerms(context, itemIndex)),
		simplify: (reply, request) => [
			{ currency: currencyIn(request), ...dealOf(objectOf(reply.evaluation), currencyIn(request)) },
		],
	},
	optimizeDeal: {
		agent: 'deal-optimizer',
		method: 'promoteros.v1.DealOptimizerService/OptimizeDeal',
		build: (context, itemIndex, options) =>
			optimizeRequest(
				sheetOf(context, itemIndex),
				demandFor(context, itemIndex),
				numberOf(context.getNodeParameter('ask', itemIndex, 0)),
				numberOf(options.maxLossPercent ?? 20),
			),
		simplify: simplifyOptimize,
	},
	settleDeal: {
		agent: 'deal-optimizer',
		method: 'promoteros.v1.DealOptimizerService/SettleDeal',
		build: (context, itemIndex) => {
			const sheet = sheetOf(context, itemIndex);
			const soldTickets = Math.round(numberOf(context.getNodeParameter('soldTickets', itemIndex)));
			return settleRequest(sheet, termsOf(ownTerms(context, itemIndex), sheet.currency), soldTickets);
		},
		simplify: (reply, request) => [
			{ currency: currencyIn(request), ...settlementOf(objectOf(reply.settlement), currencyIn(request)) },
		],
	},
};
