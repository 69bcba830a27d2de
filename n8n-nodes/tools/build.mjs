// Compiles to dist/ and copies what tsc leaves behind: icons, codex files, output schemas.
import { spawnSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
rmSync(path.join(root, 'dist'), { recursive: true, force: true });
const { status } = spawnSync(process.execPath, [path.join(root, 'node_modules/typescript/bin/tsc'), '-p', root], { stdio: 'inherit' });
if (status !== 0) process.exit(status ?? 1);
for (const folder of ['icons', 'nodes'])
  cpSync(path.join(root, folder), path.join(root, 'dist', folder), { recursive: true, filter: (file) => !file.endsWith('.ts') });
