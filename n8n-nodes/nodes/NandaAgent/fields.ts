import type { INodeProperties } from 'n8n-workflow';
import { COST_FIELDS, termsFields } from '../shared/deal';
import { artistField, venueField } from '../shared/fields';

const TREND = 'trend-analyzer';
const AUDIENCE = 'audience-predictor';
const DEAL = 'deal-optimizer';

const GUIDED = [TREND, AUDIENCE, DEAL];

/** Where a field is shown: n8n counts hidden parameters too, so the agent must be named beside the operation. */
function fieldsOf(agents: string[], operations: string[]) {
	return { agent: agents, operation: operations, inputMode: ['fields'] };
}

const operations: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'Analyze Trend',
				value: 'analyzeTrend',
				action: 'Analyze where an artist stands',
				description: 'Says the stage of a career, with the evidence of each series',
			},
			{
				name: 'By Task Text',
				value: 'byTask',
				action: 'Do what the task says',
				description: 'Let the words of the task choose the method',
			},
			{
				name: 'Detect Breakouts',
				value: 'detectBreakouts',
				action: 'Detect artists that may break out',
				description: 'Gives the probability that an artist breaks out, or ranks all artists',
			},
			{
				name: 'Forecast Growth',
				value: 'forecastGrowth',
				action: 'Forecast the growth of an artist',
				description: 'Forecasts followers or streams up to 90 days ahead',
			},
		],
		default: 'detectBreakouts',
		displayOptions: { show: { agent: [TREND] } },
	},
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'By Task Text',
				value: 'byTask',
				action: 'Do what the task says',
				description: 'Let the words of the task choose the method',
			},
			{
				name: 'Predict Attendance',
				value: 'predictAttendance',
				action: 'Predict the attendance of a show',
				description: 'Predicts paid tickets, heads and the chance of a sell-out',
			},
		],
		default: 'predictAttendance',
		displayOptions: { show: { agent: [AUDIENCE] } },
	},
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'By Task Text',
				value: 'byTask',
				action: 'Do what the task says',
				description: 'Let the words of the task choose the method',
			},
			{
				name: 'Evaluate Deal',
				value: 'evaluateDeal',
				action: 'Evaluate one deal',
				description: 'Weighs one deal: expected result, chance of a loss, break-even',
			},
			{
				name: 'Optimize Deal',
				value: 'optimizeDeal',
				action: 'Find the deal to offer',
				description: 'Compares structures and recommends one',
			},
			{
				name: 'Settle Deal',
				value: 'settleDeal',
				action: 'Settle a show',
				description: 'Settles one night to the cent',
			},
		],
		default: 'optimizeDeal',
		displayOptions: { show: { agent: [DEAL] } },
	},
];

const trendFields: INodeProperties[] = [
	{
		displayName: 'Artists',
		name: 'artists',
		type: 'options',
		options: [
			{
				name: 'All in the Store',
				value: 'all',
				description: 'Ranks everybody; one output item per candidate',
			},
			{
				name: 'The One of Each Item',
				value: 'item',
				description: 'Analyzes the artist that the item carries; everybody when it carries none',
			},
		],
		default: 'item',
		description: 'Whom to look at',
		displayOptions: { show: fieldsOf([TREND], ['detectBreakouts']) },
	},
	{
		displayName: 'What Counts as a Breakout',
		name: 'definition',
		type: 'options',
		options: [
			{ name: 'Audience X2', value: 'audience-x2', description: 'All series together reach twice their level within 60 days' },
			{ name: 'Audience X40', value: 'audience-x40', description: 'All series together reach 40 times their level' },
			{ name: 'Audience X5', value: 'audience-x5', description: 'All series together reach five times their level' },
			{ name: 'Posts Go Viral', value: 'posts-viral', description: 'Posts with the music multiply' },
			{ name: 'Songs: Chart Streams X2', value: 'chart-streams-x2' },
			{ name: 'Songs: Chart Top 10', value: 'chart-top-10' },
			{ name: 'Songs: Chart Top 50', value: 'chart-top-50' },
			{ name: 'Songs: First Top 10 of an Artist', value: 'chart-artist-top-10' },
		],
		default: 'audience-x2',
		description: 'The event whose probability is asked for; the output repeats it in words',
		displayOptions: { show: fieldsOf([TREND], ['detectBreakouts']) },
	},
	{
		displayName: 'Candidates',
		name: 'candidateCount',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 1000 },
		default: 20,
		description: 'At most this many when everybody is ranked',
		displayOptions: { show: fieldsOf([TREND], ['detectBreakouts']) },
	},
	artistField(fieldsOf([TREND, AUDIENCE], ['forecastGrowth', 'analyzeTrend', 'predictAttendance'])),
];

const audienceFields: INodeProperties[] = [
	venueField(fieldsOf([AUDIENCE], ['predictAttendance'])),
	{
		displayName: 'Capacity',
		name: 'capacityTickets',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 1000000 },
		default: 0,
		description: 'Tickets that can be sold; 0 means as the venue has it, and is refused without a venue',
		displayOptions: { show: fieldsOf([AUDIENCE], ['predictAttendance']) },
	},
	{
		displayName: 'Show Date',
		name: 'showDate',
		type: 'string',
		default: '',
		placeholder: '2027-01-08',
		description: 'Local date of the show; empty means 60 days from now',
		displayOptions: { show: fieldsOf([AUDIENCE], ['predictAttendance']) },
	},
];

const dealShow = fieldsOf([DEAL], ['evaluateDeal', 'optimizeDeal', 'settleDeal']);
const dealFields: INodeProperties[] = [
	{
		displayName: 'Room Capacity',
		name: 'roomCapacity',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 1000000 },
		default: 500,
		description: 'Tickets that can be sold',
		displayOptions: { show: dealShow },
	},
	{
		displayName: 'Sold Tickets',
		name: 'soldTickets',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 0,
		description: 'Paid tickets of the night',
		displayOptions: { show: fieldsOf([DEAL], ['settleDeal']) },
	},
	{
		displayName: 'Demand',
		name: 'demand',
		type: 'string',
		default: '',
		placeholder: '150, 230, 330',
		description: 'Low, likely and high paid tickets; empty means the prediction that the item carries',
		displayOptions: { show: fieldsOf([DEAL], ['evaluateDeal', 'optimizeDeal']) },
	},
	{
		displayName: "Artist's Ask",
		name: 'ask',
		type: 'number',
		typeOptions: { minValue: 0, numberPrecision: 2 },
		default: 0,
		description: 'Guarantee that the agent asks for, in whole currency units; 0 means that there is no ask yet',
		displayOptions: { show: fieldsOf([DEAL], ['optimizeDeal']) },
	},
	...termsFields(fieldsOf([DEAL], ['evaluateDeal', 'settleDeal'])),
	{
		displayName: 'Costs',
		name: 'costs',
		type: 'collection',
		placeholder: 'Add Cost',
		default: {},
		description: 'Costs, tax and fees of the night; what is left out counts as zero',
		options: COST_FIELDS,
		displayOptions: { show: dealShow },
	},
];

const inputJson: INodeProperties = {
	displayName: 'Input JSON',
	name: 'inputJson',
	type: 'json',
	default: '{}',
	description: 'Request of the method as ProtoJSON; the artist of the item is added where the method takes one and the JSON names none',
};

export const fields: INodeProperties[] = [
	{
		displayName: 'Agent',
		name: 'agent',
		type: 'resourceLocator',
		default: { mode: 'list', value: TREND, cachedResultName: 'Trend analyzer' },
		required: true,
		description: 'Who is asked; the list comes from promoterosd',
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder: 'Select an agent...',
				typeOptions: { searchListMethod: 'searchAgents', searchable: true },
			},
			{
				displayName: 'By ID',
				name: 'id',
				type: 'string',
				placeholder: TREND,
				validation: [
					{
						type: 'regex',
						properties: { regex: '^[a-z0-9][a-z0-9-]*$', errorMessage: 'Lower-case letters, digits and "-"' },
					},
				],
			},
		],
	},
	...operations,
	{
		displayName: 'Task',
		name: 'task',
		type: 'string',
		default: '',
		placeholder: 'find artists that go viral',
		description: 'Name of a method, such as DetectBreakouts, or words that choose one; agents take figures, not prose, so only the method is read from it',
		displayOptions: { show: { agent: GUIDED, operation: ['byTask'] } },
	},
	{
		displayName: 'Task',
		name: 'task',
		type: 'string',
		default: '',
		placeholder: 'DetectBreakouts',
		description: 'Name of a method of this agent, or words that choose one',
		displayOptions: { hide: { agent: GUIDED } },
	},
	{
		displayName: 'Input',
		name: 'inputMode',
		type: 'options',
		options: [
			{ name: 'Fields Below', value: 'fields' },
			{ name: 'JSON', value: 'json', description: 'The whole request as ProtoJSON, for everything that has no field' },
		],
		default: 'fields',
		description: 'How the request is given; for tasks and other agents it is always JSON',
		displayOptions: { show: { agent: GUIDED }, hide: { operation: ['byTask'] } },
	},
	{
		...inputJson,
		displayOptions: { show: { agent: GUIDED, inputMode: ['json'] }, hide: { operation: ['byTask'] } },
	},
	{ ...inputJson, displayOptions: { show: { agent: GUIDED, operation: ['byTask'] } } },
	{ ...inputJson, displayOptions: { hide: { agent: GUIDED } } },
	...trendFields,
	...audienceFields,
	{
		displayName: 'Ticket Price',
		name: 'ticketPrice',
		type: 'number',
		typeOptions: { minValue: 0, numberPrecision: 2 },
		default: 0,
		description: 'Face price of a usual ticket in whole currency units; 0 means not known, which only a prediction accepts',
		displayOptions: { show: fieldsOf([AUDIENCE, DEAL], ['predictAttendance', 'evaluateDeal', 'optimizeDeal', 'settleDeal']) },
	},
	{
		displayName: 'Currency',
		name: 'currency',
		type: 'string',
		default: 'USD',
		description: 'ISO 4217 code, such as USD or EUR',
		displayOptions: { show: fieldsOf([AUDIENCE, DEAL], ['predictAttendance', 'evaluateDeal', 'optimizeDeal', 'settleDeal']) },
	},
	...dealFields,
	{
		displayName: 'Confidence',
		name: 'confidence',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 1, numberPrecision: 2 },
		default: 0,
		description: 'Answers below this, from 0 to 1, are marked as not confident or left out; the reasoning says what the confidence rests on',
	},
	{
		displayName: 'Simplify',
		name: 'simplify',
		type: 'boolean',
		default: true,
		description: 'Whether to return a simplified version of the response instead of the raw data',
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			{
				displayName: 'As of Time',
				name: 'asOfTime',
				type: 'dateTime',
				default: '',
				description: 'Answer from what was known at this moment; empty means now',
			},
			{
				displayName: 'Below the Confidence',
				name: 'belowConfidence',
				type: 'options',
				options: [
					{ name: 'Leave Out', value: 'drop' },
					{ name: 'Mark', value: 'mark', description: 'Sets the field "confident" to false' },
				],
				default: 'mark',
				description: 'What becomes of an answer below the confidence',
			},
			{
				displayName: 'City',
				name: 'city',
				type: 'string',
				default: '',
				description: 'For attendance in a room that is not in the catalog: its market',
			},
			{
				displayName: 'Genre',
				name: 'genre',
				type: 'string',
				default: '',
				description: "For attendance: empty means the artist's main one",
			},
			{
				displayName: 'Highest Chance of a Loss (%)',
				name: 'maxLossPercent',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 99, numberPrecision: 1 },
				default: 20,
				description: 'What a recommended deal may risk',
			},
			{
				displayName: 'Horizon (Days)',
				name: 'horizonDays',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 90 },
				default: 60,
				description: 'How far ahead breakouts and forecasts look',
			},
			{
				displayName: 'Include Trace',
				name: 'includeTrace',
				type: 'boolean',
				default: false,
				description: 'Whether to put the whole trace under "reasoning"',
			},
			{
				displayName: 'Metrics',
				name: 'metrics',
				type: 'string',
				default: '',
				placeholder: 'followers, streams',
				description: 'Only series of these metrics; a forecast takes one',
			},
			{
				displayName: 'Sources',
				name: 'sources',
				type: 'string',
				default: '',
				placeholder: 'tiktok, spotify',
				description: 'Only series of these sources; a forecast takes one',
			},
			{
				displayName: 'Target Multiple',
				name: 'targetMultiple',
				type: 'number',
				typeOptions: { minValue: 1.1, maxValue: 100, numberPrecision: 2 },
				default: 2,
				description: 'For an audience definition: the multiple to reach instead of its own',
			},
			{
				displayName: 'Timeout (Seconds)',
				name: 'timeoutSeconds',
				type: 'number',
				typeOptions: { minValue: 1 },
				default: 60,
				description: 'How long promoterosd may take for one call',
			},
		],
	},
];
