/**
 * `npm run mutants [-- --only ID,ID] [--jobs 2]`: plants each seeded bug of tests/mutants in a copy of the sources and
 * requires that the named test fails. The last line is JSON. Exits 1 unless every bug is caught; a stale one is not.
 *
 * I1 the checkout is never changed
 * I2 the tests are green without a bug, or their failing proves nothing
 * I3 with the bug only the named test is run, so that a list of names cannot rot
 * I4 caught is: the file loads, and the named test fails by what it asserts, not by a word the language does not know
 */
import './register.mjs';
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { transformSync } from 'rolldown/utils';
import { keepFigures } from './figures.mjs';
import { copyRepository } from './repository-copy.mjs';

const { MUTANTS } = await import('../tests/mutants/mutants.ts');
const { mutated } = await import('../tests/mutants/mutant.ts');

const ROOT = resolve(import.meta.dirname, '..');
const LIMIT_MS = 180_000;
/** A test that a bug leaves hanging has to fail by its own name before that. */
const TEST_MS = 45_000;
/** Of our own mistake in writing the bug, not of a test that noticed it. */
const BROKEN_CODE = /^(?:\w*: )?(?:SyntaxError|ReferenceError|TypeError: .* is not a function|Error: (?:Cannot find|Failed to (?:load|resolve)))/;

const { values } = parseArgs({ options: { only: { type: 'string' }, jobs: { type: 'string', default: '2' } } });
const only = values.only?.split(',');
const unknown = only?.find((id) => !MUTANTS.some((mutant) => mutant.id === id));
if (unknown !== undefined) stop(`there is no mutant ${unknown}; there are ${MUTANTS.map(({ id }) => id).join(' ')}`);
const chosen = MUTANTS.filter(({ id }) => only === undefined || only.includes(id));

function stop(message) {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}

function brokerBinary() {
  if (process.env.SOLOIST_NATS_BIN) return process.env.SOLOIST_NATS_BIN;
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'soloist');
  try {
    const found = readdirSync(cache, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('nats-server'));
    return found.map((path) => join(cache, path)).find((path) => statSync(path).isFile());
  } catch {
    return undefined;
  }
}

const nats = brokerBinary();
if (nats === undefined) stop('some of these tests need a nats-server: run ./soloist test --only unit once, or name one in SOLOIST_NATS_BIN');

/** Between the parts of a test's name the report writes a blank, the filter reads an arrow. */
const literally = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(' ', '(?: > | )');

/** Answers the JSON report of vitest, null when there is none: it crashed, or took too long. */
function vitest(folder, files, limitMs, only = null) {
  const out = mkdtempSync(join(tmpdir(), 'soloist-mutant-'));
  const report = join(out, 'report.json');
  const bin = join(ROOT, 'node_modules/.bin');
  const args = [join(folder, 'node_modules/vitest/vitest.mjs'), 'run', '--root', folder, '--reporter=json', `--outputFile=${report}`, `--testTimeout=${TEST_MS}`, ...(only === null ? [] : ['-t', literally(only)]), ...files];
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`, SOLOIST_NATS_BIN: nats };
  return new Promise((done) => {
    const child = spawn(process.execPath, args, { cwd: folder, env, stdio: 'ignore', detached: true });
    const timer = setTimeout(() => process.kill(-child.pid, 'SIGKILL'), limitMs);
    child.on('close', () => {
      clearTimeout(timer);
      let parsed = null;
      try {
        parsed = JSON.parse(readFileSync(report, 'utf8'));
      } catch {
        // No report: what becomes of that is for the caller to say.
      }
      rmSync(out, { recursive: true, force: true });
      done(parsed);
    });
  });
}

const failuresIn = (report) => report.testResults.flatMap(({ assertionResults }) => assertionResults.filter(({ status }) => status === 'failed'));
const unloaded = (report) => report.testResults.filter(({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0);

function verdictOf(report, { caughtBy }) {
  if (report === null) return { verdict: 'no-report', by: 'the tests crashed or took too long' };
  const broken = unloaded(report)[0];
  if (broken !== undefined) return { verdict: 'does-not-load', by: broken.message.split('\n')[0] };
  const failures = failuresIn(report);
  if (failures.length === 0) return { verdict: 'survived', by: '' };
  const named = failures.find(({ fullName }) => fullName.includes(caughtBy));
  if (named === undefined) return { verdict: 'other-test', by: failures.map(({ fullName }) => fullName).slice(0, 4).join(' | ') };
  const message = named.failureMessages[0] ?? '';
  if (BROKEN_CODE.test(message)) return { verdict: 'wrong-reason', by: message.split('\n')[0] };
  return { verdict: 'caught', by: named.fullName };
}

async function attempt(folder, mutant) {
  const file = join(folder, mutant.file);
  const original = readFileSync(file, 'utf8');
  const changed = mutated(original, mutant);
  const { errors } = transformSync(file, changed, { lang: 'ts', decorator: { legacy: true } });
  if (errors.length > 0) return { verdict: 'does-not-compile', by: errors[0].message };
  writeFileSync(file, changed);
  try {
    return verdictOf(await vitest(folder, mutant.tests, LIMIT_MS, mutant.caughtBy), mutant);
  } finally {
    writeFileSync(file, original);
  }
}

function show({ mutant, verdict, by, seconds }) {
  process.stdout.write(`${mutant.id.padEnd(4)} ${verdict.padEnd(16)} ${mutant.guarantee.padEnd(4)} ${String(seconds).padStart(5)} s  ${mutant.what}\n       ${by.slice(0, 230)}\n`);
}

/** Each copy takes the next mutant; a bug is taken out before the next one is put in. */
async function work(folder, queue, results) {
  for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
    const began = performance.now();
    const result = { mutant, ...(await attempt(folder, mutant)), seconds: Math.round((performance.now() - began) / 100) / 10 };
    results.push(result);
    show(result);
  }
}

/** Stale ones are told at once, and are none that was caught. */
function staleness(mutant) {
  try {
    mutated(readFileSync(join(ROOT, mutant.file), 'utf8'), mutant);
    return null;
  } catch (error) {
    return error.message;
  }
}

const began = performance.now();
const results = [];
const queue = [];
for (const mutant of chosen) {
  const stale = staleness(mutant);
  if (stale === null) queue.push(mutant);
  else results.push({ mutant, verdict: 'stale', by: stale, seconds: 0 });
}
const copies = Array.from({ length: Math.max(1, Math.min(Number(values.jobs), queue.length)) }, () => copyRepository(ROOT));
try {
  const files = [...new Set(queue.flatMap(({ tests }) => tests))];
  const clean = files.length === 0 ? null : await vitest(copies[0].folder, files, 4 * LIMIT_MS);
  const isRed = (file) => clean?.testResults.find(({ name }) => name === join(copies[0].folder, file))?.status !== 'passed';
  for (const mutant of queue.filter(({ tests }) => tests.some(isRed))) {
    queue.splice(queue.indexOf(mutant), 1);
    results.push({ mutant, verdict: 'red-without', by: `${mutant.tests.filter(isRed).join(' ')} is not green without the bug`, seconds: 0 });
  }
  process.stdout.write(`${files.length - files.filter(isRed).length} of ${files.length} test files are green without a bug\n`);
  results.forEach(show);
  await Promise.all(copies.map(({ folder }) => work(folder, queue, results)));
} finally {
  for (const copy of copies) copy.remove();
}
const missed = results.filter(({ verdict }) => verdict !== 'caught');
const line = {
  type: 'mutants',
  planted: chosen.length,
  caught: results.length - missed.length,
  survived: missed.filter(({ verdict }) => verdict === 'survived').map(({ mutant }) => mutant.id),
  unproven: missed.filter(({ verdict }) => verdict !== 'survived').map(({ mutant, verdict }) => `${mutant.id}: ${verdict}`),
  seconds: Math.round((performance.now() - began) / 1000),
};
if (only === undefined) {
  const caught = results.filter(({ verdict }) => verdict === 'caught');
  keepFigures('mutants', 'npm run mutants', { ...line, table: caught.map(({ mutant: { id, what, guarantee }, by, seconds }) => ({ id, what, guarantee, caughtBy: by, seconds })) });
}
process.stdout.write(`${JSON.stringify(line)}\n`);
process.exitCode = missed.length === 0 ? 0 : 1;
