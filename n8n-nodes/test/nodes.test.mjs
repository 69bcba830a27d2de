// Each node against the stand-in: what it asks, what it gives, and what it says when something is wrong.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { contextOf, figureOf, nodes, run } from './context.mjs';
import { KEY, startStandIn } from './stand_in.mjs';

let door, credentials;
before(async () => {
  door = await startStandIn();
  credentials = { baseUrl: `${door.baseUrl}/`, apiKey: KEY };
});
beforeEach(() => { door.calls.length = 0; door.trouble = null; });
after(() => door.close());

const list = (value) => ({ __rl: true, mode: 'list', value });
const one = { artistId: 'ar_one', artistName: 'Feral Republic', entity: { kind: 'ENTITY_KIND_ARTIST', id: 'ar_one' } };
const two = { artistId: 'ar_two', artistName: 'Quiet Harbour' };

/* ---- NANDA Agent ---- */

test('a trend agent looks at the artist of each item', async () => {
  const { json, paired } = await run(nodes.NandaAgent, credentials, {}, [one, two]);
  assert.deepEqual(door.calls.map((call) => call.body.entities[0].id), ['ar_one', 'ar_two']);
  assert.deepEqual(paired, [0, 1]);
  assert.equal(json[0].viralProbability, 0.91);
  assert.equal(json[0].artistName, 'Feral Republic');
  assert.equal(json[0].weeklyGrowth, 0.42);
  assert.equal(json[0].stage, 'breaking');
  const { reasoning } = json[0];
  assert.equal(reasoning.traceId, 'a'.repeat(32));
  assert.equal(reasoning.confidence, 0.91);
  assert.deepEqual(reasoning.factors, [{ text: 'large', amount: 2 }, { text: 'small', amount: -0.5 }]);
  assert.equal(reasoning.trace, undefined);
});

test('without an artist, or when told so, everybody is ranked', async () => {
  for (const [parameters, item] of [[{}, {}], [{ artists: 'all' }, one]]) {
    const { json, paired } = await run(nodes.NandaAgent, credentials, parameters, [item]);
    assert.deepEqual(json.map((answer) => answer.artistId), ['ar_one', 'ar_two']);
    assert.deepEqual(paired, [0, 0]);
  }
});

test('an artist without enough data stays in the flow, and is not viral', async () => {
  const { json } = await run(nodes.NandaAgent, credentials, {}, [{ artistId: 'ar_three' }]);
  assert.equal(json[0].viralProbability, null);
  assert.equal(json[0].note, 'Only 3 days are known; 28 would do.');
  assert.equal(json[0].viralProbability > 0.8, false);
});

test('answers below the confidence are marked or left out', async () => {
  const marked = await run(nodes.NandaAgent, credentials, { confidence: 0.9 }, [one, two]);
  assert.deepEqual(marked.json.map((answer) => answer.confident), [true, false]);
  const dropped = await run(nodes.NandaAgent, credentials, { confidence: 0.9, options: { belowConfidence: 'drop' } }, [one, two]);
  assert.deepEqual(dropped.paired, [0]);
});

test('confidence is read from the trace: exact, interval, none', async () => {
  const ask = async (parameters) => (await run(nodes.NandaAgent, credentials, parameters, [{ ...one, lowTickets: 1, likelyTickets: 2, highTickets: 3 }])).json[0].reasoning.confidence;
  assert.equal(await ask({ agent: list('deal-optimizer'), operation: 'settleDeal', ticketPrice: 10 }), 1);
  assert.equal(await ask({ agent: list('deal-optimizer'), operation: 'optimizeDeal', ticketPrice: 10 }), 0.9);
  assert.equal(await ask({ operation: 'analyzeTrend' }), null);
  assert.equal(await ask({ operation: 'forecastGrowth' }), 0.8);
});

test('options reach the request', async () => {
  await run(nodes.NandaAgent, credentials, { candidateCount: 7, artists: 'all', options: { horizonDays: 30, targetMultiple: 1.5, sources: 'tiktok, spotify', asOfTime: '2026-11-01T00:00:00Z' } }, [{}]);
  assert.deepEqual(door.calls[0].body, { definition: 'audience-x2', maxCandidateCount: 7, horizonDays: 30, targetMultiple: 1.5, sources: ['tiktok', 'spotify'], asOfTime: '2026-11-01T00:00:00.000Z' });
});

test('attendance: money in minor units, the trace fetched when it does not come', async () => {
  const { json } = await run(nodes.NandaAgent, credentials, { agent: list('audience-predictor'), capacityTickets: 1850, ticketPrice: 28.5, showDate: '2027-01-08' }, [one]);
  assert.deepEqual(door.calls[0].body, { artistId: 'ar_one', venueId: '', showDate: '2027-01-08', city: '', genre: '', capacityTickets: '1850', ticketPrice: { currencyCode: 'USD', amountMinor: '2850' } });
  assert.equal(door.calls[1].path, 'TraceService/GetTrace');
  assert.equal(json[0].likelyTickets, 400);
  assert.equal(json[0].reasoning.confidence, 0.8);
});

test('a task chooses the method by name or by its words', async () => {
  for (const [task, path] of [['ForecastGrowth', 'ForecastGrowth'], ['forecast-growth', 'ForecastGrowth'], ['find artists that go viral', 'DetectBreakouts'], ['where does the artist stand in the career', 'AnalyzeTrend']]) {
    door.calls.length = 0;
    await run(nodes.NandaAgent, credentials, { operation: 'byTask', task }, [one]);
    assert.equal(door.calls[1].path, `TrendAnalyzerService/${path}`, task);
  }
  await assert.rejects(run(nodes.NandaAgent, credentials, { operation: 'byTask', task: 'bake a cake' }, [one]), (error) => /does not say which method/.test(error.message) && /DetectBreakouts/.test(error.description));
});

test('any other agent takes JSON', async () => {
  const { json } = await run(nodes.NandaAgent, credentials, { agent: list('echo-agent'), inputJson: '{"word": "hello"}' }, [one]);
  assert.deepEqual(json[0].result.echo, { word: 'hello' });
  await assert.rejects(run(nodes.NandaAgent, credentials, { agent: list('nobody') }, [{}]), (error) => /no agent "nobody"/.test(error.message) && /trend-analyzer/.test(error.description));
});

test('JSON input: the artist of the item is added where none is named', async () => {
  await run(nodes.NandaAgent, credentials, { operation: 'forecastGrowth', inputMode: 'json', inputJson: '{"horizonDays": 14}' }, [one]);
  assert.deepEqual(door.calls[0].body, { horizonDays: 14, entity: one.entity });
  await assert.rejects(run(nodes.NandaAgent, credentials, { inputMode: 'json', inputJson: '{oops' }, [one]), /not a JSON object/);
});

test('not simplified: the whole reply, and the trace under reasoning', async () => {
  const { json } = await run(nodes.NandaAgent, credentials, { simplify: false }, [one]);
  assert.equal(json[0].result.candidates[0].probability, 0.91);
  assert.equal(json[0].viralProbability, 0.91);
  assert.equal(json[0].reasoning.trace.conclusions.length, 1);
  assert.equal(json[0].result.trace, undefined);
});

test('drop-downs come from the daemon', async () => {
  const context = contextOf(nodes.NandaAgent, credentials);
  const { searchAgents, searchArtists, searchVenues } = nodes.NandaAgent.methods.listSearch;
  assert.deepEqual((await searchAgents.call(context, 'echo')).results.map((agent) => agent.value), ['echo-agent']);
  const page = await searchArtists.call(context, '');
  assert.equal(page.results.length, 2);
  assert.deepEqual((await searchArtists.call(context, '', page.paginationToken)).results.map((artist) => artist.value), ['ar_three']);
  assert.equal((await searchVenues.call(context)).results[0].name, 'Hall, Oakland');
});

/* ---- TikTok Scraper ---- */

const scraped = async (parameters) => (await run(nodes.TikTokScraper, credentials, parameters)).json;

test('trending: all pages, fastest growth first, theatre left out, and where it comes from', async () => {
  const items = await scraped({});
  assert.deepEqual(items.map((item) => item.artistId), ['ar_one', 'ar_two']);
  assert.deepEqual(items.map((item) => item.rank), [1, 2]);
  const [first] = items;
  assert.ok(Math.abs(first.followersGrowth - (1.05 ** 7 - 1)) < 1e-4);
  assert.equal(first.posts, 700);
  assert.equal(first.views, 63000);
  assert.equal(first.viewsSource, 'youtube');
  assert.equal(first.simulated, true);
  assert.match(first.source, /store.*not visited/);
  assert.deepEqual((await scraped({ musicOnly: false })).map((item) => item.artistId), ['ar_three', 'ar_one', 'ar_two']);
});

test('filters: views, timeframe, limit, order', async () => {
  assert.deepEqual((await scraped({ minViews: 1000 })).map((item) => item.artistId), ['ar_one']);
  assert.deepEqual(await scraped({ minViews: 1000, options: { viewsFrom: 'tiktok' } }), []);
  const [day] = await scraped({ timeframe: '24h', limit: 1 });
  assert.equal(day.posts, 100);
  assert.ok(Math.abs(day.growth - 0.05) < 1e-4);
  assert.equal((await scraped({ timeframe: '30d' }))[0].views, 270000);
  assert.equal((await scraped({ musicOnly: false, options: { sortBy: 'views' } }))[0].artistId, 'ar_one');
});

test('a running total of views counts what was added', () => {
  const day = 86_400_000;
  const of = (values) => figureOf({ source: 'youtube', metric: 'views', observedAtMs: values.map((_, i) => String(i * day)), values }, 7 * day);
  assert.equal(of([...Array(40).keys()].map((i) => 100_000 + 500 * i)).value, 3500);
  assert.equal(of([...Array(40).keys()].map((i) => 500 + (i % 3))).value > 3500, true);
  const gap = of([...Array(14).keys()].map(() => 100).slice(1));
  assert.deepEqual([gap.value, gap.growth], [700, 0]);
});

test('user, hashtag and sound', async () => {
  assert.deepEqual((await scraped({ mode: 'user', users: '@feralrepublic, quiet harbour' })).map((item) => item.artistId), ['ar_one', 'ar_two']);
  assert.deepEqual((await scraped({ mode: 'hashtag', hashtag: '#IndieRock' })).map((item) => item.artistId), ['ar_one']);
  const [song] = await scraped({ mode: 'sound', sound: 'tr_song' });
  assert.deepEqual([song.artistId, song.sound.title, song.posts], ['ar_one', 'A Song', 35]);
  await assert.rejects(scraped({ mode: 'user', users: 'nobody' }), /None of these is in the catalog: nobody/);
  await assert.rejects(scraped({ mode: 'sound', sound: 'tr_none' }), /There is no track/);
});

/* ---- Financial Model ---- */

test('a show: demand predicted, deal recommended, each scenario settled', async () => {
  const { json } = await run(nodes.FinancialModel, credentials, { venueCapacity: 1850, ticketPrice: 28, costs: { fixedCosts: 1000, taxPercent: 6.5 } }, [one]);
  const [model] = json;
  assert.deepEqual(door.calls.map((call) => call.path.split('/')[1]), ['PredictAttendance', 'OptimizeDeal', 'SettleDeal', 'SettleDeal', 'SettleDeal']);
  assert.equal(door.calls[1].body.show.boxOffice.taxPpm, '65000');
  assert.equal(door.calls[1].body.show.expenses.lines[0].amountMinor, '100000');
  assert.deepEqual(model.scenarios.map(({ name, tickets }) => [name, tickets]), [['conservative', 200], ['expected', 400], ['optimistic', 900]]);
  const [, expected] = model.scenarios;
  assert.deepEqual([expected.gross, expected.artistPay, expected.promoterResult, expected.lossProbability], [11200, 2000, 8200, 0.18]);
  assert.deepEqual(expected.traceIds, { attendance: 'b'.repeat(32), deal: 'c'.repeat(32), settlement: 'd'.repeat(32) });
  assert.equal(model.recommendation, 'Offer a flat 2,000.00.');
  assert.equal(model.deal.breakEvenTickets, 310);
  assert.match(model.showDate, /^\d{4}-\d\d-\d\d$/);
});

test('own terms and given demand; currencies without cents', async () => {
  const { json } = await run(nodes.FinancialModel, credentials, {
    venueCapacity: 300, ticketPrice: 4000, currency: 'jpy', demandSource: 'given', lowTickets: 100, likelyTickets: 200, highTickets: 400,
    dealSource: 'terms', dealType: 'flat', guarantee: 250000, scenarios: ['optimistic'] }, [{}]);
  assert.equal(door.calls[0].body.terms.guaranteeMinor, '250000');
  assert.equal(door.calls[0].body.show.boxOffice.tiers[0].priceMinor, '4000');
  assert.deepEqual(json[0].scenarios.map(({ tickets, sellThrough }) => [tickets, sellThrough]), [[300, 1]]);
  assert.match(json[0].recommendation, /Within the limit: 18 %/);
});

test('demand of an earlier agent is used as it is', async () => {
  const { json: [prediction] } = await run(nodes.NandaAgent, credentials, { agent: list('audience-predictor'), capacityTickets: 500 }, [one]);
  door.calls.length = 0;
  const { json } = await run(nodes.FinancialModel, credentials, { demandSource: 'item' }, [prediction]);
  assert.equal(door.calls[0].path, 'DealOptimizerService/OptimizeDeal');
  assert.equal(json[0].traceIds.attendance, 'b'.repeat(32));
});

test('figures that cannot be', async () => {
  for (const [parameters, item, message] of [
    [{}, {}, /carries no artist/],
    [{ demandSource: 'item' }, one, /carries no demand/],
    [{ demandSource: 'given', lowTickets: 9, likelyTickets: 5 }, one, /not in order/],
    [{ venueCapacity: 0 }, one, /not a number of tickets/]])
    await assert.rejects(run(nodes.FinancialModel, credentials, parameters, [item]), (error) => message.test(error.message) && error.description.length > 20);
});

/* ---- Mission Control ---- */

test('a message goes out with channel, priority and subject', async () => {
  const { json } = await run(nodes.MissionControl, credentials, { priority: 'high', title: 'Look', payload: 'item' }, [one]);
  const { body } = door.calls[0];
  assert.deepEqual([body.channel, body.priority, body.title, body.subject], ['booking-alerts', 'MESSAGE_PRIORITY_HIGH', 'Look', 'artist/ar_one']);
  assert.equal(JSON.parse(body.body).data.artistName, 'Feral Republic');
  assert.deepEqual([json[0].published, json[0].priority, json[0].channel], [true, 'high', 'booking-alerts']);
});

test('a retry has the same request id, another item or execution another one', async () => {
  const publish = (items, executionId) => run(nodes.MissionControl, credentials, { title: 'Look' }, items, { executionId });
  await publish([one, one], '1');
  await publish([one], '1');
  await publish([one], '2');
  const ids = door.calls.map((call) => call.body.requestId);
  assert.equal(ids[2], ids[0]);
  assert.equal(new Set(ids).size, 3);
  assert.ok(ids.every((id) => id.length <= 100));
});

test('too long a message and a bad payload are refused before they are sent', async () => {
  await assert.rejects(run(nodes.MissionControl, credentials, { message: 'é'.repeat(4097) }, [{}]), /8194 bytes; 8192 are allowed/);
  await assert.rejects(run(nodes.MissionControl, credentials, { payload: 'json', payloadJson: '{' }, [{}]), /not valid JSON/);
  assert.equal(door.calls.length, 0);
});

/* ---- what can go wrong, for every node ---- */

test('a wrong key, a wrong address, no answer, somebody else', async () => {
  const ask = (given) => run(nodes.NandaAgent, given, {}, [one]);
  await assert.rejects(ask({ ...credentials, apiKey: 'wrong' }), (error) => error.httpCode === '401' && error.message === 'This call needs an API key.' && /API key/.test(error.description));
  await assert.rejects(ask({ ...credentials, apiKey: '' }), (error) => error.httpCode === '401');
  await assert.rejects(ask({ baseUrl: 'http://127.0.0.1:9', apiKey: '' }), (error) => /does not answer at http:\/\/127.0.0.1:9/.test(error.message) && /Start promoterosd/.test(error.description));
  door.trouble = (request, response) => response.writeHead(404, { 'content-type': 'text/html' }).end('<h1>Not here</h1>');
  await assert.rejects(ask(credentials), /status 404, but not as PromoterOS does/);
  door.trouble = (request, response) => response.writeHead(200).end('[1]');
  await assert.rejects(ask(credentials), /not as PromoterOS does/);
  door.trouble = (request) => request.socket.destroy();
  await assert.rejects(ask(credentials), /does not answer/);
});

test('a busy daemon and its deadline', async () => {
  door.trouble = (request, response) => response.writeHead(429).end('{"code":"resource_exhausted","message":"Too many calls at once."}');
  await assert.rejects(run(nodes.TikTokScraper, credentials), (error) => error.message === 'Too many calls at once.' && /Retry On Fail/.test(error.description));
  const { requests } = await (async () => { door.trouble = null; return run(nodes.NandaAgent, credentials, { options: { timeoutSeconds: 2 } }, [one]); })();
  assert.equal(requests[0].headers['Connect-Timeout-Ms'], '2000');
  assert.equal(requests[0].timeout, 7000);
});

test('continue on fail: the item says what happened, the others go on', async () => {
  const { json, paired } = await run(nodes.FinancialModel, credentials, { venueCapacity: 500 }, [two, one], { continueOnFail: true });
  assert.match(json[0].error, /no artist with the id "ar_two"/);
  assert.match(json[0].howToGoOn, /ID/);
  assert.equal(json[1].artistId, 'ar_one');
  assert.deepEqual(paired, [0, 1]);
});
