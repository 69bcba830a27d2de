// Real input through the daemon: the weekly chart history and the theatre weeks of the evaluation data are imported,
// detected on and predicted as of past dates. Figures stand beside the naive rule. Skipped without PROMOTEROS_EVAL_DATA.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { Daemon } from './daemon.mjs';

const data = process.env.PROMOTEROS_EVAL_DATA;
const chartFile = data && path.join(data, 'dev/spotify_us_weekly.csv.gz');
const theatreFile = data && path.join(data, 'dev/broadway_weekly.csv');
if (!data || !existsSync(chartFile) || !existsSync(theatreFile)) {
  console.log('skipped: PROMOTEROS_EVAL_DATA names no folder with the evaluation data');
  process.exit(77);
}

const day = 86400000;
const instant = (date) => ({ seconds: Date.parse(date) / 1000 });
const isoDate = (ms) => new Date(ms).toISOString().slice(0, 10);

// Quoted fields hold commas, never line breaks, in these files.
function readCsv(text) {
  const [head, ...lines] = text.trim().split('\n').map((line) => [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(,|$)/g)].map((m) => m[1].replace(/^"|"$/g, '').replaceAll('""', '"')));
  return lines.map((line) => Object.fromEntries(head.map((name, i) => [name.trim(), line[i]])));
}

const daemon = new Daemon();
const chartImport = ['import', 'signals', chartFile, '--kind', 'track', '--metrics', 'streams,rank', '--set', 'source=chart-us-weekly', '--map', 'observed_at=week', '--map', 'artists=artist', '--map', 'id:spotify=track_id', '--lag', '1d'];
const theatreImport = ['import', 'shows', theatreFile, '--map', 'artist=show', '--map', 'venue=theatre', '--map', 'date=week_ending', '--map', 'capacity=week_capacity', '--map', 'paid=attendance', '--map', 'genre=type', '--set', 'currency=USD', '--set', 'city=New York', '--set', 'country=US', '--set', 'time_zone=America/New_York', '--lag', '2d'];

before(() => daemon.start());
after(() => daemon.stop());

test('the chart history comes in, once', () => {
  const first = daemon.ctl(...chartImport);
  assert.equal(first.code, 0, first.err);
  const again = daemon.ctl(...chartImport);
  assert.equal(again.code, 0, again.err);
  assert.match(first.out + first.err, /125,590 points/);
});

test('the theatre weeks come in', async () => {
  const { code, out, err } = daemon.ctl(...theatreImport);
  assert.equal(code, 0, out + err);
  const status = await daemon.client('AgentService').ask('getHostStatus', {});
  assert.equal(status.showCount, 25783);
  assert.equal(status.pointCount, 125590);
  assert.ok(!status.hasSimulatedData);
});

test('songs are detected before they reach the top 50', async () => {
  const weeks = new Map();
  for (const row of readCsv(gunzipSync(readFileSync(chartFile)).toString()))
    (weeks.get(row.track_id) ?? weeks.set(row.track_id, []).get(row.track_id)).push([Date.parse(row.week), Number(row.rank)]);
  const trend = daemon.client('TrendAnalyzerService'), catalog = daemon.client('CatalogService');
  let flagged = 0, hits = 0, examined = 0, events = 0;
  for (let at = Date.parse('2021-02-05'); at < Date.parse('2022-10-01'); at += 28 * day) {
    const answer = await trend.ask('detectBreakouts', { definition: 'chart-top-50', asOfTime: instant(isoDate(at)), maxCandidateCount: 200 });
    assert.equal(answer.trace.asOfTime.seconds, at / 1000);
    for (const [i, candidate] of answer.candidates.entries()) {
      const { track } = await catalog.ask('getTrack', { id: candidate.entity.id });
      const later = weeks.get(track.externalIds.find((one) => one.scheme === 'spotify').value);
      const reached = later.some(([week, rank]) => week >= at && week < at + 56 * day && rank <= 50);
      examined++;
      events += reached;
      if (i < 3) { flagged++; hits += reached; }
    }
  }
  const base = events / examined;
  console.log(`| chart-top-50 through the daemon: the first 3 of each list: ${hits} of ${flagged} came true (${(100 * hits / flagged).toFixed(0)} %), base rate ${(100 * base).toFixed(1)} % of ${examined}`);
  assert.ok(flagged >= 60 && hits / flagged > 3 * base);
});

test('theatre weeks are predicted one and four weeks ahead', async () => {
  const rows = readCsv(readFileSync(theatreFile, 'utf8'));
  const runs = new Map();
  for (const row of rows) if (row.theatre) (runs.get(row.run_id) ?? runs.set(row.run_id, []).get(row.run_id)).push(row);
  const catalog = daemon.client('CatalogService'), audience = daemon.client('AudiencePredictorService');
  const ids = async (method, key, query) => (await catalog.ask(method, { query, pageSize: 1000 }))[key].find((one) => one.name === query)?.id;
  for (const ahead of [1, 4]) {
    let n = 0, error = 0, naiveError = 0, within = 0, covered = 0;
    const targets = [...runs.values()].filter((weeks) => weeks.length > 25)
      .flatMap((run) => ['2015-03-01', '2015-06-14', '2015-10-04'].map((date) => ({ run, date })));
    for (const { run, date } of targets) {
      const index = run.findIndex((row) => row.week_ending >= date);
      if (index < 20) continue;
      const target = run[index], origin = run[index - ahead];
      if (Date.parse(target.week_ending) - Date.parse(origin.week_ending) !== ahead * 7 * day) continue;
      const artistId = await ids('listArtists', 'artists', target.show), venueId = await ids('listVenues', 'venues', target.theatre);
      if (!artistId || !venueId) continue;
      const capacity = Number(target.week_capacity), actual = Number(target.attendance);
      const answer = await audience.ask('predictAttendance', { artistId, venueId, showDate: target.week_ending,
        capacityTickets: Math.round(capacity / Number(target.performances)), performanceCount: Number(target.performances), genre: target.type.toLowerCase(),
        asOfTime: instant(isoDate(Date.parse(origin.week_ending) + 4 * day)) });
      const naive = Math.min(Number(origin.attendance) / Number(origin.week_capacity), 1.15) * capacity;
      n++;
      error += Math.abs(answer.likelyTickets - actual) / actual;
      naiveError += Math.abs(naive - actual) / actual;
      within += Math.abs(answer.likelyTickets - actual) <= 0.1 * actual;
      covered += answer.lowTickets <= actual && actual <= answer.highTickets;
    }
    console.log(`| theatre weeks ${ahead} ahead through the daemon: n ${n}, MAPE ${(error / n).toFixed(3)} (last share: ${(naiveError / n).toFixed(3)}), within 10 % ${(100 * within / n).toFixed(0)} %, 80 % interval holds ${(100 * covered / n).toFixed(0)} %`);
    assert.ok(n >= 30, `only ${n} runs`);
    assert.ok(error / n < naiveError / n + 0.03);
  }
});
