// The main job on the demo city: detect, predict, compare deals; and whether what is said adds up.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Daemon } from './daemon.mjs';

const daemon = new Daemon();
const lastDay = '2026-10-31';
const asOf = { seconds: Date.parse('2026-11-01T12:00:00Z') / 1000 };
let found, venue;

before(async () => {
  await daemon.start();
  const { code, err } = daemon.ctl('demo', 'load', '--seed', '7', '--last-day', lastDay);
  assert.equal(code, 0, err);
  found = await daemon.client('TrendAnalyzerService').ask('detectBreakouts', { asOfTime: asOf });
  const { venues } = await daemon.client('CatalogService').ask('listVenues', { ownOnly: true });
  venue = venues.find((one) => one.name === 'The Lantern');
});
after(() => daemon.stop());

// Baseline + contributions + residual = link(value), recomputed by somebody else.
function addsUp(trace) {
  assert.ok(trace.conclusions.length > 0);
  for (const c of trace.conclusions) {
    const target = { LINK_IDENTITY: c.value, LINK_LOG: Math.log(c.value), LINK_LOGIT: Math.log(c.value / (1 - c.value)) }[c.link];
    const sum = c.contributions.reduce((total, one) => total + one.amount, c.baseline) + c.residual;
    assert.ok(Math.abs(sum - target) <= 1e-6 * Math.max(1, Math.abs(target)), `${c.name}: ${sum} is not ${target}`);
  }
  const known = new Set([...trace.inputs, ...trace.steps].map((one) => one.id));
  for (const step of trace.steps) for (const id of step.useIds) assert.ok(known.has(id), `${step.title} uses ${id}`);
}

test('the demo loads once, and says that it is simulated', async () => {
  const status = await daemon.client('AgentService').ask('getHostStatus', {});
  assert.equal(status.artistCount, 200);
  assert.ok(status.showCount > 2000 && status.pointCount > 400000 && status.hasSimulatedData);
  const again = daemon.ctl('demo', 'load', '--seed', '7', '--last-day', lastDay);
  assert.equal(again.code, 0);
  assert.match(again.err, /already/);
  assert.equal((await daemon.client('AgentService').ask('getHostStatus', {})).pointCount, status.pointCount);
});

test('detection ranks candidates with probability, lead time and reasons that add up', () => {
  assert.ok(found.candidates.length >= 5);
  const probabilities = found.candidates.map((candidate) => candidate.probability);
  assert.deepEqual(probabilities, [...probabilities].sort((a, b) => b - a));
  for (const candidate of found.candidates) {
    assert.ok(candidate.probability > 0 && candidate.probability < 1 && candidate.name && candidate.simulated);
    assert.ok(candidate.reasons.length > 0 && candidate.reasons.every((reason) => reason.text.length > 10));
    const sum = candidate.reasons.reduce((total, reason) => total + reason.amount, candidate.baselineLogOdds);
    const logOdds = Math.log(candidate.probability / (1 - candidate.probability));
    assert.ok(Math.abs(sum - logOdds) < 1e-6 * Math.max(1, Math.abs(logOdds)), `${candidate.name}: ${sum} is not ${logOdds}`);
  }
  addsUp(found.trace);
});

test('attendance is a distribution over the room, with named comparables', async () => {
  for (const candidate of found.candidates.slice(0, 3)) {
    const answer = await daemon.client('AudiencePredictorService').ask('predictAttendance', {
      asOfTime: asOf, artistId: candidate.entity.id, venueId: venue.id, roomId: 'main', showDate: '2027-01-08' });
    assert.equal(answer.capacityTickets, 500);
    assert.ok(answer.lowTickets <= answer.likelyTickets && answer.likelyTickets <= answer.highTickets && answer.highTickets <= 500);
    assert.ok(answer.sellOutProbability >= 0 && answer.sellOutProbability <= 1);
    const values = answer.paidTickets.values;
    assert.deepEqual(values, [...values].sort((a, b) => a - b));
    const sum = answer.reasons.reduce((total, reason) => total + reason.contributionTickets, answer.baselineTickets);
    assert.ok(Math.abs(sum - answer.paidTickets.mean) < 1e-6 * answer.paidTickets.mean, `${sum} is not ${answer.paidTickets.mean}`);
    assert.ok(answer.levels.some((level) => level.showCount > 0 && level.shows.length > 0));
    addsUp(answer.trace);
    assert.ok(answer.trace.inputs.some((input) => input.source.includes('CatalogService') && /^[0-9a-f]{64}$/.test(input.sha256)));
  }
});

test('a prediction stands in the ledger and is scored when the night has been', async () => {
  const ledger = daemon.client('LedgerService'), catalog = daemon.client('CatalogService');
  const artistId = found.candidates[0].entity.id, showDate = '2026-11-20';
  const answer = await daemon.client('AudiencePredictorService').ask('predictAttendance', { artistId, venueId: venue.id, roomId: 'main', showDate, asOfTime: asOf });
  const open = await ledger.ask('listPredictions', { target: 'paid-tickets', subjectPrefix: `artist/${artistId}/venue/${venue.id}/date/${showDate}`, open: true });
  assert.equal(open.predictions.length, 1);
  assert.equal(open.predictions[0].traceId, answer.traceId);
  await catalog.ask('upsertShow', { requestId: 'scored', show: { artistId, venueId: venue.id, roomId: 'main', showDate, performanceCount: 1, capacityTickets: 500, attendance: { paidTickets: 321, heads: 300, knownTime: { seconds: Date.parse('2026-11-21T10:00:00Z') / 1000 } } } });
  const { prediction } = await ledger.ask('getPrediction', { id: open.predictions[0].id });
  assert.equal(prediction.outcome.value, 321);
  assert.ok(prediction.score.crps >= 0);
  const card = await ledger.ask('getScorecard', { target: 'paid-tickets' });
  assert.equal(card.scoredCount, 1);
});

test('every trace can be read again and verified', async () => {
  const traces = daemon.client('TraceService');
  const { trace } = await traces.ask('getTrace', { traceId: found.traceId });
  assert.equal(trace.traceId, found.traceId);
  const { valid, checks } = await traces.ask('verifyTrace', { traceId: found.traceId });
  assert.ok(valid, JSON.stringify(checks));
  assert.ok(checks.length >= 3);
});

test('as of a past day, nothing later is seen', async () => {
  const past = { seconds: Date.parse('2026-09-01T12:00:00Z') / 1000 };
  const candidate = found.candidates[0].entity;
  const { series } = await daemon.client('SignalService').ask('querySignals', { asOfTime: past, entities: [candidate] });
  assert.ok(series.length > 0);
  for (const one of series) assert.ok(Math.max(...one.observedAtMs) < past.seconds * 1000);
  const { shows } = await daemon.client('CatalogService').ask('listShows', { asOfTime: past, filter: { ownOnly: true, startDate: '2026-08-25', endDate: '2026-12-01' }, pageSize: 1000 });
  for (const show of shows) {
    for (const count of show.ticketCounts) assert.ok(Number(count.observedTime.seconds) <= past.seconds);
    if (show.showDate >= '2026-09-01') assert.ok(!show.attendance, `${show.showDate} had been counted before it was played`);
  }
});

test('the same question as of the same moment gives the same answer', async () => {
  const trend = daemon.client('TrendAnalyzerService');
  const past = { seconds: Date.parse('2026-09-15T00:00:00Z') / 1000 };
  const strip = ({ traceId, trace, ...answer }) => answer;
  const first = await trend.ask('detectBreakouts', { asOfTime: past });
  const second = await trend.ask('detectBreakouts', { asOfTime: past });
  assert.deepEqual(strip(first), strip(second));
  assert.equal(first.trace.replySha256, second.trace.replySha256);
});

test('the tour tells a newcomer everything', () => {
  const { code, out, err } = daemon.ctl('demo', 'tour');
  assert.equal(code, 0, err);
  for (const words of ['simulated', 'Who is about to break out', 'Paid tickets', 'Sell-out', 'Offer', 'P(loss)', 'Break-even', 'Why'])
    assert.ok(out.includes(words), `"${words}" is missing in:\n${out}`);
  console.log(out);
});
