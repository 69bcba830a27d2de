// promoterosctl against a real daemon: every command, its exit code, and what a newcomer reads.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { Daemon, sleep } from './daemon.mjs';

const daemon = new Daemon();
const file = (name, text) => {
  const full = path.join(daemon.folder, name);
  writeFileSync(full, text);
  return full;
};
// Runs a command that must end with the code; returns what it printed.
function ctl(code, ...args) {
  const result = daemon.ctl(...args);
  assert.equal(result.code, code, `${args.join(' ')}: ${result.code}\n${result.out}${result.err}`);
  assert.doesNotMatch(result.out + result.err, /\bnan\b|\(null\)|_UNSPECIFIED/);
  return result.err + result.out;
}
const json = (...args) => JSON.parse(daemon.ctl(...args, '--json').out);

const day = (back) => new Date(Date.now() - back * 86400000).toISOString().slice(0, 10);
function series(days) {
  const lines = ['artist,source,metric,observed_at,value'];
  for (let back = days; back > 0; back--)
    for (const [artist, growth] of [['Mill Lane', 1.04], ['Slow Tide', 1.0005]])
      lines.push(`${artist},spotify,followers,${day(back)},${Math.round(1000 * growth ** (days - back))}`);
  return `${lines.join('\n')}\n`;
}

before(() => daemon.start());
after(() => daemon.stop());

test('an empty store says how to go on', () => {
  assert.match(ctl(0, 'status'), /artists +0/);
  assert.match(ctl(0, 'agents'), /trend-analyzer/);
  assert.match(ctl(0, 'agents', 'deal-optimizer'), /SettleDeal/);
  for (const command of ['artists', 'venues', 'shows', 'sources', 'predictions', 'detect'])
    assert.match(ctl(0, command), /promoterosctl|issue them/);
});

test('signals: imported, gzip, again, corrected, as of', () => {
  const plain = file('series.csv', series(120));
  assert.match(ctl(0, 'import', 'signals', plain, '--dry-run'), /240 points[^]*dry run/);
  assert.match(ctl(0, 'artists'), /no artists yet/);
  assert.match(ctl(0, 'import', 'signals', plain, '--lag', '1d'), /240 facts added[^]*2 records created/);
  assert.match(ctl(0, 'import', 'signals', plain, '--lag', '1d'), /made before/);
  const zipped = path.join(daemon.folder, 'series.csv.gz');
  writeFileSync(zipped, gzipSync(series(120)));
  assert.match(ctl(0, 'import', 'signals', zipped, '--lag', '1d'), /240 facts unchanged/);
  const wrong = file('wrong.csv', `artist,source,metric,observed_at,value\nMill Lane,spotify,followers,${day(3)},777\n`);
  assert.match(ctl(0, 'import', 'signals', wrong), /1 fact corrected/);
  assert.match(ctl(0, 'signals', 'mill lane'), /spotify +followers[^]*[▁▂▃▄▅▆▇█]/);
  assert.match(ctl(0, 'sources'), /241/);
  assert.equal(json('signals', 'Mill Lane', '--as-of', day(60)).series[0].values.length, 60);
});

test('refused lines: listed, exit code 1, or all or nothing', () => {
  const bad = file('bad.csv', 'artist,source,metric,observed_at,value\nGood,s,m,2026-01-02,1\n,s,m,2026-01-02,1\nX,s,m,02.01.2026,1\n');
  assert.match(ctl(1, 'import', 'signals', bad, '--max-refused', '1'), /line 3: artist is empty[^]*nothing was imported/);
  assert.match(ctl(3, 'artists', 'show', 'Good'), /No artist/);
  assert.match(ctl(1, 'import', 'signals', bad), /line 4: observed_at: "02.01.2026" is the wrong way round[^]*1 fact added/);
  assert.match(ctl(0, 'artists', 'Good'), /Good/);
});

test('an import that was killed goes on, and nothing of it is seen before', async () => {
  const lines = ['artist,source,metric,observed_at,value'];
  for (let i = 0; i < 400000; i++) lines.push(`Load ${i % 400},load,followers,${day(1100 - Math.floor(i / 400))},${i}`);
  const big = file('big.csv', lines.join('\n'));
  const child = spawn(path.join(process.env.PROMOTEROS_BUILD, 'bin/promoterosctl'), ['import', 'signals', big, '--lag', '1d'],
    { env: { ...process.env, PROMOTEROS_ADDRESS: daemon.address }, stdio: 'ignore' });
  await sleep(300);
  child.kill('SIGKILL');
  const seen = daemon.ctl('sources').out;
  assert.ok(!/load/.test(seen) || /400,000/.test(seen), 'half an import is visible');
  assert.match(ctl(0, 'import', 'signals', big, '--lag', '1d'), /400,000 facts added/);
});

test('shows: imported, added, sold, settled, scored', () => {
  const weeks = ['week,show,theatre,seats,sold,type'];
  for (let i = 1; i <= 40; i++) weeks.push(`${day(7 * i)},Mill Lane,The Foundry,400,${200 + i},indie`);
  const shows = file('weeks.csv', weeks.join('\n'));
  const map = ['--map', 'date=week', '--map', 'artist=show', '--map', 'venue=theatre', '--map', 'capacity=seats',
    '--map', 'paid=sold', '--map', 'genre=type', '--set', 'city=Leeds', '--lag', '2d'];
  assert.match(ctl(0, 'import', 'shows', shows, ...map), /40 facts added/);
  assert.match(ctl(0, 'shows', '--artist', 'Mill Lane', '--limit', '3'), /The Foundry/);
  ctl(0, 'venues', 'add', '--name', 'Second Room', '--city', 'Leeds', '--capacity', '300', '--country', 'GB');
  assert.match(ctl(0, 'venues', 'show', 'second room'), /300 tickets/);
  ctl(0, 'artists', 'add', '--name', 'New Act', '--genre', 'indie', '--id', 'spotify=4abc');
  assert.match(ctl(0, 'artists', 'show', 'new act'), /spotify 4abc/);
  ctl(0, 'shows', 'add', '--artist', 'New Act', '--venue', 'Second Room', '--date', day(-30), '--price', '25.00 GBP');
  const { id } = json('shows', '--artist', 'New Act').shows[0];
  ctl(0, 'shows', 'sold', id, '120');
  assert.match(ctl(0, 'shows', 'show', id), /25.00 GBP[^]*120 on/);
  assert.match(ctl(0, 'predict', '--artist', 'New Act', '--venue', 'Second Room', '--date', day(-30)), /low .* likely .* high .* of 300/);
});

test('detect, forecast, analyze, predict: figures, reasons, and a sound trace', () => {
  assert.match(ctl(0, 'detect', '--top', '2', '--artist', 'Mill Lane'), /Mill Lane[^]*%[^]*log-odds/);
  assert.match(ctl(0, 'forecast', 'Mill Lane'), /days ahead[^]*30/);
  assert.match(ctl(0, 'analyze', 'Mill Lane'), /a week/);
  assert.match(ctl(0, 'predict', '--artist', 'Mill Lane', '--venue', 'The Foundry', '--date', day(-20)), /Mill Lane at The Foundry[^]*Sell-out/);
  const { traces } = json('trace', 'list', '--agent', 'audience-predictor');
  assert.match(ctl(0, 'trace', traces[0].traceId), /What went in[^]*What came out/);
  assert.match(ctl(0, 'trace', 'verify', traces[0].traceId), /sound/);
});

test('deals: the printed examples settle, evaluate and optimize', () => {
  for (const kind of ['settle', 'evaluate', 'optimize']) file(`${kind}.yaml`, daemon.ctl('deal', 'example', kind).out);
  const at = (name) => path.join(daemon.folder, name);
  assert.match(ctl(0, 'deal', 'settle', at('settle.yaml')), /artist earns +[\d,.]+ USD/);
  assert.match(ctl(0, 'deal', 'evaluate', at('evaluate.yaml'), '--demand', '150,230,330'), /P\(loss\)/);
  assert.match(ctl(0, 'deal', 'optimize', at('optimize.yaml'), '--ask', '2500.00 USD', '--max-loss', '20%'), /->[^]*Why/);
  assert.match(ctl(0, 'deal', 'optimize', at('optimize.yaml'), '--artist', 'Mill Lane', '--venue', 'The Foundry', '--date', day(-20)), /Predicted paid tickets/);
  const open = readFileSync(at('settle.yaml'), 'utf8').replace(/ *taxMode.*\n/, '');
  assert.match(ctl(1, 'deal', 'settle', file('open.yaml', open)), /tax/i);
});

test('the ledger: decisions, outcomes, scorecard', () => {
  const { predictions } = json('predictions', 'paid-tickets', '--open');
  ctl(0, 'decide', predictions[0].id, 'booked', '--reason', 'a good night');
  assert.match(ctl(0, 'outcome', 'paid-tickets', predictions[0].subject, '231'), /231/);
  assert.match(ctl(0, 'scorecard', 'paid-tickets'), /scored +[1-9]/);
  assert.match(ctl(0, 'events', '--limit', '50'), /decision.recorded[^]*outcome.recorded/);
  assert.match(ctl(0, 'call', 'AgentService/GetHostStatus'), /"artistCount"/);
  assert.match(ctl(0, 'call', 'SignalService/ScanSignals', '{"kind": "ENTITY_KIND_ARTIST", "sources": ["spotify"]}'), /Slow Tide/);
});

test('errors have their exit codes and say how to go on', () => {
  assert.match(ctl(2, 'statsu'), /did you mean "status"/);
  assert.match(ctl(3, 'artists', 'show', 'nobody at all'), /promoterosctl artists/);
  assert.match(ctl(2, 'signals', 'load'), /several artists[^]*ar_/);
  assert.match(ctl(3, 'trace', '0'.repeat(32)), /no trace/);
  assert.match(ctl(1, 'detect', '--definition', 'nope'), /audience-x2/);
  assert.match(ctl(2, 'call', 'AgentService/ListAgents', '{"x":1}'), /x/);
  assert.match(ctl(4, 'status', '--address', '127.0.0.1:1'), /script\/server/);
});
