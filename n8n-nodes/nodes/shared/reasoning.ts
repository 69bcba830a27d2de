/**
 * The reasoning behind an answer, as small as a person or an AI model wants to read it.
 *
 * Confidence is read from the trace and never made up: exact arithmetic is 1, a probability p is the chance
 * that the likelier call is right, an interval counts with the level that it is meant to hold. Else null.
 */
import type { IDataObject } from 'n8n-workflow';
import { call } from './transport';
import type { CallOptions, Context } from './transport';
import { listOf, numberOf, objectOf, optionalNumber, plainEnum, rounded, textOf } from './values';

const FACTORS_MAX = 8;

/** The trace that came with the reply, or that the daemon kept. */
async function traceOf(context: Context, reply: IDataObject, options: CallOptions): Promise<IDataObject> {
	const carried = objectOf(reply.trace);
	if (Object.keys(carried).length > 0) return carried;
	const traceId = textOf(reply.traceId);
	if (traceId === '') return {};
	const kept = await call(context, 'promoteros.v1.TraceService/GetTrace', { traceId }, options);
	return objectOf(kept.trace);
}

function confidenceOf(conclusion: IDataObject): { confidence: number | null; basis: string } {
	const kind = plainEnum(conclusion.confidenceKind, 'CONFIDENCE_KIND_');
	const value = optionalNumber(conclusion.value) ?? 0;
	const level = optionalNumber(conclusion.intervalLevel);
	if (kind === 'exact') return { confidence: 1, basis: 'exact arithmetic, given the inputs' };
	if (textOf(conclusion.unit).startsWith('probability'))
		return {
			confidence: rounded(Math.max(value, 1 - value)),
			basis: `chance that the likelier outcome comes true (${kind})`,
		};
	if (level !== null)
		return { confidence: rounded(level), basis: `share of cases that the interval is meant to hold (${kind})` };
	return { confidence: null, basis: 'the agent states none' };
}

function factorsOf(conclusion: IDataObject): IDataObject[] {
	return listOf(conclusion.contributions)
		.map((one) => ({ text: textOf(one.text), amount: rounded(numberOf(one.amount)) }))
		.filter((one) => one.text !== '' && one.amount !== 0)
		.sort((a, b) => Math.abs(b.amount) - Math.abs(a.amount))
		.slice(0, FACTORS_MAX);
}

/** {summary, confidence, confidenceBasis, factors, limits, traceId}, and the whole trace when it is asked for. */
export async function reasoningOf(
	context: Context,
	reply: IDataObject,
	withTrace: boolean,
	options: CallOptions = {},
	conclusionIndex = 0,
): Promise<IDataObject> {
	const trace = await traceOf(context, reply, options);
	const conclusion = listOf(trace.conclusions)[conclusionIndex] ?? {};
	const { confidence, basis } = confidenceOf(conclusion);
	return {
		summary: textOf(trace.summary),
		confidence,
		confidenceBasis: basis,
		factors: factorsOf(conclusion),
		limits: (trace.limits as string[] | undefined) ?? [],
		traceId: textOf(reply.traceId),
		...(withTrace ? { trace } : {}),
	};
}
