// Our ProtoJSON beside @bufbuild/protobuf: the same random messages in both, and a table of edge cases of reading.
// Usage: node json_peer.test.mjs PEER, where PEER is the program of json_peer.c.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { cases } from './json_peer_cases.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const require = createRequire(path.join(here, '../integration/package.json'));
const { createFileRegistry, fromBinary, fromJsonString, toBinary, toJson } = require('@bufbuild/protobuf');
const { FileDescriptorSetSchema } = require('@bufbuild/protobuf/wkt');

const ROUNDS = 60; // of each type

class Peer {
  constructor(program) {
    this.process = spawn(program, [], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.waiting = [];
    this.input = Buffer.alloc(0);
    this.process.stdout.on('data', (data) => this.take(data));
    this.process.on('exit', (code) => this.waiting.forEach(({ reject }) => reject(new Error(`the peer ended: ${code}`))));
  }

  take(data) {
    this.input = this.input.length ? Buffer.concat([this.input, data]) : data;
    while (this.input.length >= 4 && this.input.length >= 4 + this.input.readUInt32BE()) {
      const end = 4 + this.input.readUInt32BE();
      const frame = this.input.subarray(4, end);
      this.input = this.input.subarray(end);
      this.waiting.shift().resolve({ good: frame[0] === 0x2b, body: frame.subarray(1) });
    }
  }

  // Resolves to { good, body }; body is the sentence when it is not good.
  ask(what, type, rest = Buffer.alloc(0)) {
    const head = Buffer.from([what.charCodeAt(0), type.length]);
    const frame = Buffer.concat([head, Buffer.from(type), Buffer.from(rest)]);
    const size = Buffer.alloc(4);
    size.writeUInt32BE(frame.length);
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      this.process.stdin.write(Buffer.concat([size, frame]));
    });
  }

  async want(what, type, rest) {
    const answer = await this.ask(what, type, rest);
    assert(answer.good, `${what} ${type}: ${answer.body}`);
    return answer.body;
  }

  end() {
    this.process.stdin.end();
  }
}

function loadRegistry(bytes) {
  const set = fromBinary(FileDescriptorSetSchema, bytes);
  const names = new Set();
  set.file = set.file.filter((file) => !names.has(file.name) && names.add(file.name));
  return createFileRegistry(set);
}

function ownTypes(registry) {
  return [...registry].filter((type) => type.kind === 'message' && type.typeName.startsWith('promoteros.'));
}

// What a message's bytes mean, whatever the order of its maps: its JSON, and the bytes of its shortest form, sorted.
function canonical(registry, type, bytes) {
  const message = fromBinary(type, bytes);
  return { json: toJson(type, message, { registry }), bytes: Buffer.from(toBinary(type, message).sort()).toString('hex') };
}

async function compareReading(peer, registry, type, text, seed) {
  const ours = await peer.want('j', type.typeName, text);
  const theirs = toBinary(type, fromJsonString(type, text, { registry }));
  assert.deepStrictEqual(canonical(registry, type, ours), canonical(registry, type, theirs), `wire of ${type.typeName}, seed ${seed}:\n${text}`);
}

async function compareMessage(peer, registry, type, seed) {
  const seedBytes = Buffer.alloc(8);
  seedBytes.writeBigUInt64LE(BigInt(seed));
  const wire = await peer.want('r', type.typeName, seedBytes);
  const text = (await peer.want('w', type.typeName, wire)).toString();
  const theirs = toJson(type, fromBinary(type, wire), { registry });
  assert.deepStrictEqual(JSON.parse(text), theirs, `JSON of ${type.typeName}, seed ${seed}:\n${text}`);
  await compareReading(peer, registry, type, text, seed);
  await compareReading(peer, registry, type, JSON.stringify(theirs), seed); // other order of members, -0 as 0
}

async function compareMessages(peer, registry) {
  const types = ownTypes(registry);
  let count = 0;
  for (const [position, type] of types.entries())
    for (let round = 0; round < ROUNDS; round++, count++)
      await compareMessage(peer, registry, type, position * 1000 + round);
  assert(count >= 5000, `only ${count} messages`);
  console.log(`${count} random messages of ${types.length} types: the same JSON and the same wire`);
}

function theyRead(type, text, options) {
  try {
    return JSON.stringify(canonical(options.registry, type, toBinary(type, fromJsonString(type, text, options))));
  } catch {
    return 'refused';
  }
}

// Each case says what both do, or, where we differ on purpose, why.
async function compareCases(peer, registry) {
  const wrong = [];
  let differences = 0;
  for (const { type = 'promoteros.test.Everything', text, reads, ignore = false, differs } of cases) {
    const schema = registry.getMessage(type);
    const answer = await peer.ask(ignore ? 'i' : 'j', type, text);
    const ours = answer.good ? JSON.stringify(canonical(registry, schema, answer.body)) : 'refused';
    const theirs = theyRead(schema, text, { registry, ignoreUnknownFields: ignore });
    differences += differs ? 1 : 0;
    if ((ours !== 'refused') !== reads) wrong.push(`${text}: we ${answer.good ? 'read it' : `refuse it: ${answer.body}`}`);
    else if (differs ? ours === theirs : ours !== theirs)
      wrong.push(`${text}: ours ${ours}, theirs ${theirs}${differs ? ' (said to differ)' : ''}`);
  }
  assert.deepEqual(wrong, [], wrong.join('\n'));
  console.log(`${cases.length} edge cases of reading, of which we differ in ${differences} on purpose`);
}

const peer = new Peer(process.argv[2]);
const registry = loadRegistry(await peer.want('d', ''));
await compareMessages(peer, registry);
await compareCases(peer, registry);
peer.end();
