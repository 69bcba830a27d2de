// Starts a real promoterosd on a free port with a store of its own, and speaks to it with @grpc/grpc-js.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import grpc from '@grpc/grpc-js';
import loader from '@grpc/proto-loader';

const here = path.dirname(fileURLToPath(import.meta.url));
export const root = path.resolve(here, '../..');
export const build = process.env.PROMOTEROS_BUILD ?? path.join(root, 'build/dev');
const bin = path.join(build, 'bin');
const serviceFiles = ['access', 'agent', 'catalog', 'event', 'ledger', 'signal', 'trace', 'trend_analyzer', 'audience_predictor', 'deal_optimizer']
  .map((name) => `promoteros/v1/${name}_service.proto`);

const definition = loader.loadSync([...serviceFiles, 'grpc/health/v1/health.proto'], {
  includeDirs: [path.join(root, 'proto'), '/usr/include'],
  longs: Number, enums: String, defaults: true, oneofs: true, keepCase: false,
});
export const api = grpc.loadPackageDefinition(definition);
export { grpc };

export function sleep(ms) {
  return new Promise((done) => setTimeout(done, ms));
}

export class Daemon {
  constructor(options = {}) {
    this.folder = options.folder ?? mkdtempSync(path.join(tmpdir(), 'promoteros-'));
    this.store = path.join(this.folder, 'store.db');
    this.extra = options.arguments ?? [];
    this.log = '';
  }

  // Resolves when it serves; rejects with its own words when it ends before.
  async start() {
    const ready = path.join(this.folder, 'ready');
    rmSync(ready, { force: true });
    const started = process.hrtime.bigint();
    this.process = spawn(path.join(bin, 'promoterosd'),
      ['--store', `sqlite:${this.store}`, '--listen', '127.0.0.1:0', '--http', '127.0.0.1:0', '--ready-file', ready, ...this.extra],
      { stdio: ['ignore', 'pipe', 'pipe'] });
    this.process.stdout.on('data', (data) => { this.log += data; });
    this.process.stderr.on('data', (data) => { this.log += data; });
    this.exited = new Promise((done) => this.process.on('exit', (code, signal) => done({ code, signal })));
    let ended = false;
    this.exited.then(() => { ended = true; });
    while (!existsSync(ready) || !readFileSync(ready, 'utf8').trim()) {
      if (ended) throw new Error(`promoterosd ended before it served:\n${this.log}`);
      await sleep(2);
    }
    this.startMs = Number(process.hrtime.bigint() - started) / 1e6;
    const [address, web] = readFileSync(ready, 'utf8').trim().split('\n');
    this.address = address;
    this.url = `http://${web}`;
    return this;
  }

  // A client of a service, for example client('CatalogService'); its call() returns a promise.
  client(name) {
    const Service = api.promoteros.v1[name];
    const client = new Service(this.address, grpc.credentials.createInsecure(), { 'grpc.max_receive_message_length': 64 << 20 });
    client.ask = (method, request, deadlineMs = 60000) => new Promise((resolve, reject) => {
      client[method](request, { deadline: Date.now() + deadlineMs }, (error, reply) => (error ? reject(error) : resolve(reply)));
    });
    return client;
  }

  // Runs promoterosctl; returns { code, out, err }.
  ctl(...args) {
    const result = spawnSync(path.join(bin, 'promoterosctl'), args,
      { env: { ...process.env, PROMOTEROS_ADDRESS: this.address, NO_COLOR: '1' }, encoding: 'utf8', maxBuffer: 256 << 20 });
    return { code: result.status, out: result.stdout, err: result.stderr };
  }

  // SIGTERM, and waits; a sanitizer's report or a bad exit code is a failure.
  async stop() {
    this.process.kill('SIGTERM');
    const { code, signal } = await this.exited;
    if (code !== 0) throw new Error(`promoterosd ended with ${signal ?? code}:\n${this.log.slice(-4000)}`);
    rmSync(this.folder, { recursive: true, force: true });
  }

  async kill() {
    this.process.kill('SIGKILL');
    await this.exited;
  }
}

// Reason and metadata of an error from grpc-status-details-bin (google.rpc.Status with one ErrorInfo), decoded by hand.
export function reasonOf(error) {
  const [bytes] = error.metadata?.get('grpc-status-details-bin') ?? [];
  if (!bytes) return undefined;
  const fields = (buffer) => {
    const found = [];
    for (let at = 0; at < buffer.length;) {
      const number = () => { let value = 0, shift = 0, byte; do { byte = buffer[at++]; value += (byte & 127) * 2 ** shift; shift += 7; } while (byte & 128); return value; };
      const tag = number();
      if ((tag & 7) === 0) found.push([tag >> 3, number()]);
      else { const size = number(); found.push([tag >> 3, buffer.subarray(at, at + size)]); at += size; }
    }
    return found;
  };
  const field = (list, n) => list.find(([id]) => id === n)?.[1];
  const any = field(fields(bytes), 3);
  const info = any && field(fields(any), 2);
  return info && field(fields(info), 1)?.toString();
}
