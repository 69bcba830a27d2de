/** Asks an agent for one item, and shapes the answer. */
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { refuse } from '../shared/items';
import { reasoningOf } from '../shared/reasoning';
import { call, isObject } from '../shared/transport';
import type { CallOptions } from '../shared/transport';
import { artistOf, numberOf, objectOf, optionalNumber, textOf } from '../shared/values';
import { operations } from './operations';
import type { Operation } from './operations';
import { methodOfTask } from './task';

interface Question {
	agent: string;
	method: string;
	request: IDataObject;
	operation?: Operation;
}

export async function ask(context: IExecuteFunctions, itemIndex: number): Promise<IDataObject[]> {
	const options = context.getNodeParameter('options', itemIndex, {}) as IDataObject;
	const timing: CallOptions = { itemIndex, timeoutMs: numberOf(options.timeoutSeconds ?? 60) * 1000 };
	const question = await questionOf(context, options, timing);
	const asOf = textOf(options.asOfTime);
	if (asOf !== '') question.request.asOfTime ??= new Date(asOf).toISOString();
	const reply = await call(context, question.method, question.request, timing);
	const answers = await answersOf(context, question, reply, options, timing);
	const needed = numberOf(context.getNodeParameter('confidence', itemIndex, 0));
	const marked = answers.map((answer) => {
		const confidence = optionalNumber(objectOf(answer.reasoning).confidence);
		return { ...answer, confident: needed <= 0 || (confidence !== null && confidence >= needed) };
	});
	return options.belowConfidence === 'drop' ? marked.filter((answer) => answer.confident) : marked;
}

async function questionOf(context: IExecuteFunctions, options: IDataObject, timing: CallOptions): Promise<Question> {
	const itemIndex = timing.itemIndex ?? 0;
	const agent = context.getNodeParameter('agent', itemIndex, '', { extractValue: true }) as string;
	const chosen = context.getNodeParameter('operation', itemIndex, 'byTask') as string;
	const known = operations[chosen];
	if (known && known.agent === agent) {
		const byFields = context.getNodeParameter('inputMode', itemIndex, 'fields') === 'fields';
		const request = byFields ? known.build(context, itemIndex, options) : jsonRequest(context, itemIndex, known);
		return { agent, method: known.method, request, operation: known };
	}
	const task = (context.getNodeParameter('task', itemIndex, '') as string).trim();
	const method = await methodOfTask(context, agent, task, timing);
	const operation = Object.values(operations).find((one) => one.method === method);
	return { agent, method, request: jsonRequest(context, itemIndex, operation), operation };
}

function jsonRequest(context: IExecuteFunctions, itemIndex: number, operation: Operation | undefined): IDataObject {
	const given = context.getNodeParameter('inputJson', itemIndex, '{}');
	let parsed: unknown = given;
	if (typeof given === 'string') {
		try {
			parsed = JSON.parse(given.trim() === '' ? '{}' : given);
		} catch {
			parsed = undefined;
		}
	}
	if (!isObject(parsed))
		throw refuse(context, itemIndex, 'The input is not a JSON object', 'Correct the JSON: it begins with "{" and its names are in double quotes.');
	const request = { ...parsed };
	const artist = artistOf(context.getInputData()[itemIndex].json);
	if (artist) operation?.addArtist?.(request, artist.id);
	return request;
}

async function answersOf(
	context: IExecuteFunctions,
	question: Question,
	reply: IDataObject,
	options: IDataObject,
	timing: CallOptions,
): Promise<IDataObject[]> {
	const { agent, method, request, operation } = question;
	const withTrace = options.includeTrace === true;
	const about = { agent, method: method.slice(method.indexOf('/') + 1) };
	const simplify = context.getNodeParameter('simplify', timing.itemIndex ?? 0, true) === true;
	if (!simplify || !operation) {
		const { trace, ...rest } = reply;
		const reasoning = await reasoningOf(context, { trace, traceId: reply.traceId }, withTrace || !simplify, timing);
		const first = operation?.simplify(reply, request)[0] ?? {};
		const viral = 'viralProbability' in first ? { viralProbability: first.viralProbability } : {};
		return [{ ...about, ...viral, result: rest, reasoning }];
	}
	const carried = artistOf(context.getInputData()[timing.itemIndex ?? 0].json);
	const answers: IDataObject[] = [];
	for (const [i, answer] of operation.simplify(reply, request).entries()) {
		if (carried && answer.artistId === carried.id) answer.artistName ??= carried.name || null;
		answers.push({ ...about, ...answer, reasoning: await reasoningOf(context, reply, withTrace, timing, i) });
	}
	return answers;
}
