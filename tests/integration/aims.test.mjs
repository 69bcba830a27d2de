// Aims that depend on the machine: printed, with the limit beside them; only that they can be measured is checked.
import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { test } from 'node:test';
import { Daemon, sleep } from './daemon.mjs';

const pssMb = (pid) => Number(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8').match(/^Pss:\s+(\d+) kB/m)[1]) / 1024;

test('start and memory on the demo store', async () => {
  const daemon = await new Daemon().start();
  const loading = process.hrtime.bigint();
  assert.equal(daemon.ctl('demo', 'load').code, 0);
  const loadMs = Number(process.hrtime.bigint() - loading) / 1e6;
  daemon.process.kill('SIGTERM');
  await daemon.exited;
  const starts = [];
  for (let i = 0; i < 5; i++) {
    await daemon.start();
    starts.push(daemon.startMs);
    if (i < 4) { daemon.process.kill('SIGTERM'); await daemon.exited; }
  }
  await sleep(1000);
  const idle = pssMb(daemon.process.pid);
  const detect = process.hrtime.bigint();
  await daemon.client('TrendAnalyzerService').ask('detectBreakouts', {});
  const detectMs = Number(process.hrtime.bigint() - detect) / 1e6;
  const after = pssMb(daemon.process.pid);
  starts.sort((a, b) => a - b);
  console.log(`| demo store: ${(statSync(daemon.store).size / 1e6).toFixed(0)} MB, loaded in ${(loadMs / 1000).toFixed(1)} s`);
  console.log(`| start to serving: median ${starts[2].toFixed(0)} ms of 5 (aim: under 300)`);
  console.log(`| PSS idle: ${idle.toFixed(1)} MB (aim: under 60); after a detection over the whole store (${detectMs.toFixed(0)} ms): ${after.toFixed(1)} MB`);
  assert.ok(starts[2] > 0 && idle > 0);
  await daemon.stop();
});
