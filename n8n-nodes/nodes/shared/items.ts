/**
 * One pass over the input items: pairs each output with its input, and honours "Continue On Fail".
 */
import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

export async function forEachItem(
	context: IExecuteFunctions,
	run: (itemIndex: number) => Promise<IDataObject[]>,
): Promise<INodeExecutionData[][]> {
	const output: INodeExecutionData[] = [];
	const count = context.getInputData().length;
	for (let itemIndex = 0; itemIndex < count; itemIndex++) {
		try {
			for (const json of await run(itemIndex)) output.push({ json, pairedItem: { item: itemIndex } });
		} catch (error) {
			if (!context.continueOnFail()) {
				if (error instanceof NodeApiError) throw new NodeApiError(context.getNode(), error as never);
				throw new NodeOperationError(context.getNode(), error as Error, { itemIndex });
			}
			const { message, description } = error as NodeOperationError;
			output.push({
				json: { error: message, howToGoOn: description ?? '' },
				pairedItem: { item: itemIndex },
			});
		}
	}
	return [output];
}

/** Refuses a parameter: what is wrong, and how to go on. */
export function refuse(
	context: IExecuteFunctions,
	itemIndex: number,
	message: string,
	description: string,
): NodeOperationError {
	return new NodeOperationError(context.getNode(), message, { description, itemIndex });
}
