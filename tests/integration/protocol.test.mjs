// What a gRPC client that is not ours expects of the door.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Daemon, api, grpc, reasonOf, root, sleep } from './daemon.mjs';

const daemon = new Daemon();
before(() => daemon.start());
after(() => daemon.stop());

test('lists the agents with their methods', async () => {
  const { agents } = await daemon.client('AgentService').ask('listAgents', {});
  assert.deepEqual(agents.map((agent) => agent.name).sort(), ['audience-predictor', 'deal-optimizer', 'trend-analyzer']);
  for (const agent of agents) {
    assert.match(agent.moduleSha256, /^[0-9a-f]{64}$/);
    assert.ok(agent.methods.length > 0 && agent.methods.every((method) => method.summary));
  }
});

test('says that it serves, in all and for each service', async () => {
  const health = new api.grpc.health.v1.Health(daemon.address, grpc.credentials.createInsecure());
  const check = (service) => new Promise((resolve, reject) => {
    health.check({ service }, (error, reply) => (error ? reject(error) : resolve(reply.status)));
  });
  assert.equal(await check(''), 'SERVING');
  assert.equal(await check('promoteros.v1.TrendAnalyzerService'), 'SERVING');
  await assert.rejects(check('no.such.Service'), { code: grpc.status.NOT_FOUND });
});

test('is described by reflection to a tool that others wrote', () => {
  const buf = path.join(root, 'tests/integration/node_modules/.bin/buf');
  const listed = spawnSync(buf, ['curl', '--http2-prior-knowledge', '--protocol', 'grpc', '--list-services', `http://${daemon.address}`], { encoding: 'utf8' });
  assert.equal(listed.status, 0, listed.stderr);
  for (const service of ['promoteros.v1.TrendAnalyzerService', 'promoteros.v1.CatalogService', 'grpc.health.v1.Health'])
    assert.ok(listed.stdout.includes(service), `${service} is missing in:\n${listed.stdout}`);
  const called = spawnSync(buf, ['curl', '--http2-prior-knowledge', '--protocol', 'grpc', '-d', '{}', `http://${daemon.address}/promoteros.v1.AgentService/GetHostStatus`], { encoding: 'utf8' });
  assert.equal(called.status, 0, called.stderr);
  assert.ok(JSON.parse(called.stdout).version);
});

test('refuses an unknown method at once', async () => {
  const client = new grpc.Client(daemon.address, grpc.credentials.createInsecure());
  const begun = Date.now();
  await assert.rejects(new Promise((resolve, reject) => {
    client.makeUnaryRequest('/promoteros.v1.AgentService/NoSuchMethod', (x) => x, (x) => x, Buffer.alloc(0), { deadline: Date.now() + 5000 },
      (error, reply) => (error ? reject(error) : resolve(reply)));
  }), { code: grpc.status.UNIMPLEMENTED });
  assert.ok(Date.now() - begun < 2000);
});

test('writes are idempotent by request id', async () => {
  const catalog = daemon.client('CatalogService');
  const request = { requestId: 'same', artist: { name: 'The Testers', genres: ['indie rock'] } };
  const first = await catalog.ask('upsertArtist', request);
  const second = await catalog.ask('upsertArtist', request);
  assert.equal(first.artist.id, second.artist.id);
  const { artists } = await catalog.ask('listArtists', { query: 'testers' });
  assert.equal(artists.length, 1);
});

test('streams events, past and new, in order and without a gap, and ends on cancel', async () => {
  const catalog = daemon.client('CatalogService');
  const stream = daemon.client('EventService').watchEvents({ afterSequence: 0 });
  const sequences = [];
  let cancelled;
  stream.on('data', ({ event }) => sequences.push(event.sequence));
  const ended = new Promise((done) => stream.on('error', (error) => { cancelled = error; done(); }));
  for (let i = 0; i < 20; i++)
    await catalog.ask('upsertArtist', { requestId: `stream-${i}`, artist: { name: `Streamed ${i}` } });
  for (let tries = 0; sequences.length < 21 && tries < 200; tries++) await sleep(20);
  assert.ok(sequences.length >= 21);
  assert.deepEqual(sequences, sequences.map((_, i) => i + 1));
  stream.cancel();
  await ended;
  assert.equal(cancelled.code, grpc.status.CANCELLED);
  for (let tries = 0; ; tries++) { // the run behind it ends too
    const { activeRunCount } = await daemon.client('AgentService').ask('getHostStatus', {});
    if (activeRunCount <= 1) break;
    assert.ok(tries < 100, `still ${activeRunCount} runs`);
    await sleep(50);
  }
});

test('keeps a deadline', async () => {
  const stream = daemon.client('EventService').watchEvents({}, { deadline: Date.now() + 300 });
  const error = await new Promise((done) => { stream.on('data', () => {}); stream.on('error', done); });
  assert.equal(error.code, grpc.status.DEADLINE_EXCEEDED);
});

test('tells a machine-readable reason beside the sentence', async () => {
  const error = await daemon.client('CatalogService').ask('getArtist', { id: 'ar_nobody' }).catch((e) => e);
  assert.equal(error.code, grpc.status.NOT_FOUND);
  assert.match(error.details, /ar_nobody/);
  assert.match(reasonOf(error), /^[A-Z][A-Z_]+$/);
});

test('a second daemon on the same store is refused with a sentence', async () => {
  const second = new Daemon({ folder: daemon.folder });
  await assert.rejects(second.start(), /another|in use|locked/i);
  assert.ok((await daemon.client('AgentService').ask('getHostStatus', {})).version);
});
