/**
 * `./soloist test [--only PHASE]…`: every check of the repository, phase by phase, each with its counts and seconds.
 * The last line is `N passed, N failed`; lint and types count as one check each. A phase that ran nothing has failed.
 * What failed is said once more before it, so that the end of a long record is enough to go on with.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, relative, resolve } from 'node:path';
import { parseArgs, stripVTControlCharacters } from 'node:util';

const root = resolve(import.meta.dirname, '..');
const bin = join(root, 'node_modules/.bin');
// Tools start themselves through `#!/usr/bin/env node`; the packaged Node must be the one they find.
const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}` };
const PHASE_LIMIT_MS = 30 * 60_000;
const REASON_LINES = 30;

function run(command, args) {
  return new Promise((done) => {
    const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'], timeout: PHASE_LIMIT_MS, killSignal: 'SIGKILL' });
    child.on('error', (error) => {
      process.stderr.write(`${command}: ${error.message}\n`);
      done(1);
    });
    child.on('close', (code, signal) => done(code ?? `ended by ${signal}`));
  });
}

async function check(command, args) {
  const ok = (await run(command, args)) === 0;
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0, failures: [] };
}

const reasonOf = (message) =>
  stripVTControlCharacters(message ?? '')
    .split('\n')
    .slice(0, REASON_LINES)
    .map((line) => `      ${line}`)
    .join('\n');

/** Each failed test, or the file that could not be loaded, with the beginning of its reason. */
function failuresOf(file) {
  const name = relative(root, file.name);
  const tests = file.assertionResults.filter(({ status }) => status === 'failed');
  if (tests.length === 0) return file.status === 'failed' ? [`${name}\n${reasonOf(file.message)}`] : [];
  return tests.map((test) => `${name} > ${test.fullName}\n${reasonOf(test.failureMessages[0])}`);
}

/** A file that could not even be loaded holds no failed test, and is a failure all the same. */
function countsOf(report, code) {
  const unloadable = report.testResults.filter(({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'));
  const passed = report.numPassedTests;
  const failed = report.numFailedTests + unloadable.length;
  const skipped = report.numPendingTests + (report.numTodoTests ?? 0);
  const isUnexplained = failed === 0 && (code !== 0 || !report.success || passed === 0);
  return { passed, failed: isUnexplained ? 1 : failed, skipped, failures: report.testResults.flatMap(failuresOf) };
}

async function vitest(project) {
  const folder = mkdtempSync(join(tmpdir(), 'soloist-test-'));
  try {
    const file = join(folder, 'report.json');
    const code = await run(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), 'run', `--project=${project}`, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`]);
    return countsOf(JSON.parse(readFileSync(file, 'utf8')), code);
  } catch (error) {
    process.stderr.write(`${project}: no report from vitest (${error.message})\n`);
    return { passed: 0, failed: 1, skipped: 0, failures: [] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const PHASES = {
  lint: () => check(process.execPath, [join(root, 'tools/lint/run.mjs')]),
  types: () => check(join(bin, 'tsc'), ['-b']),
  unit: () => vitest('unit'),
  integration: () => vitest('integration'),
  scenario: () => vitest('scenario'),
};
const NEED_BROKER = ['integration', 'scenario'];

function refuse(message) {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}

function chosenPhases() {
  const options = { only: { type: 'string', multiple: true } };
  let only;
  try {
    only = parseArgs({ options }).values.only ?? Object.keys(PHASES);
  } catch (error) {
    refuse(`${error.message}\n  next: ./soloist test [--only ${Object.keys(PHASES).join('|')}]`);
  }
  const unknown = only.find((name) => !Object.hasOwn(PHASES, name));
  if (unknown !== undefined) refuse(`there is no phase "${unknown}"\n  next: --only ${Object.keys(PHASES).join('|')}`);
  return Object.keys(PHASES).filter((name) => only.includes(name));
}

const lineOf = ({ name, passed, failed, skipped, seconds }) =>
  `  ${name.padEnd(12)} ${String(passed).padStart(5)} passed ${String(failed).padStart(4)} failed${skipped > 0 ? ` ${skipped} skipped` : ''}  ${seconds} s`;

const phases = chosenPhases();
if (phases.some((name) => NEED_BROKER.includes(name)) && !process.env.SOLOIST_NATS_BIN && !process.env.SOLOIST_NATS_URL) {
  refuse('these tests need a nats-server, and SOLOIST_NATS_BIN names none\n  next: ./soloist test (it finds or fetches one)');
}

const results = [];
for (const name of phases) {
  process.stdout.write(`\n=== ${name}\n`);
  const began = performance.now();
  const counts = await PHASES[name]();
  results.push({ name, ...counts, seconds: ((performance.now() - began) / 1000).toFixed(1) });
  process.stdout.write(`${lineOf(results.at(-1))}\n`);
}

const failures = results.flatMap((result) => result.failures);
if (failures.length > 0) process.stdout.write(`\n=== what failed\n${failures.map((failure) => `\n  ${failure}\n`).join('')}`);
const sum = (key) => results.reduce((total, result) => total + result[key], 0);
process.stdout.write(`\n${results.map(lineOf).join('\n')}\n\n${sum('passed')} passed, ${sum('failed')} failed\n`);
process.exitCode = sum('failed') === 0 ? 0 : 1;
