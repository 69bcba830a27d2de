/**
 * The only file that speaks HTTP: the Connect protocol's unary JSON over n8n's own request helper.
 *
 * Throws NodeApiError with what happened and how to go on; never the words of a lower layer alone.
 */
import { NodeApiError } from 'n8n-workflow';
import type {
	IDataObject,
	IExecuteFunctions,
	IHttpRequestMethods,
	ILoadOptionsFunctions,
	JsonObject,
} from 'n8n-workflow';

export type Context = IExecuteFunctions | ILoadOptionsFunctions;

export interface CallOptions {
	/** The input item that the call is for. */
	itemIndex?: number;
	/** How long the daemon may take. */
	timeoutMs?: number;
}

interface Answer {
	statusCode: number;
	body: unknown;
}

const DEFAULT_TIMEOUT_MS = 60_000;
/** What the daemon's own deadline leaves for the way back. */
const GRACE_MS = 5_000;

/** How to go on, by the code of the Connect protocol. */
const ADVICE: Record<string, string> = {
	unauthenticated: 'Check the API key in the PromoterOS credential.',
	permission_denied: 'The API key is known but may not do this. Use a key with the needed rights.',
	not_found: 'Check the ID: choose from the list, or read it from the output of an earlier node.',
	invalid_argument: 'Correct the named field in this node, or the expression that fills it.',
	failed_precondition: 'Do first what the message names, then run this node again.',
	resource_exhausted: 'Switch on Retry On Fail in the settings of this node, or send fewer items at once.',
	unavailable: 'promoterosd is starting, stopping or busy. Run the workflow again in a moment.',
	deadline_exceeded: 'Raise the timeout in the options of this node, or ask for less at once.',
	unimplemented: 'This promoterosd does not know the method. Update promoterosd or this package.',
	internal: 'Look into the log of promoterosd; the trace in Mission Control shows the last step.',
};

/** Calls a unary method, for example "promoteros.v1.AgentService/ListAgents", and returns its reply. */
export async function call(
	context: Context,
	method: string,
	request: IDataObject,
	options: CallOptions = {},
): Promise<IDataObject> {
	const { baseUrl } = await context.getCredentials<{ baseUrl: string }>('promoterOsApi');
	const base = baseUrl.trim().replace(/\/+$/, '');
	const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
	const answer = await send(context, `${base}/${method}`, base, request, timeoutMs, options.itemIndex);
	const body = isObject(answer.body) ? answer.body : undefined;
	if (answer.statusCode >= 200 && answer.statusCode < 300 && body) return body;
	throw refusal(context, answer, body, base, options.itemIndex);
}

async function send(
	context: Context,
	url: string,
	base: string,
	request: IDataObject,
	timeoutMs: number,
	itemIndex?: number,
): Promise<Answer> {
	const method: IHttpRequestMethods = 'POST';
	try {
		return (await context.helpers.httpRequestWithAuthentication.call(context, 'promoterOsApi', {
			method,
			url,
			body: JSON.stringify(request), // n8n would leave out an object without members
			json: true,
			headers: {
				'Content-Type': 'application/json',
				'Connect-Protocol-Version': '1',
				'Connect-Timeout-Ms': String(timeoutMs),
			},
			timeout: timeoutMs + GRACE_MS,
			ignoreHttpStatusErrors: true,
			returnFullResponse: true,
			abortSignal:
				'getExecutionCancelSignal' in context ? context.getExecutionCancelSignal() : undefined,
		})) as Answer;
	} catch (error) {
		const reason = reasonOf(error);
		const timedOut = /ECONNABORTED|ETIMEDOUT|timeout/i.test(reason);
		throw new NodeApiError(context.getNode(), { message: reason } as JsonObject, {
			message: timedOut
				? `PromoterOS at ${base} took longer than ${Math.round(timeoutMs / 1000)} seconds`
				: `PromoterOS does not answer at ${base}`,
			description: timedOut
				? ADVICE.deadline_exceeded
				: `Start promoterosd, or correct the base URL in the PromoterOS credential. In a container, 127.0.0.1 is the container itself. (${reason})`,
			itemIndex,
		});
	}
}

function refusal(
	context: Context,
	answer: Answer,
	body: IDataObject | undefined,
	base: string,
	itemIndex?: number,
): NodeApiError {
	const code = typeof body?.code === 'string' ? body.code : undefined;
	const response: JsonObject = { statusCode: answer.statusCode, code: code ?? '' };
	const httpCode = String(answer.statusCode);
	if (code === undefined)
		return new NodeApiError(context.getNode(), response, {
			message: `${base} answered with status ${httpCode}, but not as PromoterOS does`,
			description:
				'Check the base URL in the PromoterOS credential: it must be the web door of promoterosd, without a path.',
			httpCode,
			itemIndex,
		});
	const sentence = typeof body?.message === 'string' && body.message !== '' ? body.message : code;
	return new NodeApiError(context.getNode(), response, {
		message: sentence,
		description: `${ADVICE[code] ?? 'Look into the log of promoterosd.'} (${code})`,
		httpCode,
		itemIndex,
	});
}

/** The shortest name of what went wrong below HTTP, for example "ECONNREFUSED". */
function reasonOf(error: unknown): string {
	if (!isObject(error)) return String(error);
	const cause = isObject(error.cause) ? error.cause : {};
	for (const candidate of [error.code, cause.code, cause.message, error.message])
		if (typeof candidate === 'string' && candidate !== '') return candidate;
	return 'no reason given';
}

export function isObject(value: unknown): value is IDataObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
