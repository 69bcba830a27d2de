// The output schemas that the editor shows before a run say what the nodes give. UPDATE_SCHEMAS=1 rewrites them.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { nodes, run } from './context.mjs';
import { KEY, startStandIn } from './stand_in.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
let door, credentials;
before(async () => {
  door = await startStandIn();
  credentials = { baseUrl: door.baseUrl, apiKey: KEY };
});
after(() => door.close());

function schemaOf(value) {
  if (value === null) return { type: 'number' }; // every field that may be empty is a figure
  if (Array.isArray(value)) return value.length > 0 ? { type: 'array', items: schemaOf(value[0]) } : { type: 'array' };
  if (typeof value !== 'object') return { type: typeof value };
  return { type: 'object', properties: Object.fromEntries(Object.entries(value).map(([name, one]) => [name, schemaOf(one)])) };
}

const list = (value) => ({ __rl: true, mode: 'list', value });
const item = { artistId: 'ar_one', artistName: 'Feral Republic', lowTickets: 1, likelyTickets: 2, highTickets: 3 };
const deal = { agent: list('deal-optimizer'), ticketPrice: 25, guarantee: 100 };
const cases = [
  ['NandaAgent', 'v1.0.0/detectBreakouts', {}],
  ['NandaAgent', 'v1.0.0/forecastGrowth', { operation: 'forecastGrowth' }],
  ['NandaAgent', 'v1.0.0/analyzeTrend', { operation: 'analyzeTrend' }],
  ['NandaAgent', 'v1.0.0/predictAttendance', { agent: list('audience-predictor'), capacityTickets: 500 }],
  ...['evaluateDeal', 'optimizeDeal', 'settleDeal'].map((operation) => ['NandaAgent', `v1.0.0/${operation}`, { ...deal, operation }]),
  ['TikTokScraper', 'v1.0.0', {}],
  ['FinancialModel', 'v1.0.0', {}],
  ['MissionControl', 'v1.0.0', { title: 'Look' }],
];

for (const [name, file, parameters] of cases)
  test(`${name} ${file}`, async () => {
    const { json } = await run(nodes[name], credentials, parameters, [item]);
    const text = `${JSON.stringify({ ...schemaOf(json[0]), version: 1 }, null, 2)}\n`;
    const place = path.join(root, 'nodes', name, '__schema__', `${file}.json`);
    if (process.env.UPDATE_SCHEMAS) {
      mkdirSync(path.dirname(place), { recursive: true });
      writeFileSync(place, text);
    }
    assert.equal(readFileSync(place, 'utf8'), text);
  });
