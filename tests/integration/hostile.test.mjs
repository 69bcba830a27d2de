// Bad input gets a clear error, nothing is written, and the daemon goes on.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Daemon, grpc, reasonOf } from './daemon.mjs';

const daemon = new Daemon();
let catalog, signals, artistId, venueId, requests = 0;
const requestId = () => `hostile-${++requests}`;

before(async () => {
  await daemon.start();
  catalog = daemon.client('CatalogService');
  signals = daemon.client('SignalService');
  artistId = (await catalog.ask('upsertArtist', { requestId: requestId(), artist: { name: 'Honest Act' } })).artist.id;
  venueId = (await catalog.ask('upsertVenue', {
    requestId: requestId(),
    venue: { name: 'Small Room', city: 'Testville', countryCode: 'US', timeZone: 'UTC', own: true,
      rooms: [{ id: 'main', name: 'Main', configurations: [{ id: 'standing', capacityTickets: 200 }] }] },
  })).venue.id;
});
after(() => daemon.stop());

// Sends raw bytes to a method.
function raw(method, bytes) {
  const client = new grpc.Client(daemon.address, grpc.credentials.createInsecure());
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(method, (x) => x, (x) => x, bytes, { deadline: Date.now() + 30000 },
      (error, reply) => (error ? reject(error) : resolve(reply)));
  });
}

async function refused(promise, code, words) {
  // A refusal for another reason than the one that is tested would prove nothing.

  const error = await promise.then(() => assert.fail('was accepted'), (e) => e);
  assert.equal(error.code, code, `${error.code}: ${error.details}`);
  assert.doesNotMatch(error.details, /request_id/);
  if (words) assert.match(error.details, words);
  assert.ok(error.details.length > 20, `too short to help: ${error.details}`);
  return error;
}

const { INVALID_ARGUMENT, NOT_FOUND, RESOURCE_EXHAUSTED } = grpc.status;

const malformed = {
  'a cut varint': Buffer.from([0x08, 0x80]),
  'a length past the end': Buffer.from([0x0a, 0x7f, 0x41]),
  'field number zero': Buffer.from([0x00, 0x01]),
  'a group': Buffer.from([0x0b, 0x0c]),
  'bytes that are not UTF-8 in a string': Buffer.from([0x12, 0x02, 0xff, 0xfe]),
  'NUL in a string': Buffer.from([0x12, 0x03, 0x61, 0x00, 0x62]),
};
for (const [what, bytes] of Object.entries(malformed))
  test(`malformed protobuf: ${what}`, () => refused(raw('/promoteros.v1.CatalogService/GetArtist', bytes), INVALID_ARGUMENT));

test('a message over the limit', () =>
  refused(raw('/promoteros.v1.CatalogService/GetArtist', Buffer.alloc(2 << 20)), RESOURCE_EXHAUSTED));

test('a million empty submessages', () => {
  const bytes = Buffer.alloc(1000000);
  for (let i = 0; i < bytes.length; i += 2) bytes[i] = 0x1a; // signals: empty, field 3
  return refused(raw('/promoteros.v1.SignalService/AppendSignalImport', bytes), RESOURCE_EXHAUSTED);
});

test('a wrong enum', () => refused(raw('/promoteros.v1.SignalService/ScanSignals', Buffer.from([0x10, 0x63])), INVALID_ARGUMENT, /kind/i));

const goodSeries = { source: 'test', metric: 'followers', observedAtMs: [86400000, 172800000], values: [1, 2] };
async function append(series, kind = 'ENTITY_KIND_ARTIST') {
  const { importId } = await signals.ask('beginSignalImport', { requestId: requestId() });
  return signals.ask('appendSignalImport', { importId, signals: [{ kind, name: 'New Act', series: [{ ...goodSeries, ...series }] }] });
}
test('signals: NaN', () => refused(append({ values: [1, NaN] }), INVALID_ARGUMENT, /number|finite|nan/i));
test('signals: infinity', () => refused(append({ values: [1, Infinity] }), INVALID_ARGUMENT, /number|finite|infinit/i));
test('signals: a negative count', () => refused(append({ values: [1, -2] }), INVALID_ARGUMENT, /negative|below 0|at least 0/i));
test('signals: columns of different length', () => refused(append({ values: [1] }), INVALID_ARGUMENT, /elements/));
test('signals: times out of order', () => refused(append({ observedAtMs: [172800000, 86400000] }), INVALID_ARGUMENT, /order|after|increas/i));
test('signals: no kind', () => refused(append({}, 'ENTITY_KIND_UNSPECIFIED'), INVALID_ARGUMENT, /kind/));
test('signals: an unknown import', () => refused(signals.ask('commitSignalImport', { importId: 'im_nothing' }), NOT_FOUND, /im_nothing/));

const show = (change) => catalog.ask('upsertShow', {
  requestId: requestId(),
  show: { artistId, venueId, showDate: '2026-03-01', performanceCount: 1, capacityTickets: 200, ...change },
});
test('a show: capacity zero', () => refused(show({ capacityTickets: 0 }), INVALID_ARGUMENT, /capacity/i));
test('a show: negative tickets', () => refused(show({ ticketCounts: [{ observedTime: { seconds: 1772000000 }, soldTickets: -1 }] }), INVALID_ARGUMENT, /sold_tickets/));
test('a show: negative attendance', () => refused(show({ attendance: { paidTickets: -5 } }), INVALID_ARGUMENT, /paid_tickets/));
test('a show: far more paid than capacity', () => refused(show({ attendance: { paidTickets: 2000 } }), INVALID_ARGUMENT, /capacity/));
test('a show: 30 February', () => refused(show({ showDate: '2026-02-30' }), INVALID_ARGUMENT, /date/i));
test('a show: unknown artist', () => refused(show({ artistId: 'ar_nobody' }), NOT_FOUND, /ar_nobody/));
test('a show: unknown venue', () => refused(show({ venueId: 've_nowhere' }), NOT_FOUND, /ve_nowhere/));
test('a venue: capacity zero', () => refused(catalog.ask('upsertVenue', {
    requestId: requestId(),
  venue: { name: 'Void', rooms: [{ id: 'main', name: 'Main', configurations: [{ id: 'a', capacityTickets: 0 }] }] },
}), INVALID_ARGUMENT, /capacity/i));
test('dates reversed', () => refused(catalog.ask('listShows', { filter: { startDate: '2026-05-01', endDate: '2026-04-01' } }), INVALID_ARGUMENT, /date/));
test('a forged page token', () => refused(catalog.ask('listArtists', { pageToken: 'zzzz!' }), INVALID_ARGUMENT, /page/i));
test('an artist without a name', () => refused(catalog.ask('upsertArtist', { requestId: requestId(), artist: { name: '  ' } }), INVALID_ARGUMENT, /name/i));

const predict = (change) => daemon.client('AudiencePredictorService').ask('predictAttendance', { artistId, venueId, showDate: '2027-03-01', ...change });
test('predict: capacity zero', () => refused(predict({ capacityTickets: 0 }), INVALID_ARGUMENT, /capacity/i));
test('predict: unknown artist', () => refused(predict({ artistId: 'ar_nobody' }), NOT_FOUND, /ar_nobody/));
test('predict: unknown room', () => refused(predict({ roomId: 'attic' }), NOT_FOUND, /attic/));
test('predict: a date that is none', () => refused(predict({ showDate: 'soon' }), INVALID_ARGUMENT, /date/i));
test('predict: a date in the past', () => refused(predict({ showDate: '2020-01-01' }), INVALID_ARGUMENT, /2020-01-01/));
test('predict: negative tickets', () => refused(predict({ soldTickets: -3 }), INVALID_ARGUMENT, /sold/));

test('evaluate: NaN in the demand', async () => {
  const error = await refused(daemon.client('DealOptimizerService').ask('evaluateDeal', {
    terms: { currencyCode: 'USD', type: 'DEAL_TYPE_FLAT', guaranteeMinor: 100000 },
    show: { boxOffice: { currencyCode: 'USD', tiers: [{ name: 'all', priceMinor: 2000 }], capacityTickets: 200 } },
    demand: { unit: 'tickets', levels: [0.1, 0.5, 0.9], values: [50, NaN, 180], mean: 100 },
  }), INVALID_ARGUMENT);
  assert.ok(reasonOf(error));
});

test('an as-of time in the future', () => refused(catalog.ask('getArtist', { id: artistId, asOfTime: { seconds: 4102444800 } }), INVALID_ARGUMENT));

test('a file with a line of 10 MB: that line is refused by number, the rest is told', () => {
  const file = path.join(daemon.folder, 'long.csv');
  writeFileSync(file, `artist,source,metric,observed_at,value\nGood Act,test,followers,2026-01-01,10\n${'x'.repeat(10 << 20)}\nGood Act,test,followers,2026-01-02,11\n`);
  const { code, out, err } = daemon.ctl('import', 'signals', file);
  assert.notEqual(code, 0);
  assert.match(out + err, /line 3/);
});

test('after all this the daemon is well, and nothing was written by what was refused', async () => {
  const status = await daemon.client('AgentService').ask('getHostStatus', {});
  assert.equal(status.showCount, 0);
  const { artists } = await catalog.ask('listArtists', { query: 'new act' });
  assert.equal(artists.length, 0);
});
