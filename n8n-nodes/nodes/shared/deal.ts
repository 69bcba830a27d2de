/**
 * A simple show sheet and the calls of the deal optimizer, shared by Financial Model and NANDA Agent.
 *
 * Amounts are in whole currency units here and in minor units on the wire. The clauses of a contract that are not
 * asked for are stated as their usual reading (see FLAGS), so that nothing is assumed unseen: the README lists them.
 */
import type { IDataObject, IDisplayOptions, INodeProperties } from 'n8n-workflow';
import {
	fromMinor,
	listOf,
	numberOf,
	numbersOf,
	objectOf,
	optionalNumber,
	rounded,
	textOf,
	toMinor,
	toPpm,
} from './values';

export interface Sheet {
	name: string;
	currency: string;
	capacityTickets: number;
	ticketPrice: number;
	fixedCosts: number;
	costPerTicket: number;
	/** Ticket tax inside the price, in percent. */
	taxPercent: number;
	/** Facility fee per ticket, inside the price. */
	facilityFee: number;
}

export interface Terms {
	type: string;
	guarantee: number;
	/** Of net: what is left after fees, tax and costs. */
	sharePercent: number;
}

const FLAGS: IDataObject = {
	taxMode: 'TAX_MODE_DIVISOR',
	facilityFeePlacement: 'FACILITY_FEE_PLACEMENT_INSIDE_PRICE',
	supportTreatment: 'SUPPORT_TREATMENT_IN_DEAL',
	promoterProfitBase: 'PROMOTER_PROFIT_BASE_NONE',
	expenseCapRule: 'EXPENSE_CAP_RULE_NONE',
	roundingRule: 'ROUNDING_RULE_HALF_UP_MINOR_UNIT',
	guaranteePlacement: 'GUARANTEE_PLACEMENT_OUTSIDE_SPLIT',
};

export function showOf(sheet: Sheet, soldTickets?: number): IDataObject {
	const { currency } = sheet;
	const tier: IDataObject = {
		name: 'ticket',
		priceMinor: toMinor(sheet.ticketPrice, currency),
		allotmentTickets: String(sheet.capacityTickets),
	};
	if (soldTickets !== undefined) tier.soldTickets = String(soldTickets);
	const lines: IDataObject[] = [];
	if (sheet.fixedCosts > 0)
		lines.push({
			name: 'fixed costs',
			expenseBase: 'EXPENSE_BASE_FIXED',
			amountMinor: toMinor(sheet.fixedCosts, currency),
		});
	if (sheet.costPerTicket > 0)
		lines.push({
			name: 'costs per ticket',
			expenseBase: 'EXPENSE_BASE_PER_TICKET',
			amountMinor: toMinor(sheet.costPerTicket, currency),
		});
	return {
		name: sheet.name,
		boxOffice: {
			currencyCode: currency,
			taxPpm: toPpm(sheet.taxPercent),
			facilityFeeMinor: toMinor(sheet.facilityFee, currency),
			capacityTickets: String(sheet.capacityTickets),
			tiers: [tier],
		},
		expenses: { currencyCode: currency, lines },
	};
}

export function termsOf(terms: Terms, currency: string): IDataObject {
	const wire: IDataObject = { currencyCode: currency, type: `DEAL_TYPE_${terms.type.toUpperCase()}`, flags: FLAGS };
	if (terms.type !== 'door') wire.guaranteeMinor = toMinor(terms.guarantee, currency);
	if (terms.type !== 'flat') {
		wire.sharePpm = toPpm(terms.sharePercent);
		wire.shareBase = 'SHARE_BASE_NET';
	}
	return wire;
}

export function optimizeRequest(sheet: Sheet, demand: IDataObject, ask: number, maxLossPercent: number): IDataObject {
	const request: IDataObject = {
		show: showOf(sheet),
		demand,
		flags: FLAGS,
		maxLossProbability: maxLossPercent / 100,
	};
	if (ask > 0) request.askMinor = toMinor(ask, sheet.currency);
	return request;
}

export function evaluateRequest(sheet: Sheet, demand: IDataObject, terms: Terms): IDataObject {
	return { show: showOf(sheet), demand, terms: termsOf(terms, sheet.currency) };
}

export function settleRequest(sheet: Sheet, terms: IDataObject, soldTickets: number): IDataObject {
	return { terms, shows: [showOf(sheet, soldTickets)] };
}

/** A demand from three figures; the mean is Swanson's rule (30 %, 40 %, 30 %), as promoterosctl has it. */
export function demandOf(low: number, likely: number, high: number): IDataObject {
	return {
		unit: 'tickets',
		levels: [0.1, 0.5, 0.9],
		values: [low, likely, high],
		mean: 0.3 * low + 0.4 * likely + 0.3 * high,
	};
}

/** The demand that an item carries: a distribution of paid tickets, or low, likely and high; undefined for none. */
export function demandIn(json: IDataObject): IDataObject | undefined {
	for (const place of [json.demand, json.paidTickets, objectOf(json.result).paidTickets]) {
		const distribution = objectOf(place);
		const levels = numbersOf(distribution.levels);
		if (levels.length > 0 && levels.length === numbersOf(distribution.values).length) return distribution;
	}
	const [low, likely, high] = [json.lowTickets, json.likelyTickets, json.highTickets].map(optionalNumber);
	if (low === null || likely === null || high === null) return undefined;
	return demandOf(low, likely, high);
}

/** Whole tickets at a level: linear between the quantiles, the outer ones beyond them, within the room. */
export function ticketsAt(demand: IDataObject, level: number, capacityTickets: number): number {
	const levels = numbersOf(demand.levels);
	const values = numbersOf(demand.values);
	const above = levels.findIndex((one) => one >= level);
	let tickets = values[values.length - 1];
	if (above === 0) tickets = values[0];
	else if (above > 0) {
		const share = (level - levels[above - 1]) / (levels[above] - levels[above - 1]);
		tickets = values[above - 1] + share * (values[above] - values[above - 1]);
	}
	return Math.max(0, Math.min(capacityTickets, Math.round(tickets)));
}

/** One weighed deal in whole currency units. */
export function dealOf(evaluation: IDataObject, currency: string): IDataObject {
	const terms = objectOf(evaluation.terms);
	const promoter = objectOf(evaluation.promoter);
	const breakEven = objectOf(evaluation.internalBreakEven);
	return {
		label: textOf(evaluation.label),
		guarantee: fromMinor(terms.guaranteeMinor, currency),
		sharePercent: numberOf(terms.sharePpm) / 10_000,
		lossProbability: rounded(numberOf(evaluation.lossProbability)),
		expectedTickets: Math.round(numberOf(evaluation.expectedTickets)),
		expectedPromoterResult: fromMinor(promoter.expectedMinor, currency),
		worstPromoterResult: fromMinor(promoter.worstMeanMinor, currency),
		expectedArtistPay: fromMinor(objectOf(evaluation.artist).expectedMinor, currency),
		breakEvenTickets: optionalNumber(breakEven.tickets),
		warnings: (evaluation.warnings as string[] | undefined) ?? [],
	};
}

/** The options of a comparison, the recommended one first. */
export function optionsOf(reply: IDataObject, currency: string): IDataObject[] {
	return listOf(reply.options).map((option) => ({
		...dealOf(objectOf(option.evaluation), currency),
		recommended: option.recommended === true,
		reason: textOf(option.reason),
	}));
}

/** A settlement in whole currency units. */
export function settlementOf(settlement: IDataObject, currency: string): IDataObject {
	const money = (field: string) => fromMinor(settlement[field], currency);
	return {
		soldTickets: numberOf(settlement.soldTickets),
		gross: money('grossMinor'),
		netGross: money('netGrossMinor'),
		costs: money('internalExpensesMinor'),
		artistPay: money('artistMinor'),
		promoterResult: money('promoterMinor'),
		splitPoint: settlement.splitPointMinor === undefined ? null : money('splitPointMinor'),
		backendOpened: settlement.backendOpened === true,
		warnings: (settlement.warnings as string[] | undefined) ?? [],
	};
}

const TERMS_OPTIONS = [
	{ name: 'Door Deal', value: 'door', description: 'A share of net, without a guarantee' },
	{ name: 'Flat', value: 'flat', description: 'The guarantee and nothing else' },
	{ name: 'Plus', value: 'plus', description: 'The guarantee plus a share above the split point' },
	{ name: 'Versus', value: 'versus', description: 'The guarantee or a share of net, whichever is higher' },
];

/** Fields of an own contract. */
export function termsFields(show: IDisplayOptions['show']): INodeProperties[] {
	return [
		{
			displayName: 'Deal Type',
			name: 'dealType',
			type: 'options',
			options: TERMS_OPTIONS,
			default: 'versus',
			description: 'How the artist is paid',
			displayOptions: { show },
		},
		{
			displayName: 'Guarantee',
			name: 'guarantee',
			type: 'number',
			typeOptions: { minValue: 0, numberPrecision: 2 },
			default: 0,
			description: 'What the artist is sure of, in whole currency units',
			displayOptions: { show: { ...show, dealType: ['flat', 'plus', 'versus'] } },
		},
		{
			displayName: 'Artist Share (%)',
			name: 'sharePercent',
			type: 'number',
			typeOptions: { minValue: 0, maxValue: 100, numberPrecision: 2 },
			default: 80,
			description: "The artist's share of net: what is left after fees, tax and costs",
			displayOptions: { show: { ...show, dealType: ['door', 'plus', 'versus'] } },
		},
	];
}

/** Fields of costs, tax and fees, for a collection named `costs`. */
export const COST_FIELDS: INodeProperties[] = [
	{
		displayName: 'Costs per Ticket',
		name: 'costPerTicket',
		type: 'number',
		typeOptions: { minValue: 0, numberPrecision: 2 },
		default: 0,
		description: 'Costs that grow with each sold ticket, such as insurance and card fees',
	},
	{
		displayName: 'Facility Fee per Ticket',
		name: 'facilityFee',
		type: 'number',
		typeOptions: { minValue: 0, numberPrecision: 2 },
		default: 0,
		description: 'Fee inside the ticket price that never reaches the split',
	},
	{
		displayName: 'Fixed Costs',
		name: 'fixedCosts',
		type: 'number',
		typeOptions: { minValue: 0, numberPrecision: 2 },
		default: 0,
		description: 'Costs of the night without the artist, in whole currency units',
	},
	{
		displayName: 'Ticket Tax (%)',
		name: 'taxPercent',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 99, numberPrecision: 4 },
		default: 0,
		description: 'Tax inside the ticket price',
	},
];
