/** `npm run chaos -- --kills N --power-cuts N --corruptions N [--seed S] [--only KIND]`: the chaos harness, from the TypeScript sources. */
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const node = join(root, 'node_modules/.bin/node');
const args = ['--conditions=@soloist/source', '--import', './tools/register.mjs', 'tests/chaos/main.ts', ...process.argv.slice(2)];
const { status } = spawnSync(node, args, { cwd: root, stdio: 'inherit' });
process.exit(status ?? 1);
