// A test double of the web door: answers as promoterosd does, from three artists with known figures.
import { createServer } from 'node:http';
import { once } from 'node:events';

export const KEY = 'a-right-key';
const DAY_MS = 86_400_000;
const NEWEST_MS = Date.parse('2026-11-23T00:00:00Z');

export const artists = [
  { id: 'ar_one', name: 'Feral Republic', genres: ['indie rock'], externalIds: [{ scheme: 'tiktok', value: 'feralrepublic' }] },
  { id: 'ar_two', name: 'Quiet Harbour', genres: ['folk'] },
  { id: 'ar_three', name: 'A Winter Play', genres: ['theatre'] },
];
const probabilities = { ar_one: 0.91, ar_two: 0.12 };
// A day's growth of followers, and the posts and views of a day.
const figures = { ar_one: [1.05, 100, 9000], ar_two: [1.001, 3, 40], ar_three: [1.2, 7, 800] };

function series(entity, source, metric, valueOf) {
  const days = [...Array(40).keys()];
  return {
    entity, source, metric,
    observedAtMs: days.map((day) => String(NEWEST_MS - (39 - day) * DAY_MS)),
    values: days.map(valueOf),
    pointFlags: days.map(() => 4),
  };
}

function trace(name, value, unit, extra = {}) {
  return {
    summary: `The ${name} is ${value}.`,
    conclusions: [{ name, value, unit, link: 'LINK_IDENTITY', contributions: [{ amount: -0.5, text: 'small' }, { amount: 2, text: 'large' }, { text: 'nothing' }], confidenceKind: 'CONFIDENCE_KIND_MODEL', ...extra }],
    limits: ['Simulated.'],
  };
}

function candidate(id) {
  return {
    entity: { kind: 'ENTITY_KIND_ARTIST', id }, name: artists.find((artist) => artist.id === id).name, probability: probabilities[id],
    expectedLeadDays: 18, stage: 'TREND_STAGE_BREAKING', weeklyGrowthRatio: 1.42, simulated: true };
}

const distribution = { unit: 'tickets', levels: [0.1, 0.5, 0.9], values: [200, 400, 900], mean: 490 };

function evaluation(label, guaranteeMinor) {
  return {
    label, terms: { currencyCode: 'USD', type: 'DEAL_TYPE_FLAT', guaranteeMinor }, expectedTickets: 480.4,
    promoter: { expectedMinor: '125000', worstMeanMinor: '-300050' }, artist: { expectedMinor: guaranteeMinor },
    lossProbability: 0.18, internalBreakEven: { tickets: '310' } };
}

function refusal(http, code, message) {
  return Object.assign(new Error(message), { http, body: { code, message, details: [] } });
}

const methods = {
  'AgentService/ListAgents': () => ({ agents: [
    { name: 'trend-analyzer', title: 'Trend analyzer', summary: 'Finds artists.', service: 'promoteros.v1.TrendAnalyzerService', methods: [
      { name: 'DetectBreakouts', summary: 'Ranks artists or songs by the probability that they break out.' },
      { name: 'ForecastGrowth', summary: 'Forecasts one daily series up to 90 days ahead.' },
      { name: 'AnalyzeTrend', summary: 'Says where an artist or song stands.' }] },
    { name: 'echo-agent', title: 'Echo', service: 'example.v1.EchoService', methods: [{ name: 'Echo', summary: 'Says it again.' }] }] }),
  'CatalogService/ListArtists': ({ query = '', externalIds = [], pageSize = 100, pageToken = '' }) => {
    const fitting = artists.filter((artist) => artist.name.toLowerCase().includes(query.toLowerCase())
      && externalIds.every(({ value }) => artist.externalIds?.some((one) => one.value === value)));
    const start = Number(pageToken);
    const end = Math.min(fitting.length, start + Math.min(pageSize, 2)); // short pages: the second one must be asked for
    return { artists: fitting.slice(start, end), ...(end < fitting.length ? { nextPageToken: String(end) } : {}) };
  },
  'CatalogService/ListVenues': () => ({ venues: [{ id: 've_hall', name: 'Hall', city: 'Oakland' }] }),
  'CatalogService/GetArtist': ({ id }) => ({ artist: artists.find((artist) => artist.id === id) }),
  'CatalogService/GetTrack': ({ id }) => {
    if (id !== 'tr_song') throw refusal(404, 'not_found', `There is no track with the id "${id}".`);
    return { track: { id, title: 'A Song', artistIds: ['ar_one'] } };
  },
  'SignalService/ListSignalSources': () => ({ sources: [
    { source: 'tiktok', metric: 'followers', kind: 'ENTITY_KIND_ARTIST', newestTime: '2026-11-23T00:00:00Z' },
    { source: 'youtube', metric: 'views', kind: 'ENTITY_KIND_ARTIST', newestTime: '2026-11-23T00:00:00Z' }] }),
  'SignalService/QuerySignals': ({ entities, sources, metrics, startTime }) => ({ series: entities.flatMap((entity) => {
    const [growth, posts, views] = figures[entity.id] ?? [1, 5, 50];
    const all = [
      series(entity, 'tiktok', 'followers', (day) => 1000 * growth ** day),
      series(entity, 'tiktok', 'posts', () => posts),
      series(entity, 'youtube', 'views', () => views)];
    const fromMs = Date.parse(startTime);
    return all.filter((one) => sources.includes(one.source) && metrics.includes(one.metric)).map((one) => {
      const first = one.observedAtMs.findIndex((ms) => Number(ms) >= fromMs);
      return { ...one, observedAtMs: one.observedAtMs.slice(first), values: one.values.slice(first) };
    });
  }) }),
  'TrendAnalyzerService/DetectBreakouts': ({ entities = [] }) => {
    const asked = entities.length > 0 ? entities.map((entity) => entity.id) : Object.keys(probabilities);
    const candidates = asked.filter((id) => probabilities[id] !== undefined).map(candidate);
    return {
      traceId: 'a'.repeat(32), trace: trace('breakout_probability', candidates[0]?.probability ?? 0, 'probability'), definition: 'audience-x2',
      definitionText: 'the audience doubles', horizonDays: 60, candidates,
      insufficient: asked.filter((id) => probabilities[id] === undefined).map((id) => ({ entity: { kind: 'ENTITY_KIND_ARTIST', id }, name: 'A Winter Play', reason: 'Only 3 days are known; 28 would do.' })) };
  },
  'TrendAnalyzerService/ForecastGrowth': ({ entity }) => ({ traceId: 'f'.repeat(32), trace: trace('growth', 5, 'followers', { intervalLevel: 0.8 }), entity, source: 'tiktok', metric: 'followers', lastValue: 5, lastObservedTime: '2026-11-23T00:00:00Z', points: [{ daysAhead: 30, value: distribution }], method: 'Theta' }),
  'TrendAnalyzerService/AnalyzeTrend': ({ entity }) => ({ traceId: 'e'.repeat(32), trace: trace('weekly_growth', 1.1, 'ratio', { confidenceKind: 'CONFIDENCE_KIND_HEURISTIC' }), entity, stage: 'TREND_STAGE_EMERGING', stageText: 'Grows.', weeklyGrowthRatio: 1.1, recentWeeklyGrowthRatio: 1.2, series: [{ source: 'tiktok', metric: 'followers', lastValue: 5, weeklyGrowthRatio: 1.1 }] }),
  // Without its trace: the node must ask for it.
  'AudiencePredictorService/PredictAttendance': ({ artistId, capacityTickets }) => {
    if (artistId === 'ar_two') throw refusal(404, 'not_found', 'There is no artist with the id "ar_two"; list them with ListArtists.');
    return { traceId: 'b'.repeat(32), paidTickets: distribution, lowTickets: '200', likelyTickets: '400', highTickets: '900', capacityTickets, sellOutProbability: 0.07, basis: 'PREDICTION_BASIS_ARTIST' };
  },
  'TraceService/GetTrace': () => ({ trace: trace('paid_tickets', 490, 'tickets', { intervalLevel: 0.8 }) }),
  'DealOptimizerService/OptimizeDeal': () => ({ traceId: 'c'.repeat(32), trace: trace('expected_promoter_result', 1250, 'USD', { intervalLevel: 0.9 }), recommendation: 'Offer a flat 2,000.00.', options: [
    { evaluation: evaluation('flat 2,000.00', '200000'), recommended: true, qualifies: true, reason: 'the highest result' },
    { evaluation: evaluation('flat 2,500.00', '250000'), reason: 'lower result' }] }),
  'DealOptimizerService/EvaluateDeal': ({ terms }) => ({ traceId: 'c'.repeat(32), trace: trace('expected_promoter_result', 1250, 'USD', { intervalLevel: 0.9 }), evaluation: evaluation('own', terms.guaranteeMinor ?? '0') }),
  'DealOptimizerService/SettleDeal': ({ shows: [show] }) => {
    const { soldTickets, priceMinor } = show.boxOffice.tiers[0];
    const gross = Number(soldTickets) * Number(priceMinor);
    return { traceId: 'd'.repeat(32), trace: trace('artist', 2000, 'USD', { confidenceKind: 'CONFIDENCE_KIND_EXACT' }), settlement: { currencyCode: 'USD', splitPointMinor: '300000', soldTickets, grossMinor: String(gross), internalExpensesMinor: '100000', artistMinor: '200000', promoterMinor: String(gross - 300000) } };
  },
  'EventService/PublishEvent': ({ channel, priority, title, body }) => {
    if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(channel)) throw refusal(400, 'invalid_argument', 'channel must be 1 to 63 lower-case letters, digits and "-"; write for example "booking-alerts".');
    return { event: { type: 'message.published', time: '2026-11-24T12:00:00Z', message: { channel, priority, title, body } } };
  },
};

// Starts it; stand_in.trouble, once set, takes the next requests over: (request, response) => void.
export async function startStandIn() {
  const standIn = { calls: [], trouble: null };
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const say = (status, body) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (standIn.trouble) return standIn.trouble(request, response);
    if (request.headers.authorization !== `Bearer ${KEY}`)
      return say(401, { code: 'unauthenticated', message: 'This call needs an API key.' });
    if (request.url === '/v1/whoami') return say(200, { name: 'test' });
    const path = request.url.slice(1).replace('promoteros.v1.', '');
    const body = JSON.parse(text);
    standIn.calls.push({ path, body });
    try {
      if (path === 'example.v1.EchoService/Echo') return say(200, { traceId: '', echo: body });
      if (!methods[path]) throw refusal(501, 'unimplemented', `There is no method ${path}.`);
      say(200, methods[path](body));
    } catch (error) {
      if (!error.body) throw error;
      say(error.http, error.body);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  standIn.baseUrl = `http://127.0.0.1:${server.address().port}`;
  standIn.close = () => new Promise((done) => { server.closeAllConnections(); server.close(done); });
  return standIn;
}
