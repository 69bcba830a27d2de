// kill -9 at any moment: nothing acknowledged is lost, and no import is half there.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Daemon, sleep } from './daemon.mjs';

const kills = Number(process.env.PROMOTEROS_KILL_COUNT ?? 20);
const daemon = new Daemon();
let seed = 20261124;
const random = () => { seed = (seed * 1103515245 + 12345) % 2147483648; return seed / 2147483648; };
after(() => daemon.stop());

const acknowledged = { artists: new Set(), imports: new Map(), traces: new Set() };
const pointsPerImport = 40 * 30;

async function writeArtists(round) {
  const catalog = daemon.client('CatalogService');
  for (let i = 0; ; i++) {
    const name = `Killed ${round} ${i}`;
    await catalog.ask('upsertArtist', { requestId: `${round}-${i}`, artist: { name } });
    acknowledged.artists.add(name);
  }
}

async function importSignals(round) {
  const signals = daemon.client('SignalService');
  for (let i = 0; ; i++) {
    const source = `kill-${round}-${i}`;
    acknowledged.imports.set(source, false);
    const { importId } = await signals.ask('beginSignalImport', { requestId: source });
    for (let chunk = 0; chunk < 4; chunk++)
      await signals.ask('appendSignalImport', { importId, chunkIndex: chunk, signals: Array.from({ length: 10 }, (_, n) => ({
        kind: 'ENTITY_KIND_ARTIST', name: `Imported ${chunk * 10 + n}`,
        series: [{ source, metric: 'followers', observedAtMs: Array.from({ length: 30 }, (_, day) => (day + 1) * 86400000), values: Array.from({ length: 30 }, (_, day) => day + n) }],
      })) });
    const { summary } = await signals.ask('commitSignalImport', { importId });
    assert.equal(summary.addedCount, pointsPerImport);
    acknowledged.imports.set(source, true);
  }
}

async function settleDeals() {
  const deals = daemon.client('DealOptimizerService');
  for (;;) {
    const reply = await deals.ask('settleDeal', {
      terms: { currencyCode: 'USD', type: 'DEAL_TYPE_FLAT', guaranteeMinor: 50000, flags: { roundingRule: 'ROUNDING_RULE_HALF_UP', taxMode: 'TAX_MODE_DIVISOR', facilityFeePlacement: 'FACILITY_FEE_PLACEMENT_INSIDE_PRICE', expenseCapRule: 'EXPENSE_CAP_RULE_NONE' } },
      shows: [{ boxOffice: { currencyCode: 'USD', tiers: [{ name: 'all', priceMinor: 2000, soldTickets: 80 }], facilityFeeMinor: 0, taxPpm: 0, capacityTickets: 100 }, expenses: { currencyCode: 'USD' } }],
    });
    acknowledged.traces.add(reply.traceId);
  }
}

async function verify() {
  const catalog = daemon.client('CatalogService'), signals = daemon.client('SignalService'), traces = daemon.client('TraceService');
  const names = new Set();
  for (let pageToken = ''; ;) {
    const page = await catalog.ask('listArtists', { query: 'killed', pageSize: 1000, pageToken });
    page.artists.forEach((artist) => names.add(artist.name));
    if (!(pageToken = page.nextPageToken)) break;
  }
  for (const name of acknowledged.artists) assert.ok(names.has(name), `${name} was acknowledged and is lost`);
  const { sources } = await signals.ask('listSignalSources', {});
  const counts = new Map(sources.map((entry) => [entry.source, entry.pointCount]));
  for (const [source, done] of acknowledged.imports) {
    const count = counts.get(source) ?? 0;
    assert.ok(count === pointsPerImport || (!done && count === 0), `${source}: ${count} of ${pointsPerImport} points, acknowledged: ${done}`);
  }
  for (const traceId of acknowledged.traces) {
    const { valid } = await traces.ask('verifyTrace', { traceId });
    assert.ok(valid, `trace ${traceId}`);
  }
}

test(`${kills} kills`, { timeout: 1800000 }, async () => {
  for (let round = 0; round < kills; round++) {
    await daemon.start();
    const work = [writeArtists(round), importSignals(round), settleDeals()].map((job) => job.catch((error) => error));
    await sleep(80 + random() * 500);
    await daemon.kill();
    for (const error of await Promise.all(work))
      assert.ok([1, 4, 14].includes(error.code), `not a broken connection: ${error.stack}`);
  }
  await daemon.start();
  await verify();
  console.log(`| ${kills} kills: ${acknowledged.artists.size} writes, ${[...acknowledged.imports.values()].filter(Boolean).length} imports and ${acknowledged.traces.size} traces acknowledged, none lost`);
  assert.ok(acknowledged.artists.size > kills && acknowledged.traces.size > kills);
});
