/** `npm run sim -- --seeds N [--from S] [--jobs J] [--no-keep]`: the deterministic simulation, from the TypeScript sources. */
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const node = join(root, 'node_modules/.bin/node');
/** Short-lived garbage on few cores: a roomy nursery, and no threads that wait for each other to sweep it. */
const memory = ['--max-semi-space-size=64', '--single-threaded-gc'];
const args = [...memory, '--conditions=@soloist/source', '--import', './tools/register.mjs', 'tests/simulation/main.ts', ...process.argv.slice(2)];
const { status } = spawnSync(node, args, { cwd: root, stdio: 'inherit' });
process.exit(status ?? 1);
