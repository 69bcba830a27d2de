import { createHash, randomUUID } from 'node:crypto';
import { NodeConnectionTypes } from 'n8n-workflow';
import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { forEachItem, refuse } from '../shared/items';
import { call } from '../shared/transport';
import { artistOf, objectOf, plainEnum } from '../shared/values';
import { fields } from './fields';

const BODY_BYTES_MAX = 8192;

/** The text of a message: alone, or with data as JSON. */
function bodyOf(context: IExecuteFunctions, itemIndex: number): string {
	const message = context.getNodeParameter('message', itemIndex, '') as string;
	const payload = context.getNodeParameter('payload', itemIndex, 'none') as string;
	if (payload === 'none') return message;
	const data = payload === 'item' ? context.getInputData()[itemIndex].json : context.getNodeParameter('payloadJson', itemIndex);
	let parsed: unknown = data;
	if (typeof data === 'string') {
		try {
			parsed = JSON.parse(data);
		} catch {
			throw refuse(context, itemIndex, 'The payload is not valid JSON', 'Correct the JSON, or set Payload to "The Input Item".');
		}
	}
	return JSON.stringify({ message, data: parsed });
}

/** The same for a repeated attempt at the same item, so that a retry publishes nothing twice. */
function requestIdOf(context: IExecuteFunctions, itemIndex: number, content: IDataObject): string {
	const executionId = context.getExecutionId();
	if (!executionId) return randomUUID();
	const run = String(context.evaluateExpression('{{ $runIndex }}', itemIndex) ?? 0);
	const place = [context.getInstanceId(), context.getWorkflow().id, executionId, context.getNode().id, run, itemIndex];
	return createHash('sha256')
		.update(JSON.stringify([place, content]))
		.digest('hex');
}

async function publish(context: IExecuteFunctions, itemIndex: number): Promise<IDataObject> {
	const text = (name: string) => (context.getNodeParameter(name, itemIndex, '') as string).trim();
	const artist = artistOf(context.getInputData()[itemIndex].json);
	const content: IDataObject = {
		channel: text('channel'),
		priority: `MESSAGE_PRIORITY_${text('priority').toUpperCase()}`,
		title: text('title'),
		body: bodyOf(context, itemIndex),
		subject: text('subject') || (artist ? `artist/${artist.id}` : ''),
	};
	const bytes = Buffer.byteLength(content.body as string);
	if (bytes > BODY_BYTES_MAX)
		throw refuse(
			context,
			itemIndex,
			`The message has ${bytes} bytes; ${BODY_BYTES_MAX} are allowed`,
			'Send a summary: set Payload to "None" or "JSON" with the few fields that matter.',
		);
	const requestId = requestIdOf(context, itemIndex, content);
	const reply = await call(
		context,
		'promoteros.v1.EventService/PublishEvent',
		{ requestId, ...content },
		{ itemIndex },
	);
	const event = objectOf(reply.event);
	const message = objectOf(event.message);
	return {
		published: true,
		channel: message.channel ?? content.channel,
		priority: plainEnum(message.priority ?? content.priority, 'MESSAGE_PRIORITY_'),
		title: content.title,
		subject: content.subject,
		time: event.time ?? null,
		requestId,
	};
}

export class MissionControl implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Mission Control',
		name: 'missionControl',
		icon: { light: 'file:missionControl.svg', dark: 'file:missionControl.dark.svg' },
		group: ['output'],
		version: [1],
		subtitle: '={{ $parameter["channel"] + " (" + $parameter["priority"] + ")" }}',
		description: 'Publishes a message on a channel of PromoterOS, for everyone who follows it live',
		defaults: { name: 'Mission Control' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'promoterOsApi', required: true }],
		properties: fields,
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await forEachItem(this, async (itemIndex) => [await publish(this, itemIndex)]);
	}
}
