// A real n8n installs the packed nodes as it installs any package, and runs the shipped workflow against a real daemon.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { N8n, credentialId, freePort } from '../../script/n8n.mjs';
import { Daemon, root } from './daemon.mjs';

const cache = process.env.PROMOTEROS_N8N_CACHE ??
  path.join(process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'promoteros/n8n-2.41.1');
if (!existsSync(path.join(cache, 'stamp'))) {
  const insisted = Boolean(process.env.PROMOTEROS_N8N);
  console.log(`${insisted ? 'PROMOTEROS_N8N is set, but there is' : 'skipped:'} no n8n in ${cache}; script/test and script/server --n8n install it (1.4 GiB)`);
  process.exit(insisted ? 1 : 77);
}

const folder = mkdtempSync(path.join(tmpdir(), 'promoteros-n8n-'));
const shipped = path.join(root, 'workflows/viral-detection-pipeline.json');
const workflow = JSON.parse(readFileSync(shipped, 'utf8'));
const ours = 'n8n-nodes-promoteros';
const daemon = new Daemon();
const n8n = new N8n({ cache, folder: path.join(folder, 'home') });
let apiKey, ran;

// The demo city is made for a fixed day, so the workflow asks what was known then; all else is as it is shipped.
const lastDay = '2026-10-31', asOfTime = '2026-11-01T12:00:00Z', showDate = '2027-01-08';
const asOf = { seconds: Date.parse(asOfTime) / 1000 };
const named = (type, agent) => workflow.nodes.find((node) => node.type === `${ours}.${type}` && (!agent || node.parameters.agent.value === agent));
const scraper = named('tikTokScraper'), analyzer = named('nandaAgent', 'trend-analyzer'), predictor = named('nandaAgent', 'audience-predictor');
const model = named('financialModel'), control = named('missionControl');
const outputOf = (node) => ran.nodes[node.name].map((item) => item.json);

function writeDated() {
  const copy = structuredClone(workflow);
  for (const node of copy.nodes)
    if ([scraper, analyzer, predictor].some((one) => one.id === node.id)) node.parameters.options.asOfTime = asOfTime;
  copy.nodes.find((node) => node.id === predictor.id).parameters.showDate = showDate;
  const file = path.join(folder, 'workflow.json');
  writeFileSync(file, JSON.stringify(copy));
  return file;
}

function pack() {
  const script = 'source script/lib.sh; source script/n8n.sh; pack_nodes "$1" >&2; echo "$n8n_tarball"';
  const { status, stdout, stderr } = spawnSync('bash', ['-c', script, 'bash', folder], { cwd: root, encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  return stdout.trim();
}

before(async () => {
  await daemon.start();
  const loaded = daemon.ctl('demo', 'load', '--seed', '7', '--last-day', lastDay);
  assert.equal(loaded.code, 0, loaded.err);
  const made = daemon.ctl('keys', 'add', 'n8n');
  assert.equal(made.code, 0, made.err);
  apiKey = made.out.split('\n')[0];
  await n8n.installPackage(pack());
  await n8n.importCredential({ baseUrl: daemon.url, apiKey });
  await n8n.importWorkflow(writeDated());
  ran = await n8n.execute(workflow.id);
}, { timeout: 240000 });

after(async () => {
  await n8n.stop();
  await daemon.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('it runs green, and every artist keeps its place from the scraper to Mission Control', () => {
  assert.equal(ran.code, 0, ran.out.slice(-3000));
  const scraped = outputOf(scraper);
  assert.equal(scraped.length, 10);
  assert.deepEqual(scraped.map((one) => one.rank), scraped.map((_, i) => i + 1));
  assert.deepEqual(scraped.map((one) => one.growth), scraped.map((one) => one.growth).sort((a, b) => b - a));
  assert.ok(scraped.every((one) => one.simulated && one.views >= 100000 && one.source.includes('not visited')));
  const ids = scraped.map((one) => one.artistId);
  for (const node of [analyzer, predictor, model]) assert.deepEqual(outputOf(node).map((one) => one.artistId), ids, node.name);
  assert.deepEqual(outputOf(control).map((one) => one.subject), ids.map((id) => `artist/${id}`));
});

test('the agents say through n8n what they say to others', async () => {
  const trend = daemon.client('TrendAnalyzerService'), audience = daemon.client('AudiencePredictorService');
  const close = (a, b, what) => assert.ok(Math.abs(a - b) < 1e-3, `${what}: ${a}, ${b}`);
  const { targetMultiple } = analyzer.parameters.options;
  const venue = ran.nodes.Venue[0].json;
  const drawn = outputOf(predictor);
  for (const [i, one] of outputOf(analyzer).entries()) {
    const { candidates } = await trend.ask('detectBreakouts',
      { asOfTime: asOf, definition: 'audience-x2', targetMultiple, entities: [{ kind: 'ENTITY_KIND_ARTIST', id: one.artistId }] });
    assert.equal(candidates[0].name, one.artistName);
    close(candidates[0].probability, one.viralProbability, one.artistName);
    if (i > 2) continue;
    const { likelyTickets } = await audience.ask('predictAttendance', { asOfTime: asOf, artistId: one.artistId, showDate, city: venue.city,
      capacityTickets: venue.capacity, ticketPrice: { currencyCode: venue.currency, amountMinor: venue.avgTicketPrice * 100 } });
    close(likelyTickets, drawn[i].likelyTickets, one.artistName);
  }
});

test('high and normal priority follow the probability of each artist', () => {
  const chances = outputOf(analyzer).map((one) => one.viralProbability);
  const priorities = outputOf(control).map((one) => one.priority);
  assert.deepEqual(priorities, chances.map((chance) => (chance > 0.8 ? 'high' : 'normal')));
  assert.ok(priorities.includes('high') && priorities.includes('normal'), `${chances}`);
});

test('every trace that n8n shows is known to the daemon, of the method that it names', async () => {
  const traces = daemon.client('TraceService');
  const shown = [
    ...outputOf(analyzer).map((one) => ['TrendAnalyzerService/DetectBreakouts', one.reasoning.traceId]),
    ...outputOf(predictor).map((one) => ['AudiencePredictorService/PredictAttendance', one.reasoning.traceId]),
    ...outputOf(model).map((one) => ['DealOptimizerService/OptimizeDeal', one.traceIds.deal]),
    ...outputOf(model).flatMap((one) => one.scenarios.map((scenario) => ['DealOptimizerService/SettleDeal', scenario.traceIds.settlement])),
  ];
  assert.equal(shown.length, 10 * (3 + 3));
  assert.equal(new Set(shown.map(([, id]) => id)).size, shown.length, 'an answer, a trace');
  for (const [method, traceId] of shown) {
    const { trace } = await traces.ask('getTrace', { traceId });
    assert.ok(trace.method.includes(method), `${traceId}: ${trace.method}`);
  }
  assert.deepEqual(outputOf(model).map((one) => one.traceIds.attendance), outputOf(predictor).map((one) => one.reasoning.traceId));
  const { valid, checks } = await traces.ask('verifyTrace', { traceId: shown[0][1] });
  assert.ok(valid, JSON.stringify(checks));
});

test('the messages stand in the journal, in the same order, with what the nodes said', async () => {
  const { events } = await daemon.client('EventService').ask('listEvents', { typePrefixes: ['message.'], pageSize: 1000 });
  const shown = outputOf(control);
  assert.deepEqual(events.map(({ subject, message }) => [message.channel, message.priority, subject, message.title]),
    shown.map((one) => [control.parameters.channel, `MESSAGE_PRIORITY_${one.priority.toUpperCase()}`, one.subject, one.title]));
  for (const [i, { message }] of events.entries()) {
    const { message: words, data } = JSON.parse(message.body);
    assert.equal(words, outputOf(model)[i].recommendation);
    assert.equal(data.traceIds.trend, outputOf(analyzer)[i].reasoning.traceId);
    assert.deepEqual(data.scenarios.map((one) => one.name), model.parameters.scenarios);
  }
});

test('the shipped workflow names types, versions, parameters and choices that n8n knows', async () => {
  const file = path.join(folder, 'nodes.json');
  await n8n.must('export:nodes', `--output=${file}`);
  const types = JSON.parse(readFileSync(file, 'utf8'));
  for (const type of ['nandaAgent', 'tikTokScraper', 'financialModel', 'missionControl'])
    for (const twin of [type, `${type}Tool`]) assert.ok(types.some((one) => one.name === `${ours}.${twin}`), twin);
  for (const node of workflow.nodes) {
    const known = types.find((one) => one.name === node.type && [one.version].flat().includes(node.typeVersion));
    assert.ok(known, `${node.name}: ${node.type} ${node.typeVersion}`);
    for (const [name, value] of Object.entries(node.parameters ?? {})) checkParameter(known, node, name, value);
    for (const credential of Object.keys(node.credentials ?? {}))
      assert.ok(known.credentials.some((one) => one.name === credential), `${node.name}: ${credential}`);
  }
});

function checkParameter(type, node, name, value) {
  const fields = type.properties.filter((one) => one.name === name);
  assert.ok(fields.length > 0, `${node.name}: no parameter ${name}`);
  const choices = fields.flatMap((one) => (one.options ?? []));
  if (['options', 'multiOptions'].includes(fields[0].type) && choices.length > 0 && !String(value).startsWith('='))
    for (const one of [value].flat()) assert.ok(choices.some((choice) => choice.value === one), `${node.name}: ${name} = ${one}`);
  if (fields[0].type === 'collection')
    for (const key of Object.keys(value)) assert.ok(choices.some((choice) => choice.name === key), `${node.name}: ${name}.${key}`);
}

test('the credential test passes with the right key and says what is wrong with another', async () => {
  await n8n.start(await freePort());
  const check = async (data) => {
    const { data: answer } = await n8n.rest('POST', '/rest/credentials/test',
      { credentials: { id: credentialId, name: 'PromoterOS account', type: 'promoterOsApi', data } });
    return answer;
  };
  assert.equal((await check({ baseUrl: daemon.url, apiKey })).status, 'OK');
  const wrong = await check({ baseUrl: daemon.url, apiKey: `${apiKey.slice(0, -4)}AAAA` });
  assert.equal(wrong.status, 'Error');
  assert.match(wrong.message, /key|authori/i);
  const nobody = await check({ baseUrl: `http://127.0.0.1:${await freePort()}`, apiKey });
  assert.equal(nobody.status, 'Error');
  assert.match(nobody.message, /ECONNREFUSED|connect/i);
  const { data: kept } = await n8n.rest('GET', `/rest/workflows/${workflow.id}`);
  assert.deepEqual(kept.nodes.filter((node) => node.credentials).map((node) => node.credentials.promoterOsApi.id),
    workflow.nodes.filter((node) => node.credentials).map(() => credentialId));
});
