/**
 * Lints the whole tree, or the files given. The boundary rule of Nx needs a fresh project graph and passes in silence
 * without one, so the graph is written first and its absence is an error.
 */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const { resolve: find } = createRequire(join(root, 'package.json'));
const env = { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false' };

function run(script, args, stdio) {
  return spawnSync(process.execPath, [script, ...args], { cwd: root, env, stdio, encoding: 'utf8', maxBuffer: 64 << 20 });
}

const graph = run(join(dirname(find('nx/package.json')), 'dist/bin/nx.js'), ['graph', '--file=.nx/graph.json'], 'pipe');
if (graph.status !== 0) {
  process.stderr.write(`the project graph could not be made; the import law would go unchecked\n${graph.stdout}${graph.stderr}`);
  process.exit(1);
}

const files = process.argv.slice(2);
const lint = run(join(dirname(find('eslint/package.json')), 'bin/eslint.js'), [...(files.length > 0 ? files : ['.']), '--max-warnings=0'], 'pipe');
process.stdout.write(lint.stdout);
process.stderr.write(lint.stderr);
const wasSkipped = `${lint.stdout}${lint.stderr}`.includes('No cached ProjectGraph');
process.exit(wasSkipped ? 1 : (lint.status ?? 1));
