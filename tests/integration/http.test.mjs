// The web door from outside: the same answers as gRPC, clear errors, and strangers who mean harm.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { after, before, test } from 'node:test';
import { Daemon, grpc, reasonOf, sleep } from './daemon.mjs';

// The sanitizer keeps freed memory back to find late uses; that is not the daemon's appetite.
process.env.ASAN_OPTIONS = [process.env.ASAN_OPTIONS, 'quarantine_size_mb=8'].filter(Boolean).join(':');
const daemon = new Daemon();
const LIST = '/promoteros.v1.CatalogService/ListArtists';
const AGENTS = '/promoteros.v1.AgentService/ListAgents';
let host, port, artistId;

const call = (path, body = {}, headers = {}) => fetch(daemon.url + path,
  { method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body: typeof body === 'string' || body instanceof Buffer ? body : JSON.stringify(body) });
const ask = async (path, body, headers) => {
  const reply = await call(path, body, headers);
  assert.equal(reply.status, 200, await reply.clone().text());
  assert.equal(reply.headers.get('content-type'), 'application/json');
  return reply.json();
};
// A refusal in the one form that every route has.
async function refused(promise, status, code, reason, words) {
  const reply = await promise;
  const text = await reply.text();
  assert.equal(reply.status, status, text);
  const error = JSON.parse(text);
  assert.equal(error.code, code, text);
  assert.ok(error.message.length > 20, text);
  if (words) assert.match(error.message, words);
  const [detail] = error.details ?? [];
  assert.equal(detail?.type, 'google.rpc.ErrorInfo', text);
  if (reason) assert.equal(detail.debug.reason, reason, text);
  assert.ok(Buffer.from(detail.value, 'base64').includes(detail.debug.reason));
  return reply;
}
// Sends pieces as they are and returns all that comes back until the door closes, or ms have passed.
function raw(pieces, { ms = 3000, gapMs = 0 } = {}) {
  return new Promise((resolve) => {
    const socket = net.connect(port, host);
    let text = '';
    const end = () => { socket.destroy(); resolve(text); };
    const timer = setTimeout(end, ms);
    socket.on('data', (data) => { text += data.toString('latin1'); });
    socket.on('close', () => { clearTimeout(timer); end(); });
    socket.on('error', () => {});
    (async () => {
      for (const piece of [pieces].flat()) {
        if (socket.destroyed) return;
        socket.write(piece);
        if (gapMs) await sleep(gapMs);
      }
    })();
  });
}
const head = (line, ...fields) => [line, 'Host: localhost', ...fields, '', ''].join('\r\n');
const post = (body, ...fields) => head(`POST ${AGENTS} HTTP/1.1`, 'Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`, ...fields) + body;
const statuses = (text) => [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
const rssMb = () => Number(readFileSync(`/proc/${daemon.process.pid}/status`, 'utf8').match(/^VmRSS:\s+(\d+) kB/m)[1]) / 1024;

before(async () => {
  await daemon.start();
  ({ hostname: host, port } = new URL(daemon.url));
  const made = await ask('/promoteros.v1.CatalogService/UpsertArtist', { requestId: 'http-1', artist: { name: 'Sigur Rós "ágætis"', genres: ['post-rock'] } });
  artistId = made.artist.id;
  for (let i = 0; i < 20; i++)
    await ask('/promoteros.v1.CatalogService/UpsertArtist', { requestId: `http-more-${i}`, artist: { name: `Act ${i} \u{1F3B8}` } });
  await ask('/promoteros.v1.CatalogService/UpsertVenue', { requestId: 'http-2', venue: { name: 'Room', city: 'Testville', countryCode: 'US', timeZone: 'UTC', own: true,
    rooms: [{ id: 'main', name: 'Main', configurations: [{ id: 'standing', capacityTickets: 200 }] }] } });
});
after(() => daemon.stop());

// ProtoJSON beside the message as the gRPC client reads it: same leaves, none missing.
function same(json, message, path = '') {
  if (message && typeof message === 'object' && 'seconds' in message && 'nanos' in message) {
    if (json === undefined) return;
    assert.equal(Math.floor(Date.parse(json) / 1000), Number(message.seconds), path);
  } else if (Array.isArray(message)) {
    assert.equal((json ?? []).length, message.length, path);
    message.forEach((item, i) => same(json[i], item, `${path}[${i}]`));
  } else if (message && typeof message === 'object') {
    for (const key of Object.keys(json ?? {})) assert.ok(key in message, `${path}.${key} is not in gRPC's reply`);
    for (const [key, value] of Object.entries(message)) if (!key.startsWith('_')) same(json?.[key], value, `${path}.${key}`);
  } else if (typeof message === 'number') {
    assert.equal(Number(json ?? 0), message, path);
  } else {
    assert.equal(json ?? (typeof message === 'boolean' ? false : message?.endsWith?.('_UNSPECIFIED') ? message : message === null ? null : ''), message, path);
  }
}
for (const [service, method, request] of [
  ['CatalogService', 'ListArtists', { pageSize: 7 }],
  ['CatalogService', 'ListVenues', {}],
  ['AgentService', 'ListAgents', { includeBuiltin: true }],
  ['LedgerService', 'ListPredictions', {}],
  ['EventService', 'ListEvents', { pageSize: 5 }],
  ['TraceService', 'ListTraces', {}],
])
  test(`${method} says what gRPC says`, async () => {
    const json = await ask(`/promoteros.v1.${service}/${method}`, request);
    same(json, await daemon.client(service).ask(method[0].toLowerCase() + method.slice(1), request));
    if (method === 'ListArtists') assert.equal(json.artists.length, 7);
  });
test('an agent answers, with its trace', async () => {
  const json = await ask('/promoteros.v1.TrendAnalyzerService/DetectBreakouts', {});
  assert.match(json.traceId, /^[0-9a-f]{32}$/);
  const { trace } = await ask('/promoteros.v1.TraceService/GetTrace', { traceId: json.traceId });
  assert.equal(trace.traceId, json.traceId);
});
test('errors are gRPC\'s errors', async () => {
  for (const [service, method, request] of [
    ['CatalogService', 'GetArtist', { id: 'ar_none' }],
    ['CatalogService', 'GetArtist', {}],
    ['TraceService', 'GetTrace', { traceId: 'x' }],
    ['CatalogService', 'ListArtists', { pageToken: 'nonsense' }],
  ]) {
    const error = await daemon.client(service).ask(method[0].toLowerCase() + method.slice(1), request).then(() => assert.fail('accepted'), (e) => e);
    const reply = await call(`/promoteros.v1.${service}/${method}`, request);
    const json = await reply.json();
    assert.equal(json.code.toUpperCase(), grpc.status[error.code]);
    assert.equal(json.message, error.details);
    assert.equal(json.details[0].debug.reason, reasonOf(error));
  }
});

test('page, health, whoami and figures', async () => {
  const page = await fetch(daemon.url);
  const text = await page.text();
  assert.equal(page.status, 200);
  assert.match(text, /<html lang="en">.*<h1>PromoterOS is running.*Trend analyzer.*DetectBreakouts/s);
  assert.doesNotMatch(text, /<script|src=|href="http|url\(/);
  assert.match(page.headers.get('content-security-policy'), /default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}='/);
  assert.equal(page.headers.get('x-content-type-options'), 'nosniff');
  assert.deepEqual(await (await fetch(`${daemon.url}/healthz`)).json(), { status: 'serving' });
  const whoami = await (await fetch(`${daemon.url}/v1/whoami`)).json();
  assert.equal(whoami.who, 'anonymous');
  assert.deepEqual(whoami.scopes, ['*']);
  assert.match(whoami.host.version, /^\d+\.\d+\.\d+/);
  const figures = await (await fetch(`${daemon.url}/metrics`)).text();
  assert.match(figures, /^promoteros_calls_total\{method="promoteros.v1.CatalogService\/UpsertArtist",code="OK"\} 21$/m);
  assert.match(figures, /^promoteros_store_records\{kind="artist"\} 21$/m);
  assert.match(figures, /^process_resident_memory_bytes \d{6,}$/m);
  for (const line of figures.trim().split('\n'))
    assert.match(line, /^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? [0-9.e+-]+)$/, line);
  const top = await new Promise((resolve) => http.request(daemon.url, { method: 'HEAD' }, resolve).end());
  assert.equal(Number(top.headers['content-length']), Buffer.byteLength(text));
});

test('addresses, methods, types, versions and time-outs', async () => {
  const get = (path, options) => fetch(daemon.url + path, options);
  await refused(get('/absent'), 404, 'not_found', 'NO_SUCH_PAGE');
  await refused(get('/..%2f..%2fetc/passwd'), 404, 'not_found');
  await refused(call('/promoteros.v1.CatalogService/Absent'), 404, 'unimplemented', 'NO_SUCH_METHOD');
  await refused(call(`/${'a.'.repeat(400)}/B`), 404, 'unimplemented', 'NO_SUCH_METHOD');
  const wrong = await refused(get(LIST), 405, 'unimplemented', 'METHOD_NOT_ALLOWED', /POST/);
  assert.match(wrong.headers.get('allow'), /^POST/);
  await refused(get('/', { method: 'DELETE' }), 405, 'unimplemented', 'METHOD_NOT_ALLOWED');
  await refused(get('/mcp'), 405, 'unimplemented', 'METHOD_NOT_ALLOWED');
  await refused(call(LIST, '{}', { 'Content-Type': 'text/plain' }), 415, 'invalid_argument', 'CONTENT_TYPE');
  await refused(call(LIST, '{}', { 'Content-Type': 'application/connect+json' }), 415, 'invalid_argument', 'CONTENT_TYPE');
  await refused(call(LIST, '{}', { 'Content-Encoding': 'gzip' }), 415, 'invalid_argument', 'CONTENT_ENCODING');
  assert.equal((await call(LIST, '{}', { 'Content-Type': 'Application/JSON; charset=utf-8', 'Connect-Protocol-Version': '1' })).status, 200);
  await refused(call(LIST, '{}', { 'Connect-Protocol-Version': '2' }), 400, 'invalid_argument', 'CONNECT_VERSION');
  await refused(call(LIST, '{}', { 'Connect-Timeout-Ms': '-1' }), 400, 'invalid_argument', 'BAD_TIMEOUT');
  await refused(call(LIST, '{}', { 'Connect-Timeout-Ms': '12345678901' }), 400, 'invalid_argument', 'BAD_TIMEOUT');
  await refused(call(LIST, '{}', { 'Connect-Timeout-Ms': '0' }), 504, 'deadline_exceeded');
  await refused(call('/promoteros.v1.EventService/WatchEvents'), 501, 'unimplemented', 'STREAMING', /gRPC/);
});

test('bodies that are no request', async () => {
  const bad = {
    'nothing': '', 'a number': '1', 'a list': '[]', 'cut': '{"pageSize":', 'text behind': '{} {}', 'a comment': '{/**/}',
    'a wrong type': '{"pageSize":"many"}', 'a fraction': '{"pageSize":1.5}', 'out of range': '{"pageSize":99999999999}', 'an unknown member': '{"pagesize":1,"x":2}',
    'a member twice': '{"pageSize":1,"pageSize":2}', 'bytes that are not UTF-8': Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]),
    'a NUL': '{"pageToken":"a\\u0000b"}', 'half a surrogate pair': '{"pageToken":"\\ud800"}', 'NaN': '{"pageSize":NaN}',
    'deep lists': '{"artistIds":' + '['.repeat(100000) + ']'.repeat(100000) + '}', 'deep objects': '{"a":'.repeat(50000) + '1' + '}'.repeat(50000),
    'open brackets': '['.repeat(500000), 'a byte order mark': '\ufeff{}',
  };
  for (const [what, body] of Object.entries(bad)) {
    const reply = await call(LIST, body);
    const text = await reply.text();
    assert.equal(reply.status, 400, `${what}: ${text}`);
    assert.equal(JSON.parse(text).code, 'invalid_argument', what);
  }
  await refused(call(LIST, `{"pageToken":"${'x'.repeat(10 << 20)}"}`), 413, 'resource_exhausted', 'BODY_TOO_LARGE');
  assert.equal((await call(LIST, `{${' '.repeat((1 << 20) - 2)}}`)).status, 200);
  await refused(call(LIST, `{${' '.repeat((1 << 20) - 1)}}`), 413, 'resource_exhausted', 'BODY_TOO_LARGE');
});

test('chunks, pieces and pipelines', async () => {
  const chunked = head(`POST ${AGENTS} HTTP/1.1`, 'Content-Type: application/json', 'Transfer-Encoding: chunked', 'Connection: close');
  assert.deepEqual(statuses(await raw(chunked + '1;a=b\r\n{\r\n1\r\n}\r\n0\r\nX: y\r\n\r\n')), [200]);
  assert.deepEqual(statuses(await raw(chunked + '2\r\n{}0\r\n\r\n')), [400]);
  assert.deepEqual(statuses(await raw([chunked, ...Array(400).fill(`2000\r\n${' '.repeat(8192)}\r\n`)])), [413]);
  assert.deepEqual(statuses(await raw([...post('{}', 'Connection: close')], { gapMs: 1, ms: 10000 })), [200], 'one byte at a time');
  assert.deepEqual(statuses(await raw(post('{}').repeat(49) + post('{}', 'Connection: close'))), Array(50).fill(200), 'pipelined');
  assert.deepEqual(statuses(await raw('\r\n' + post('{}', 'Connection: close'))), [200]);
  const waiting = await raw([head(`POST ${AGENTS} HTTP/1.1`, 'Content-Type: application/json', 'Content-Length: 2', 'Expect: 100-continue', 'Connection: close'), '{}'], { gapMs: 200 });
  assert.match(waiting, /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK/);
  assert.match(await raw('GET /healthz HTTP/1.0\r\n\r\n'), /^HTTP\/1\.1 403 /, 'no host, no name');
  const old = await raw('GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n');
  assert.match(old, /^HTTP\/1\.1 200 OK.*Connection: close/s);
});

test('what can be read in two ways is refused, and the connection ends', async () => {
  const inner = post('{}');
  const cases = {
    'both lengths': head(`POST ${AGENTS} HTTP/1.1`, 'Content-Type: application/json', 'Content-Length: 4', 'Transfer-Encoding: chunked') + '0\r\n\r\n' + inner,
    'two lengths': head(`POST ${AGENTS} HTTP/1.1`, 'Content-Length: 0', `Content-Length: ${inner.length}`) + inner,
    'a list of lengths': head(`POST ${AGENTS} HTTP/1.1`, `Content-Length: 0, ${inner.length}`) + inner,
    'a signed length': head(`POST ${AGENTS} HTTP/1.1`, 'Content-Length: +0') + inner,
    'a blank before the colon': head(`POST ${AGENTS} HTTP/1.1`, `Content-Length : ${inner.length}`) + inner,
    'a folded line': head('GET /healthz HTTP/1.1', 'X: a', ` Content-Length: ${inner.length}`) + inner,
    'a bare line feed': head('GET /healthz HTTP/1.1', `X: a\nContent-Length: ${inner.length}`) + inner,
    'a bare carriage return': head('GET /healthz HTTP/1.1', `X: a\rContent-Length: ${inner.length}`) + inner,
    'a coding twice': head(`POST ${AGENTS} HTTP/1.1`, 'Transfer-Encoding: chunked', 'Transfer-Encoding: identity') + '0\r\n\r\n' + inner,
    'an odd coding': head(`POST ${AGENTS} HTTP/1.1`, 'Transfer-Encoding: xchunked') + '0\r\n\r\n' + inner,
    'a coding with a tab': head(`POST ${AGENTS} HTTP/1.1`, 'Transfer-Encoding: \x0bchunked') + '0\r\n\r\n' + inner,
    'a chunk size with a sign': head(`POST ${AGENTS} HTTP/1.1`, 'Content-Type: application/json', 'Transfer-Encoding: chunked') + '+2\r\n{}\r\n0\r\n\r\n' + inner,
    'a chunk that ends by LF': head(`POST ${AGENTS} HTTP/1.1`, 'Content-Type: application/json', 'Transfer-Encoding: chunked') + '2\n{}\n0\n\n' + inner,
    'a huge chunk size': head(`POST ${AGENTS} HTTP/1.1`, 'Content-Type: application/json', 'Transfer-Encoding: chunked') + 'fffffffffffffffff\r\n{}' + inner,
    'two hosts': head('GET /healthz HTTP/1.1', 'Host: evil.example') + inner,
    'a NUL': head('GET /healthz HTTP/1.1', 'X: a\0b') + inner,
    'no HTTP': 'hello\r\n\r\n' + inner,
    'TLS': Buffer.from('16030100a50100', 'hex'),
    'HTTP/2': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n' + inner,
    'a body that nobody asked for': head('GET /absent HTTP/1.1', `Content-Length: ${inner.length}`) + inner,
  };
  for (const [what, bytes] of Object.entries(cases)) {
    const seen = statuses(await raw(bytes, { ms: what === 'TLS' ? 300 : 6000 }));
    if (what === 'TLS') { assert.deepEqual(seen, []); continue; }
    assert.equal(seen.length, 1, `${what}: ${seen}`);
    assert.ok(seen[0] >= 400 && seen[0] <= 505, `${what}: ${seen}`);
  }
});

test('large heads', async () => {
  assert.deepEqual(statuses(await raw(head('GET /healthz HTTP/1.1', `X: ${'a'.repeat(17000)}`))), [431]);
  assert.deepEqual(statuses(await raw(head('GET /healthz HTTP/1.1', ...Array(70).fill('X: y')))), [431]);
  assert.deepEqual(statuses(await raw(head(`GET /${'a'.repeat(3000)} HTTP/1.1`))), [414]);
  assert.deepEqual(statuses(await raw([head('GET /healthz HTTP/1.1').slice(0, -2), ...Array(2000).fill('X: yyyyyyyy\r\n')])), [431], 'without an end');
});

test('names and origins', async () => {
  const of = (name, ...fields) => raw(['GET /healthz HTTP/1.1', `Host: ${name}`, 'Connection: close', ...fields, '', ''].join('\r\n'));
  for (const name of ['localhost', '127.0.0.1:1', '[::1]:80']) assert.deepEqual(statuses(await of(name)), [200], name);
  for (const name of ['evil.example', 'localhost.evil.example', '127.0.0.1.nip.io', '', '0', '169.254.169.254'])
    assert.deepEqual(statuses(await of(name)), [403], name);
  await refused(call(LIST, {}, { Origin: 'https://evil.example' }), 403, 'permission_denied', 'ORIGIN_NOT_ALLOWED', /allowed_origins/);
  await refused(call(LIST, {}, { Origin: 'null' }), 403, 'permission_denied', 'ORIGIN_NOT_ALLOWED');
  await refused(call('/mcp', {}, { Origin: 'https://evil.example' }), 403, 'permission_denied', 'ORIGIN_NOT_ALLOWED');
  assert.equal((await call(LIST, {}, { Origin: daemon.url })).status, 200);
});

test('a wrong key is refused everywhere but on the open pages', async () => {
  for (const path of ['/v1/whoami', '/metrics'])
    for (const headers of [{ Authorization: 'Bearer nonsense' }, { 'X-API-Key': 'nonsense' }, { Authorization: 'Basic eDp5' }, { Authorization: `Bearer ${'x'.repeat(5000)}` }]) {
      const reply = await refused(fetch(daemon.url + path, { headers }), 401, 'unauthenticated', 'KEY_INVALID');
      assert.match(reply.headers.get('www-authenticate'), /^Bearer/);
    }
  await refused(call(LIST, {}, { Authorization: 'Bearer nonsense' }), 401, 'unauthenticated', 'KEY_INVALID');
  await refused(call('/mcp', {}, { Authorization: 'Bearer nonsense' }), 401, 'unauthenticated', 'KEY_INVALID');
  assert.equal((await fetch(`${daemon.url}/healthz`, { headers: { Authorization: 'Bearer nonsense' } })).status, 200);
});

test('a key opens what its scopes allow', async () => {
  const made = await ask('/promoteros.v1.AccessService/CreateKey', { name: 'n8n', scopes: ['promoteros.v1.CatalogService/ListArtists'] });
  const secret = made.secret;
  assert.match(secret, /^pros_/);
  for (const headers of [{ Authorization: `Bearer ${secret}` }, { authorization: `bearer ${secret}` }, { 'X-API-Key': secret }]) {
    const whoami = await (await fetch(`${daemon.url}/v1/whoami`, { headers })).json();
    assert.equal(whoami.who, 'n8n');
    assert.deepEqual(whoami.scopes, ['promoteros.v1.CatalogService/ListArtists']);
    assert.equal((await ask(LIST, { pageSize: 1 }, headers)).artists.length, 1);
    await refused(call('/promoteros.v1.CatalogService/ListVenues', {}, headers), 403, 'permission_denied', 'KEY_SCOPE');
  }
});

test('a caller who goes away, and many at once', async () => {
  for (let i = 0; i < 100; i++) {
    const socket = net.connect(port, host);
    socket.on('error', () => {});
    socket.write(post('{}').repeat(i % 5 + 1));
    if (i % 2) socket.resetAndDestroy(); else socket.end();
  }
  const replies = await Promise.all(Array.from({ length: 300 }, () => call(LIST, { pageSize: 3 }).then((reply) => reply.json())));
  assert.ok(replies.every((reply) => reply.artists.length === 3));
});

test('memory stays bounded', async () => {
  for (let i = 0; i < 5; i++) await call(LIST, `{${' '.repeat(1000000)}}`);
  const before = rssMb();
  const large = Buffer.alloc(10 << 20, 0x20);
  const numbers = `{"x":[${'1,'.repeat(500000)}1]}`;
  for (let round = 0; round < 3; round++) {
    await Promise.all(Array.from({ length: 20 }, () => call(LIST, large).then((reply) => reply.text()).catch(() => {})));
    await Promise.all(Array.from({ length: 20 }, () => call(LIST, '['.repeat(1000000)).then((reply) => reply.text())));
    await Promise.all(Array.from({ length: 5 }, () => call(LIST, numbers).then((reply) => reply.text())));
  }
  const grown = rssMb() - before;
  console.log(`| web door: 135 hostile bodies of 1 to 10 MB cost ${grown.toFixed(0)} MB`);
  assert.ok(grown < 150, `grew by ${grown} MB`);
});

test('large hostile bodies keep nobody waiting', async () => {
  const numbers = `{"x":[${'1,'.repeat(500000)}1]}`;
  const flood = Promise.all(Array.from({ length: 12 }, () => call(LIST, numbers).then((reply) => reply.text())));
  const waits = [];
  for (let i = 0; i < 15; i++) {
    const from = performance.now();
    assert.equal((await fetch(`${daemon.url}/healthz`)).status, 200);
    waits.push(performance.now() - from);
  }
  await flood;
  waits.sort((a, b) => a - b);
  console.log(`| web door: while 12 bodies of half a million numbers are read, /healthz answers in ${waits[7].toFixed(0)} ms (median)`);
  assert.ok(waits[7] < 300, `${waits}`);
});

test('slow callers are sent away, and keep nobody waiting', async () => {
  const started = Date.now();
  const slow = [
    ...Array.from({ length: 100 }, () => raw(head('GET /healthz HTTP/1.1').slice(0, -2), { ms: 20000 })),
    raw([...head('GET /healthz HTTP/1.1', `X: ${'y'.repeat(100)}`)], { ms: 20000, gapMs: 200 }),
  ];
  const waits = [];
  for (let i = 0; i < 20; i++) {
    const from = Date.now();
    assert.equal((await fetch(`${daemon.url}/healthz`)).status, 200);
    waits.push(Date.now() - from);
    await sleep(50);
  }
  assert.ok(Math.max(...waits) < 500, `${waits}`);
  for (const text of await Promise.all(slow)) assert.deepEqual(statuses(text), [408]);
  assert.ok(Date.now() - started < 15000);
});

let rpcId = 0;
const rpc = async (method, params, headers = {}) => {
  const reply = await call('/mcp', { jsonrpc: '2.0', id: ++rpcId, method, params }, { Accept: 'application/json, text/event-stream', 'MCP-Protocol-Version': '2025-11-25', ...headers });
  const json = await reply.json();
  assert.equal(json.jsonrpc, '2.0');
  assert.equal(json.id, rpcId);
  return json;
};
test('MCP: a session as n8n holds one', async () => {
  const { result: hello } = await rpc('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'n8n', version: '1' } });
  assert.equal(hello.protocolVersion, '2025-06-18');
  assert.equal(hello.serverInfo.name, 'promoteros');
  assert.equal((await rpc('initialize', { protocolVersion: '1999-01-01' })).result.protocolVersion, '2025-11-25');
  const noted = await call('/mcp', { jsonrpc: '2.0', method: 'notifications/initialized' });
  assert.equal(noted.status, 202);
  assert.equal(await noted.text(), '');
  assert.deepEqual((await rpc('ping')).result, {});
  const { result: { tools } } = await rpc('tools/list', {});
  const names = tools.map(({ name }) => name);
  assert.ok(names.includes('trend_analyzer_detect_breakouts') && names.includes('deal_optimizer_optimize_deal'), `${names}`);
  for (const tool of tools) {
    assert.match(tool.name, /^[a-z0-9_]{1,64}$/);
    assert.ok(tool.description.length > 10);
    assert.equal(tool.inputSchema.type, 'object');
    assert.equal(tool.annotations.readOnlyHint, true);
  }
  const { result } = await rpc('tools/call', { name: 'trend_analyzer_detect_breakouts', arguments: {} });
  assert.equal(result.isError, false);
  assert.match(result.structuredContent.traceId, /^[0-9a-f]{32}$/);
  assert.deepEqual(JSON.parse(result.content[0].text), result.structuredContent);
  const { result: failed } = await rpc('tools/call', { name: 'audience_predictor_predict_attendance', arguments: { nonsense: 1 } });
  assert.equal(failed.isError, true);
  assert.match(failed.content[0].text, /nonsense/);
});
test('MCP: what is no request', async () => {
  assert.equal((await rpc('tools/call', { name: 'absent' })).error.code, -32602);
  assert.equal((await rpc('absent')).error.code, -32601);
  for (const [body, code] of [['{', -32700], ['[]', -32600], ['{"jsonrpc":"1.0","id":1,"method":"ping"}', -32600], ['{"jsonrpc":"2.0","id":null,"method":"ping"}', -32600],
    ['{"jsonrpc":"2.0","id":1.5,"method":"ping"}', -32600], [`{"jsonrpc":"2.0","id":"${'x'.repeat(200)}","method":"ping"}`, -32600], ['{"jsonrpc":"2.0","id":1,"method":"ping","params":[]}', -32600]]) {
    const reply = await call('/mcp', body);
    assert.equal(reply.status, 400, body);
    assert.equal((await reply.json()).error.code, code, body);
  }
  const odd = await call('/mcp', '{"jsonrpc":"2.0","id":"a\\"\\u0001","method":"ping"}');
  assert.equal((await odd.json()).id, 'a"\u0001');
  const reply = await call('/mcp', { jsonrpc: '2.0', id: 1, method: 'ping' }, { 'MCP-Protocol-Version': '2099-01-01' });
  assert.equal(reply.status, 400);
  assert.equal((await reply.json()).error.code, -32022);
});

test('another origin that is allowed, and a key that is required', async () => {
  const { writeFileSync } = await import('node:fs');
  const strict = new Daemon();
  const file = `${strict.folder}/strict.yaml`;
  writeFileSync(file, 'http:\n  allowed_hosts: "booking.example"\n  allowed_origins: "https://booking.example"\naccess:\n  require_key: true\n');
  strict.extra = ['--config', file];
  await strict.start();
  const at = (path, options) => fetch(strict.url + path, options);
  assert.equal((await at('/')).status, 200);
  assert.equal((await at('/healthz')).status, 200);
  await refused(at('/v1/whoami'), 401, 'unauthenticated', 'KEY_MISSING');
  await refused(at('/metrics'), 401, 'unauthenticated', 'KEY_MISSING');
  await refused(at(LIST, { method: 'POST' }), 401, 'unauthenticated', 'KEY_MISSING');
  await refused(at('/a.B/C', { method: 'POST' }), 401, 'unauthenticated', 'KEY_MISSING');
  const asked = await at(LIST, { method: 'OPTIONS', headers: { Origin: 'https://booking.example', 'Access-Control-Request-Method': 'POST' } });
  assert.equal(asked.status, 204);
  assert.equal(asked.headers.get('access-control-allow-origin'), 'https://booking.example');
  assert.match(asked.headers.get('access-control-allow-headers'), /Authorization, Content-Type/);
  await refused(at(LIST, { method: 'OPTIONS', headers: { Origin: 'https://evil.example' } }), 403, 'permission_denied', 'ORIGIN_NOT_ALLOWED');
  await strict.stop();
});
