// The shipped workflow and each node against a real promoterosd with its demo city, through its web door.
// Skipped, with the reason, when there is no binary: set PROMOTEROS_BUILD to a build folder.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { contextOf, nodes, PromoterOsApi, run } from './context.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const builds = [process.env.PROMOTEROS_BUILD, path.join(root, 'build/release'), path.join(root, 'build/dev')].filter(Boolean);
const bin = builds.map((build) => path.join(build, 'bin')).find((folder) =>
  existsSync(path.join(folder, 'promoterosd')) && spawnSync(path.join(folder, 'promoterosd'), ['--help'], { encoding: 'utf8' }).stdout.includes('--http'));
const skip = bin ? false : `no promoterosd with a web door in ${builds.join(', ')}`;

let daemon, folder, credentials, address;
const ctl = (...args) => spawnSync(path.join(bin, 'promoterosctl'), args, { env: { ...process.env, PROMOTEROS_ADDRESS: address }, encoding: 'utf8' });

before(async () => {
  if (skip) return;
  folder = mkdtempSync(path.join(tmpdir(), 'promoteros-n8n-'));
  const ready = path.join(folder, 'ready');
  daemon = spawn(path.join(bin, 'promoterosd'), ['--store', `sqlite:${folder}/store.db`, '--listen', '127.0.0.1:0', '--http', '127.0.0.1:0', '--ready-file', ready], { stdio: 'ignore' });
  while (!existsSync(ready)) {
    if (daemon.exitCode !== null) throw new Error(`promoterosd ended with ${daemon.exitCode}`);
    await new Promise((done) => setTimeout(done, 10));
  }
  const [grpc, web] = readFileSync(ready, 'utf8').trim().split('\n');
  address = grpc;
  credentials = { baseUrl: `http://${web}`, apiKey: '' };
  const loaded = ctl('demo', 'load', '--seed', '7');
  assert.equal(loaded.status, 0, loaded.stderr);
});
after(async () => {
  if (skip) return;
  const ended = new Promise((done) => daemon.on('exit', done));
  daemon.kill('SIGTERM');
  await ended;
  rmSync(folder, { recursive: true, force: true });
});

// What n8n does with "={{ ... }}", for the few forms that the workflow uses.
function evaluator(results, items) {
  const inside = (source, itemIndex) => {
    const $ = (name) => ({ item: { json: results[name][itemIndex] }, first: () => ({ json: results[name][0] }) });
    return new Function('$', '$json', `return (${source});`)($, items[itemIndex]);
  };
  return function evaluate(value, itemIndex) {
    if (Array.isArray(value)) return value.map((one) => evaluate(one, itemIndex));
    if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, evaluate(one, itemIndex)]));
    if (typeof value !== 'string' || !value.startsWith('=')) return value;
    const whole = /^=\{\{((?:(?!\}\} ).)*)\}\}$/s.exec(value);
    if (whole) return inside(whole[1], itemIndex);
    return value.slice(1).replace(/\{\{(.*?)\}\}/gs, (_, source) => inside(source, itemIndex));
  };
}

describe('with a real daemon', { skip }, () => {
  test('the viral detection pipeline: one message per artist, high and normal, with traces that the daemon knows', async () => {
    const workflow = JSON.parse(readFileSync(path.join(root, 'workflows/viral-detection-pipeline.json'), 'utf8'));
    const byName = Object.fromEntries(workflow.nodes.map((node) => [node.name, node]));
    const classes = Object.fromEntries(Object.values(nodes).map((node) => [`n8n-nodes-promoteros.${node.description.name}`, node]));
    const venue = Object.fromEntries(byName.Venue.parameters.assignments.assignments.map(({ name, value }) => [name, value]));
    const results = { Venue: [venue] };
    let items = [venue];
    for (let name = workflow.connections.Venue.main[0][0].node; name; name = workflow.connections[name]?.main[0][0].node) {
      const { type, parameters } = byName[name];
      const { json, paired } = await run(classes[type], credentials, parameters, items, { evaluate: evaluator(results, items) });
      if (items.length > 1) assert.deepEqual(paired, items.map((_, i) => i), `${name} keeps its items apart`);
      results[name] = items = json;
    }
    const trends = results['NANDA Trend Analyzer'];
    assert.ok(trends.length >= 3);
    const alerts = results['Mission Control'];
    assert.deepEqual(alerts.map((alert) => alert.priority), trends.map((trend) => (trend.viralProbability > 0.8 ? 'high' : 'normal')));
    assert.ok(['high', 'normal'].every((priority) => alerts.some((alert) => alert.priority === priority)));
    for (const { viewsSource, views, simulated } of results['TikTok Scraper']) assert.ok(views >= 100000 && viewsSource && simulated);
    for (const model of results['Financial Model']) {
      const tickets = model.scenarios.map((scenario) => scenario.tickets);
      assert.deepEqual(tickets, [...tickets].sort((a, b) => a - b));
      for (const id of [...Object.values(model.traceIds), model.scenarios[0].traceIds.settlement]) {
        const verified = ctl('trace', 'verify', id);
        assert.equal(verified.status, 0, verified.stdout + verified.stderr);
      }
    }
    const { stdout } = ctl('call', 'EventService/ListEvents', '{"typePrefixes":["message.published"],"pageSize":1000}');
    const messages = JSON.parse(stdout).events.map((event) => event.message);
    assert.deepEqual(messages.map((message) => message.title), alerts.map((alert) => alert.title));
    for (const { body } of messages) assert.match(JSON.parse(body).data.traceIds.trend, /^[0-9a-f]{32}$/);
  });

  test('every guided call is one that the agents accept', async () => {
    const list = (value) => ({ __rl: true, mode: 'list', value });
    const { json: [artist] } = await run(nodes.TikTokScraper, credentials, { limit: 1 });
    const deal = { agent: list('deal-optimizer'), ticketPrice: 25, demand: '150, 230, 330', guarantee: 1500, soldTickets: 240, costs: { fixedCosts: 1000, costPerTicket: 1, taxPercent: 6.5, facilityFee: 2 } };
    for (const parameters of [
      {}, { operation: 'forecastGrowth' }, { operation: 'analyzeTrend' }, { operation: 'byTask', task: 'find viral artists' },
      { agent: list('audience-predictor'), capacityTickets: 500, ticketPrice: 25 },
      ...['optimizeDeal', ...['flat', 'versus', 'plus', 'door'].flatMap((type) => [['evaluateDeal', type], ['settleDeal', type]])]
        .map((one) => ({ ...deal, operation: [one].flat()[0], dealType: [one].flat()[1] ?? 'flat' }))]) {
      const { json: [answer] } = await run(nodes.NandaAgent, credentials, parameters, [artist]);
      assert.match(answer.reasoning.traceId, /^[0-9a-f]{32}$/, JSON.stringify(parameters));
      assert.ok(answer.reasoning.summary.length > 10);
    }
  });

  test('the scenarios settle to the cent: receipts are paid out or kept', async () => {
    const { json: [model] } = await run(nodes.FinancialModel, credentials, {
      venueCapacity: 500, ticketPrice: 25, demandSource: 'given', lowTickets: 150, likelyTickets: 260, highTickets: 480, dealSource: 'terms', dealType: 'versus', guarantee: 1500, sharePercent: 80, costs: { fixedCosts: 1000 } });
    for (const { gross, costs, artistPay, promoterResult } of model.scenarios) assert.ok(Math.abs(gross - costs - artistPay - promoterResult) < 0.005);
    assert.deepEqual(model.scenarios.map((scenario) => scenario.artistPay), [2200, 4400, 8800]);
  });

  test('lists, refusals, and the credential test', async () => {
    const context = contextOf(nodes.NandaAgent, credentials);
    const { results } = await nodes.NandaAgent.methods.listSearch.searchAgents.call(context);
    assert.deepEqual(results.map((agent) => agent.value), ['audience-predictor', 'deal-optimizer', 'trend-analyzer']);
    await assert.rejects(run(nodes.NandaAgent, credentials, {}, [{ artistId: 'ar_nobody' }]), (error) => error.httpCode === '404' && /ar_nobody/.test(error.message));
    await assert.rejects(run(nodes.MissionControl, credentials, { channel: 'Not A Channel', title: 'x' }), /channel must be/);
    const whoami = async (given) => {
      const { baseURL, url } = new PromoterOsApi().test.request;
      assert.equal(baseURL, '={{$credentials.baseUrl}}');
      const signed = await new PromoterOsApi().authenticate(given, { url: given.baseUrl + url });
      return (await fetch(signed.url, signed)).status;
    };
    assert.equal(await whoami(credentials), 200);
    assert.equal(await whoami({ ...credentials, apiKey: 'wrong' }), 401);
    await assert.rejects(run(nodes.NandaAgent, { ...credentials, apiKey: 'wrong' }), (error) => error.httpCode === '401' && /API key/.test(error.description));
  });
});
