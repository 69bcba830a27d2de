/** Which method of an agent a task means: by its name, else by the words that both have in common. */
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { refuse } from '../shared/items';
import { call } from '../shared/transport';
import type { CallOptions } from '../shared/transport';
import { listOf, textOf } from '../shared/values';

/** Words of venue people that the summaries of the methods do not have. */
const SYNONYMS: Record<string, string> = {
	DetectBreakouts: 'viral virality rising trending discover scout detection potential early',
	ForecastGrowth: 'future growing predict prediction next',
	AnalyzeTrend: 'stage career trajectory momentum trends analysis status',
	PredictAttendance: 'audience demand draw crowd turnout people',
	EvaluateDeal: 'evaluation risk check safe',
	OptimizeDeal: 'offer negotiate best guarantee optimal',
	SettleDeal: 'settlement payout night walkout',
};
const STEM_LENGTH = 5;

function stems(text: string): Set<string> {
	const words = text.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
	return new Set(words.filter((word) => word.length > 3).map((word) => word.slice(0, STEM_LENGTH)));
}

function compact(text: string): string {
	return text.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** Undefined when no method, or more than one, fits best. */
export function methodFor(task: string, methods: IDataObject[]): string | undefined {
	const names = methods.map((method) => textOf(method.name));
	const exact = names.find((name) => compact(name) === compact(task));
	if (exact !== undefined || names.length === 1) return exact ?? names[0];
	const wanted = stems(task);
	const scores = methods.map((method, i) => {
		const known = stems(`${names[i]} ${textOf(method.summary)} ${SYNONYMS[names[i]] ?? ''}`);
		return [...wanted].filter((stem) => known.has(stem)).length;
	});
	const best = Math.max(0, ...scores);
	const winners = names.filter((_, i) => scores[i] === best);
	return best > 0 && winners.length === 1 ? winners[0] : undefined;
}

/** Full name of the method, for example "promoteros.v1.TrendAnalyzerService/DetectBreakouts". */
export async function methodOfTask(context: IExecuteFunctions, agentName: string, task: string, timing: CallOptions): Promise<string> {
	const itemIndex = timing.itemIndex ?? 0;
	const { agents } = await call(context, 'promoteros.v1.AgentService/ListAgents', { includeBuiltin: true }, timing);
	const agent = listOf(agents).find((one) => one.name === agentName);
	if (!agent)
		throw refuse(
			context,
			itemIndex,
			`promoterosd has no agent "${agentName}"`,
			`It has: ${listOf(agents).filter((one) => one.builtin !== true).map((one) => textOf(one.name)).join(', ')}.`,
		);
	const methods = listOf(agent.methods).filter((method) => method.serverStreaming !== true);
	const method = methodFor(task, methods);
	if (method === undefined)
		throw refuse(
			context,
			itemIndex,
			`The task "${task}" does not say which method of ${agentName} is meant`,
			`Name one of: ${methods.map((one) => textOf(one.name)).join(', ')}.`,
		);
	return `${textOf(agent.service)}/${method}`;
}
