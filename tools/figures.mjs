/**
 * Figures of docs/guarantees.md. A runner's last JSON line is kept with what it needs to be judged: command, day, commit,
 * machine.
 *
 * `node tools/figures.mjs NAME -- COMMAND…` runs a command, shows what it prints, and keeps its last JSON line as
 * docs/figures/NAME.json when it ended well.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '..');
const FOLDER = join(ROOT, 'docs/figures');
const NAME = /^[a-z][a-z0-9-]{0,40}$/;

export function keepFigures(name, command, figures) {
  if (!NAME.test(name)) throw new Error(`figures are named like corruption or bench-append, not ${JSON.stringify(name)}`);
  mkdirSync(FOLDER, { recursive: true });
  const kept = { name, command, date: new Date().toISOString().slice(0, 10), commit: commit(), machine: machine(), figures };
  writeFileSync(join(FOLDER, `${name}.json`), `${JSON.stringify(kept, null, 2)}\n`);
  return kept;
}

/** The last line that is a JSON object; null when there is none. */
export function lastJsonLine(output) {
  for (const line of output.split('\n').reverse()) {
    const text = line.trim();
    if (!text.startsWith('{')) continue;
    try {
      return JSON.parse(text);
    } catch {
      // Something that only begins like one: the one before it may be whole.
    }
  }
  return null;
}

function commit() {
  const git = (...args) => spawnSync('git', args, { cwd: ROOT, encoding: 'utf8' }).stdout?.trim() ?? '';
  const head = git('rev-parse', '--short', 'HEAD');
  if (head === '') return 'unknown';
  return git('status', '--porcelain', '--', 'apps', 'libs', 'tests', 'bench') === '' ? head : `${head} and changes`;
}

function machine() {
  const [first] = cpus();
  return `${cpus().length} cores ${first?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform} ${process.arch}, Node ${process.versions.node}`;
}

async function main() {
  const [name = '', dashes, ...command] = process.argv.slice(2);
  if (dashes !== '--' || command.length === 0) {
    process.stderr.write('usage: node tools/figures.mjs NAME -- COMMAND…\n');
    return 2;
  }
  const chunks = [];
  const child = spawn(command[0], command.slice(1), { cwd: ROOT, stdio: ['inherit', 'pipe', 'inherit'] });
  child.stdout.on('data', (chunk) => {
    chunks.push(chunk);
    process.stdout.write(chunk);
  });
  const code = await new Promise((done) => {
    child.on('error', () => done(127));
    child.on('close', (status) => done(status ?? 1));
  });
  if (code !== 0) return code;
  const figures = lastJsonLine(Buffer.concat(chunks).toString('utf8'));
  if (figures === null) {
    process.stderr.write(`${command.join(' ')} printed no JSON line; nothing was kept\n`);
    return 1;
  }
  keepFigures(name, command.join(' '), figures);
  return 0;
}

if (process.argv[1] === import.meta.filename) process.exitCode = await main();
