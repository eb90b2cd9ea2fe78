/** `npm run sim -- --seeds N [--from S] [--jobs J] [--no-keep]`: the deterministic simulation, from the TypeScript sources. */
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const node = join(root, 'node_modules/.bin/node');
const args = ['--conditions=@soloist/source', '--import', './tools/register.mjs', 'tests/simulation/main.ts', ...process.argv.slice(2)];
const { status } = spawnSync(node, args, { cwd: root, stdio: 'inherit' });
process.exit(status ?? 1);
