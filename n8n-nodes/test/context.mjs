// A plain stand-in for n8n's execution context: parameters with the defaults that n8n itself works out, and HTTP by fetch.
import { createRequire } from 'node:module';

// As n8n: text goes out as it is, an object without members does not go out at all.
const sentBody = (body) => (typeof body === 'string' ? body : Object.keys(body).length > 0 ? JSON.stringify(body) : undefined);

const require = createRequire(import.meta.url);
const { NodeHelpers } = require('n8n-workflow');

export const { figureOf } = require('../dist/nodes/TikTokScraper/series.js');
export const { PromoterOsApi } = require('../dist/credentials/PromoterOsApi.credentials.js');
export const nodes = Object.fromEntries(
  ['NandaAgent', 'TikTokScraper', 'FinancialModel', 'MissionControl'].map((name) => [name, new (require(`../dist/nodes/${name}/${name}.node.js`)[name])()]));

async function send(credentials, options) {
  const signed = await new PromoterOsApi().authenticate(credentials, options);
  const response = await fetch(signed.url, {
    method: signed.method, headers: signed.headers, body: sentBody(signed.body), signal: AbortSignal.timeout(signed.timeout) });
  const text = await response.text();
  let body = text;
  try { body = JSON.parse(text); } catch { /* as n8n: what is no JSON stays text */ }
  return { statusCode: response.status, body };
}

// parameters: what the editor would have saved; missing ones get their defaults, hidden ones vanish, as in n8n.
export function contextOf(node, credentials, parameters = {}, items = [{}], settings = {}) {
  const { description } = node;
  const self = { id: 'a-node', name: description.defaults.name, type: `n8n-nodes-promoteros.${description.name}`, typeVersion: 1, position: [0, 0], parameters };
  const resolved = NodeHelpers.getNodeParameters(description.properties, parameters, true, false, self, description);
  const requests = [];
  return {
    requests,
    getInputData: () => items.map((json) => ({ json })),
    getNode: () => self,
    getWorkflow: () => ({ id: 'a-workflow' }),
    getInstanceId: () => 'an-instance',
    getExecutionId: () => settings.executionId ?? '1',
    evaluateExpression: () => 0,
    getExecutionCancelSignal: () => undefined,
    continueOnFail: () => settings.continueOnFail === true,
    getCredentials: async () => credentials,
    getNodeParameter(name, itemIndex, fallback, options) {
      const value = settings.evaluate ? settings.evaluate(resolved[name], itemIndex) : resolved[name];
      if (value === undefined) {
        if (fallback === undefined) throw new Error(`Could not get parameter "${name}"`);
        return fallback;
      }
      return options?.extractValue && value?.__rl ? value.value : value;
    },
    helpers: {
      async httpRequestWithAuthentication(type, options) {
        requests.push(options);
        return await send(credentials, options);
      },
    },
  };
}

// The JSON of all output items, and a check that each is paired with its input.
export async function run(node, credentials, parameters, items, settings) {
  const context = contextOf(node, credentials, parameters, items, settings);
  const [output] = await node.execute.call(context);
  for (const { pairedItem } of output) if (!Number.isInteger(pairedItem?.item)) throw new Error('An item is not paired');
  return { json: output.map((item) => item.json), paired: output.map((item) => item.pairedItem.item), requests: context.requests };
}
