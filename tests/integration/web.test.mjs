// What a call costs by the web door, by gRPC, and by a Fastify server that does nothing but answer the same payload: one run,
// one method, the same number of calls in flight. Clients and servers share the machine, so beside calls per second stands the
// server's own processor time for a call, which does not depend on the client.
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { Daemon } from './daemon.mjs';

const PATH = '/promoteros.v1.AgentService/ListAgents';
const AT_ONCE = 32, SECONDS = 5;

if (process.argv[2] === 'fastify') {
  const { default: fastify } = await import('fastify');
  const payload = JSON.parse(process.env.PAYLOAD);
  const server = fastify();
  server.post(PATH, async () => payload);
  await server.listen({ host: '127.0.0.1', port: 0 });
  process.send(server.server.address().port);
  process.on('disconnect', () => process.exit(0));
} else {
  test('calls per second', async () => {
    const { default: autocannon } = await import('autocannon');
    const cpuUs = (pid) => {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/.*\) /, '').split(' ');
      return (Number(fields[11]) + Number(fields[12])) * 10000;
    };
    const percentile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
    const byHttp = async (url, seconds) => {
      const result = await autocannon({ url: url + PATH, method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}', connections: AT_ONCE, duration: seconds });
      assert.equal(result.non2xx + result.errors + result.timeouts, 0);
      return { calls: result.requests.total, seconds: result.duration, p50: result.latency.p50, p99: result.latency.p99 };
    };
    const byGrpc = async (client, seconds) => {
      const took = [], started = performance.now(), end = started + seconds * 1000;
      await Promise.all(Array.from({ length: AT_ONCE }, async () => {
        for (let from; (from = performance.now()) < end;) {
          await client.ask('listAgents', {});
          took.push(performance.now() - from);
        }
      }));
      const sorted = took.sort((a, b) => a - b);
      return { calls: took.length, seconds: (performance.now() - started) / 1000, p50: percentile(sorted, 0.5), p99: percentile(sorted, 0.99) };
    };
    const daemon = await new Daemon().start();
    const payload = await (await fetch(daemon.url + PATH, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{}' })).text();
    const fastify = fork(fileURLToPath(import.meta.url), ['fastify'], { env: { ...process.env, PAYLOAD: payload, NODE_ENV: 'production' } });
    const port = await new Promise((resolve) => fastify.once('message', resolve));
    const client = daemon.client('AgentService');
    console.log(`| ${PATH}, a reply of ${payload.length} bytes of JSON, ${AT_ONCE} calls at once, ${SECONDS} s each`);
    for (const [name, pid, run] of [
      ['Connect JSON (autocannon)', daemon.process.pid, (seconds) => byHttp(daemon.url, seconds)],
      ['gRPC (grpc-js)', daemon.process.pid, (seconds) => byGrpc(client, seconds)],
      ['Fastify (autocannon)', fastify.pid, (seconds) => byHttp(`http://127.0.0.1:${port}`, seconds)],
    ]) {
      await run(1);
      const before = cpuUs(pid);
      const { calls, seconds, p50, p99 } = await run(SECONDS);
      const cost = (cpuUs(pid) - before) / calls;
      console.log(`| ${name}: ${(calls / seconds).toFixed(0)} calls/s, p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, server ${cost.toFixed(0)} us of processor a call`);
      assert.ok(calls > 100);
    }
    fastify.disconnect();
    client.close();
    await daemon.stop();
  });
}
