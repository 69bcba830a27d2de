// n8n's verification scan as a library: the source as it stands, and the packed tarball. Provenance can only be checked after a
// publication and is not part of it. Exits 1 on any finding.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { analyzePackage, SOURCE_FILE_PATTERNS } from '@n8n/scan-community-package/scanner/scanner.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const folder = mkdtempSync(path.join(tmpdir(), 'promoteros-scan-'));
let failed = false;

function report(leg, result) {
  const passed = result.passed === true;
  console.log(`${leg}: ${passed ? 'no findings' : 'FINDINGS'}`);
  if (!passed) console.log(result.details ?? result.message ?? JSON.stringify(result, null, 2));
  failed ||= !passed;
}

try {
  const source = path.join(folder, 'source');
  mkdirSync(source);
  for (const name of ['package.json', 'nodes', 'credentials', 'icons', 'README.md'])
    cpSync(path.join(root, name), path.join(source, name), { recursive: true });
  report('source', await analyzePackage(source, SOURCE_FILE_PATTERNS));

  const packed = spawnSync('npm', ['pack', '--pack-destination', folder], { cwd: root, encoding: 'utf8' });
  if (packed.status !== 0) throw new Error(packed.stderr);
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'));
  spawnSync('tar', ['xzf', tarball], { cwd: folder, stdio: 'inherit' });
  report('tarball', await analyzePackage(path.join(folder, 'package'), ['**/*.js', 'package.json']));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit(failed ? 1 : 0);
