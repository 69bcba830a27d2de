/** One show: demand, deal, and the settlement of each scenario. */
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import {
	dealOf,
	demandIn,
	demandOf,
	evaluateRequest,
	optimizeRequest,
	optionsOf,
	settleRequest,
	settlementOf,
	ticketsAt,
} from '../shared/deal';
import type { Sheet, Terms } from '../shared/deal';
import { neededArtist } from '../shared/fields';
import { refuse } from '../shared/items';
import { reasoningOf } from '../shared/reasoning';
import { call } from '../shared/transport';
import type { CallOptions } from '../shared/transport';
import { artistOf, dateIn, listOf, numberOf, objectOf, rounded, textOf, toMinor } from '../shared/values';

const LEVELS: Record<string, number> = { conservative: 0.1, expected: 0.5, optimistic: 0.9 };
const DEFAULT_LEAD_DAYS = 60;

interface Demand {
	artistId: string;
	artistName: string;
	showDate: string;
	distribution: IDataObject;
	/** Of the prediction; empty for figures of the user's own. */
	traceId: string;
}

interface Deal {
	/** The terms as they were weighed, for the settlements. */
	terms: IDataObject;
	figures: IDataObject;
	recommendation: string;
	alternatives: IDataObject[];
	reply: IDataObject;
}

export async function model(context: IExecuteFunctions, itemIndex: number): Promise<IDataObject> {
	const options = context.getNodeParameter('options', itemIndex, {}) as IDataObject;
	const timing = { itemIndex, timeoutMs: numberOf(options.timeoutSeconds ?? 60) * 1000 };
	const sheet = sheetOf(context, itemIndex);
	const demand = await demandFor(context, sheet, options, timing);
	sheet.name = demand.artistName || 'show';
	const deal = await dealFor(context, sheet, demand.distribution, options, timing);
	const traceIds = { attendance: demand.traceId, deal: textOf(deal.reply.traceId) };
	return {
		artistId: demand.artistId,
		artistName: demand.artistName,
		showDate: demand.showDate,
		currency: sheet.currency,
		venueCapacity: sheet.capacityTickets,
		ticketPrice: sheet.ticketPrice,
		recommendation: deal.recommendation,
		deal: deal.figures,
		alternatives: deal.alternatives,
		scenarios: await scenariosOf(context, sheet, demand.distribution, deal, traceIds, timing),
		demand: demand.distribution,
		reasoning: await reasoningOf(context, deal.reply, options.includeTrace === true, timing),
		traceIds,
	};
}

function sheetOf(context: IExecuteFunctions, itemIndex: number): Sheet {
	const number = (name: string) => Number(context.getNodeParameter(name, itemIndex));
	const costs = context.getNodeParameter('costs', itemIndex, {}) as IDataObject;
	const currency = (context.getNodeParameter('currency', itemIndex) as string).trim().toUpperCase();
	const sheet: Sheet = {
		name: 'show',
		currency,
		capacityTickets: Math.round(number('venueCapacity')),
		ticketPrice: number('ticketPrice'),
		fixedCosts: numberOf(costs.fixedCosts),
		costPerTicket: numberOf(costs.costPerTicket),
		taxPercent: numberOf(costs.taxPercent),
		facilityFee: numberOf(costs.facilityFee),
	};
	if (!(sheet.capacityTickets >= 1))
		throw refuse(context, itemIndex, 'The venue capacity is not a number of tickets', 'Enter 1 or more, or correct the expression.');
	if (!(sheet.ticketPrice >= 0))
		throw refuse(context, itemIndex, 'The ticket price is not an amount', 'Enter 0 or more, or correct the expression.');
	return sheet;
}

async function demandFor(
	context: IExecuteFunctions,
	sheet: Sheet,
	options: IDataObject,
	timing: CallOptions,
): Promise<Demand> {
	const itemIndex = timing.itemIndex ?? 0;
	const source = context.getNodeParameter('demandSource', itemIndex) as string;
	const { json } = context.getInputData()[itemIndex];
	const carried = artistOf(json);
	const base = { artistId: carried?.id ?? '', artistName: carried?.name ?? '', showDate: textOf(json.showDate), traceId: '' };
	if (source === 'predict') return await predicted(context, sheet, options, timing);
	if (source === 'item') {
		const distribution = demandIn(json);
		if (distribution)
			return { ...base, distribution, traceId: textOf(objectOf(json.reasoning).traceId) };
		throw refuse(
			context,
			itemIndex,
			'The input item carries no demand',
			'Put a NANDA Agent with the audience predictor before this node, or set Demand to "Predicted for an Artist".',
		);
	}
	const [low, likely, high] = ['lowTickets', 'likelyTickets', 'highTickets'].map((name) =>
		Number(context.getNodeParameter(name, itemIndex)),
	);
	if (!(low >= 0 && low <= likely && likely <= high))
		throw refuse(context, itemIndex, 'The demand figures are not in order', 'Low must not exceed likely, and likely not high.');
	return { ...base, distribution: demandOf(low, likely, high) };
}

async function predicted(
	context: IExecuteFunctions,
	sheet: Sheet,
	options: IDataObject,
	timing: CallOptions,
): Promise<Demand> {
	const itemIndex = timing.itemIndex ?? 0;
	const artist = neededArtist(context, itemIndex);
	const showDate = (context.getNodeParameter('showDate', itemIndex, '') as string).trim() || dateIn(DEFAULT_LEAD_DAYS);
	const venueId = textOf(objectOf(options.venue).value ?? options.venue);
	const reply = await call(
		context,
		'promoteros.v1.AudiencePredictorService/PredictAttendance',
		{
			artistId: artist.id,
			venueId,
			capacityTickets: String(sheet.capacityTickets),
			city: textOf(options.city),
			showDate,
			ticketPrice: { currencyCode: sheet.currency, amountMinor: toMinor(sheet.ticketPrice, sheet.currency) },
		},
		timing,
	);
	return {
		artistId: artist.id,
		artistName: artist.name,
		showDate,
		distribution: objectOf(reply.paidTickets),
		traceId: textOf(reply.traceId),
	};
}

async function dealFor(
	context: IExecuteFunctions,
	sheet: Sheet,
	demand: IDataObject,
	options: IDataObject,
	timing: CallOptions,
): Promise<Deal> {
	const itemIndex = timing.itemIndex ?? 0;
	const service = 'promoteros.v1.DealOptimizerService';
	if (context.getNodeParameter('dealSource', itemIndex) === 'optimize') {
		const ask = numberOf(context.getNodeParameter('ask', itemIndex, 0));
		const request = optimizeRequest(sheet, demand, ask, numberOf(options.maxLossPercent ?? 20));
		const reply = await call(context, `${service}/OptimizeDeal`, request, timing);
		const [chosen, ...others] = optionsOf(reply, sheet.currency);
		return {
			terms: objectOf(objectOf(listOf(reply.options)[0]?.evaluation).terms),
			figures: chosen ?? {},
			recommendation: textOf(reply.recommendation),
			alternatives: others,
			reply,
		};
	}
	const terms: Terms = {
		type: context.getNodeParameter('dealType', itemIndex) as string,
		guarantee: numberOf(context.getNodeParameter('guarantee', itemIndex, 0)),
		sharePercent: numberOf(context.getNodeParameter('sharePercent', itemIndex, 0)),
	};
	const reply = await call(context, `${service}/EvaluateDeal`, evaluateRequest(sheet, demand, terms), timing);
	const evaluation = objectOf(reply.evaluation);
	const figures = dealOf(evaluation, sheet.currency);
	return { terms: objectOf(evaluation.terms), figures, recommendation: verdictOf(figures, options), alternatives: [], reply };
}

/** On terms of the user's own nothing is recommended but to sign or to talk again. */
function verdictOf(figures: IDataObject, options: IDataObject): string {
	const limit = numberOf(options.maxLossPercent ?? 20);
	const loss = Math.round(numberOf(figures.lossProbability) * 100);
	return loss <= limit
		? `Within the limit: ${loss} % chance of a loss, ${limit} % are allowed.`
		: `Above the limit: ${loss} % chance of a loss, ${limit} % are allowed; ask for a lower guarantee or share.`;
}

async function scenariosOf(
	context: IExecuteFunctions,
	sheet: Sheet,
	demand: IDataObject,
	deal: Deal,
	traceIds: IDataObject,
	timing: CallOptions,
): Promise<IDataObject[]> {
	const names = context.getNodeParameter('scenarios', timing.itemIndex ?? 0, []) as string[];
	const scenarios: IDataObject[] = [];
	for (const name of Object.keys(LEVELS).filter((one) => names.includes(one))) {
		const tickets = ticketsAt(demand, LEVELS[name], sheet.capacityTickets);
		const method = 'promoteros.v1.DealOptimizerService/SettleDeal';
		const reply = await call(context, method, settleRequest(sheet, deal.terms, tickets), timing);
		const settled = settlementOf(objectOf(reply.settlement), sheet.currency);
		scenarios.push({
			name,
			quantile: LEVELS[name],
			tickets,
			sellThrough: rounded(tickets / sheet.capacityTickets),
			gross: settled.gross,
			costs: settled.costs,
			artistPay: settled.artistPay,
			promoterResult: settled.promoterResult,
			lossProbability: deal.figures.lossProbability,
			recommendation: numberOf(settled.promoterResult) < 0 ? 'loses money' : 'pays',
			traceIds: { ...traceIds, settlement: textOf(reply.traceId) },
		});
	}
	return scenarios;
}
