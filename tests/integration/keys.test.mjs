// API keys over a real door: nobody needs one by default; where they are required, only the right one opens, for what it may call.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Daemon, api, grpc, reasonOf } from './daemon.mjs';

const folder = mkdtempSync(path.join(tmpdir(), 'promoteros-keys-'));
const config = path.join(folder, 'promoterosd.yaml');
writeFileSync(config, 'access:\n  require_key: true\n');
const secrets = [];
let daemon;

async function start(requireKey) {
  daemon = new Daemon({ folder, arguments: requireKey ? ['--config', config] : [] });
  await daemon.start();
}

// SIGTERM without forgetting the store.
async function end() {
  daemon.process.kill('SIGTERM');
  assert.deepEqual(await daemon.exited, { code: 0, signal: null }, daemon.log);
}

function ask(service, method, request, authorization) {
  const client = daemon.client(service);
  const metadata = new grpc.Metadata();
  if (authorization) metadata.set('authorization', authorization);
  return new Promise((resolve, reject) => {
    client[method](request, metadata, { deadline: Date.now() + 20000 }, (error, reply) => (error ? reject(error) : resolve(reply)));
  }).finally(() => client.close());
}
const status = (key) => ask('AgentService', 'getHostStatus', {}, key && `Bearer ${key}`);

async function refuses(promise, code, reason, words) {
  const error = await promise.then(() => assert.fail('it was let in'), (failed) => failed);
  assert.equal(error.code, code, error.message);
  if (reason) assert.equal(reasonOf(error), reason);
  if (words) assert.match(error.details, words);
}

async function make(name, scopes, key, expireTime) {
  const made = await ask('AccessService', 'createKey', { name, scopes, expireTime }, key && `Bearer ${key}`);
  secrets.push(made.secret);
  return { ...made.key, secret: made.secret };
}

before(() => start(false));
after(async () => {
  await end();
  rmSync(folder, { recursive: true, force: true });
});

let admin;

test('nobody needs a key by default, and who sends one means it', async () => {
  assert.ok((await status()).version);
  admin = await make('admin', ['*']);
  assert.match(admin.secret, /^pros_[0-9a-f]{16}_[A-Za-z0-9_-]{43}$/);
  assert.ok(admin.secret.startsWith(`pros_${admin.id}_`));
  assert.ok((await status(admin.secret)).version);
  await refuses(status('pros_nonsense'), grpc.status.UNAUTHENTICATED, 'KEY_INVALID', /promoterosctl keys add/);
});

test('where keys are required, only the right one opens; it survives the restart', async () => {
  await end();
  await start(true);
  await refuses(status(), grpc.status.UNAUTHENTICATED, 'KEY_MISSING', /promoterosctl keys add NAME/);
  assert.ok((await status(admin.secret)).version);
  const other = admin.secret.slice(0, -2) + (admin.secret.at(-2) === 'A' ? 'B' : 'A') + admin.secret.at(-1);
  const wrong = [`Bearer ${other}`, `Bearer ${admin.secret.slice(0, -1)}`, `Bearer ${admin.secret}A`, `Bearer ${admin.id}`, 'Bearer', 'Bearer x',
    `Basic ${admin.secret}`, admin.secret, `Bearer ${'A'.repeat(4000)}`, `Bearer ${admin.secret}${' '.repeat(300)}x`];
  const words = new Set();
  for (const authorization of wrong) {
    const error = await ask('AgentService', 'getHostStatus', {}, authorization).then(() => assert.fail(authorization), (failed) => failed);
    assert.equal(error.code, grpc.status.UNAUTHENTICATED, authorization);
    words.add(error.details);
  }
  assert.equal(words.size, 1, 'the answers differ, so something can be learnt from them');
  // Beyond what a header may hold, the library itself refuses.
  await assert.rejects(status('A'.repeat(1 << 20)));
  assert.ok((await status(admin.secret)).version);
});

test('streams ask for a key as well; health and reflection do not', async () => {
  const client = daemon.client('EventService');
  const error = await new Promise((resolve) => client.watchEvents({ afterSequence: 0 }, { deadline: Date.now() + 20000 })
    .on('data', () => {}).on('error', resolve).on('end', () => resolve(undefined)));
  assert.equal(error?.code, grpc.status.UNAUTHENTICATED);
  const health = new api.grpc.health.v1.Health(daemon.address, grpc.credentials.createInsecure());
  assert.equal(await new Promise((resolve, reject) => health.check({ service: '' }, (failed, reply) => (failed ? reject(failed) : resolve(reply.status)))), 'SERVING');
});

test('a key opens what its scopes say', async () => {
  const reader = await make('reader', ['read'], admin.secret);
  const writer = await make('writer', ['promoteros.v1.CatalogService/UpsertArtist', 'promoteros.v1.EventService/*'], admin.secret);
  assert.ok((await status(reader.secret)).version);
  await ask('CatalogService', 'listArtists', {}, `Bearer ${reader.secret}`);
  const artist = { requestId: 'rq_keys_1', artist: { name: 'Mill Lane' } };
  await refuses(ask('CatalogService', 'upsertArtist', artist, `Bearer ${reader.secret}`), grpc.status.PERMISSION_DENIED, 'KEY_SCOPE',
    /needs the scope promoteros\.v1\.CatalogService\/UpsertArtist/);
  await refuses(ask('AccessService', 'listKeys', {}, `Bearer ${reader.secret}`), grpc.status.PERMISSION_DENIED, 'KEY_SCOPE');
  await refuses(ask('AccessService', 'createKey', { name: 'x', scopes: ['*'] }, `Bearer ${writer.secret}`), grpc.status.PERMISSION_DENIED, 'KEY_SCOPE');
  await ask('CatalogService', 'upsertArtist', artist, `Bearer ${writer.secret}`);
  await ask('EventService', 'listEvents', {}, `Bearer ${writer.secret}`);
  await refuses(status(writer.secret), grpc.status.PERMISSION_DENIED, 'KEY_SCOPE', /or read/);
  // What an agent reads as evidence is the host's doing: a key for the agent is enough.
  const agent = await make('agent', ['promoteros.v1.TrendAnalyzerService/*'], admin.secret);
  await ask('TrendAnalyzerService', 'detectBreakouts', {}, `Bearer ${agent.secret}`);
});

test('a key ends when it is revoked, at once, and when its time is over', async () => {
  const guest = await make('guest', ['*'], admin.secret);
  assert.ok((await status(guest.secret)).version);
  await ask('AccessService', 'revokeKey', { id: guest.id }, `Bearer ${admin.secret}`);
  await refuses(status(guest.secret), grpc.status.UNAUTHENTICATED, 'KEY_INVALID');
  const soon = Date.now() + 3000;
  const brief = await make('brief', ['*'], admin.secret, { seconds: Math.floor(soon / 1000), nanos: (soon % 1000) * 1e6 });
  assert.ok((await status(brief.secret)).version);
  await new Promise((done) => setTimeout(done, soon + 50 - Date.now()));
  await refuses(status(brief.secret), grpc.status.UNAUTHENTICATED, 'KEY_INVALID');
  await end();
  await start(true);
  await refuses(status(guest.secret), grpc.status.UNAUTHENTICATED, 'KEY_INVALID');
  assert.ok((await status(admin.secret)).version);
  const { keys } = await ask('AccessService', 'listKeys', {}, `Bearer ${admin.secret}`);
  assert.ok(keys.find((key) => key.id === guest.id).revokeTime);
  assert.ok(keys.find((key) => key.id === admin.id).lastUseTime);
});

test('promoterosctl makes, lists and revokes keys, and takes one from --key or PROMOTEROS_KEY', async () => {
  const ctl = (code, ...args) => {
    const result = daemon.ctl(...args);
    assert.equal(result.code, code, `${args.join(' ')}: ${result.err}${result.out}`);
    return result.err + result.out;
  };
  assert.match(ctl(1, 'status'), /--key or PROMOTEROS_KEY/);
  const added = ctl(0, 'keys', 'add', 'from ctl', '--scope', 'AccessService/*', '--scope', 'read', '--expires', '90d', '--key', admin.secret);
  const secret = added.split('\n')[0];
  secrets.push(secret);
  const id = secret.slice(5, 21);
  assert.match(added, /may call +AccessService\/\* read/);
  assert.match(added, /shown this once/);
  assert.match(ctl(0, 'keys', '--key', secret), new RegExp(`${id} +from ctl +good`));
  assert.match(ctl(1, 'keys', 'add', 'x', '--scope', 'NoService/*', '--key', secret), /is no scope/);
  assert.match(ctl(2, 'keys', 'add', 'x', '--expires', 'soon', '--key', secret), /90d/);
  assert.match(ctl(3, 'keys', 'revoke', '0123456789abcdef', '--key', secret), /There is no API key/);
  assert.match(ctl(1, 'status', '--key', 'two words'), /characters that no key has/);
  process.env.PROMOTEROS_KEY = secret;
  assert.match(ctl(0, 'keys', 'revoke', id), /is revoked since/);
  assert.match(ctl(1, 'status'), /not accepted here/);
  delete process.env.PROMOTEROS_KEY;
});

test('the journal tells of keys, and no secret is on the disk or in the log', async () => {
  const { events } = await ask('EventService', 'listEvents', { typePrefixes: ['key.'], pageSize: 100 }, `Bearer ${admin.secret}`);
  const types = events.map((event) => event.type);
  assert.equal(types.filter((type) => type === 'key.created').length, secrets.length);
  assert.equal(types.filter((type) => type === 'key.revoked').length, 2);
  assert.equal(events[0].subject, admin.id);
  const log = daemon.log;
  await end();
  const files = readdirSync(folder).map((name) => readFileSync(path.join(folder, name)));
  assert.ok(files.some((bytes) => bytes.includes(admin.id)), 'the search itself does not work');
  assert.equal(secrets.length, 7);
  for (const secret of secrets) {
    const part = secret.slice(22);
    const raw = Buffer.from(part, 'base64url');
    assert.equal(raw.length, 32);
    for (const bytes of files) assert.ok(!bytes.includes(part) && !bytes.includes(raw) && !bytes.includes(raw.toString('hex')));
    assert.ok(!log.includes(part));
  }
  await start(true);
});
