/**
 * `soloist policy show|diff|try|apply|replay`
 *
 * I1 a file that breaks the schema is told with line and column, and nothing is sent
 * I2 apply names the version it was compared with: a policy changed meanwhile is not overwritten
 * I3 replay writes verdicts and nothing else to standard output; a line it cannot read is told with its number, and the
 *    exit code says so
 */
import type { PolicyDocument } from '@soloist/contracts';
import { EXIT } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { requireApi } from '../installation.js';
import { wholeNumber } from '../options.js';
import { policyDifferences } from '../policy-differences.js';
import type { Surroundings } from '../surroundings.js';

type Options = Readonly<Record<string, unknown>>;

interface InForce {
  readonly version: string;
  readonly origin: string;
  readonly document: PolicyDocument;
}

interface Trial {
  readonly version: string;
  readonly runs: number;
  readonly judged: number;
  readonly untried: number;
  readonly changed: readonly { readonly runId: string; readonly effectId: string; readonly action: string; readonly before: string; readonly after: string; readonly reasons: readonly string[] }[];
}

export async function policyShowCommand(surroundings: Surroundings): Promise<void> {
  const { output } = surroundings;
  const { version, origin, document } = await (await requireApi(surroundings)).get<InForce>('/v1/policy');
  output.json({ type: 'policy.shown', version, origin, document });
  output.line(`${document.name}@${version}  (${origin})`);
  output.line(`outward effects: ${document.outward ?? 'confirm'}`);
  await output.table(
    ['rule', 'then', 'because'],
    [...document.actions.map((line) => [line.action, line.verdict, line.because]), ...(document.rules ?? []).map((rule) => [rule.name, rule.then, rule.because])],
  );
}

export async function policyDiffCommand(surroundings: Surroundings, _options: Options, file = ''): Promise<void> {
  const { output } = surroundings;
  const wanted = await policyIn(file);
  const now = await (await requireApi(surroundings)).get<InForce>('/v1/policy');
  const differences = policyDifferences(now.document, wanted.document);
  output.json({ type: 'policy.compared', inForce: now.version, file, version: wanted.version, differences });
  output.message(`in force: ${now.version} · ${file}: ${wanted.version}`);
  for (const { sign, what, text } of differences) output.line(`${sign} ${what}: ${text}`);
  if (differences.length === 0) output.message('the same');
}

export async function policyTryCommand(surroundings: Surroundings, options: Options, file = ''): Promise<void> {
  const { output } = surroundings;
  const runs = wholeNumber('--runs', options['runs'], 1, 500);
  const { document } = await policyIn(file);
  const report = await (await requireApi(surroundings)).post<Trial>('/v1/policy/trial', { document, runs });
  output.json({ type: 'policy.tried', file, ...report });
  for (const row of report.changed) output.line(`${row.runId}  ${row.action}  ${row.before} → ${row.after}  ${row.reasons.join(' ')}`);
  output.message(`${report.judged} judgements of ${report.runs} runs tried, ${report.changed.length} would differ${report.untried === 0 ? '' : `, ${report.untried} are too old to try`}`);
}

export async function policyApplyCommand(surroundings: Surroundings, _options: Options, file = ''): Promise<void> {
  const { output } = surroundings;
  const wanted = await policyIn(file);
  const api = await requireApi(surroundings);
  const before = await api.get<InForce>('/v1/policy');
  const differences = policyDifferences(before.document, wanted.document);
  for (const { sign, what, text } of differences) output.message(`${sign} ${what}: ${text}`);
  const now = await api.post<InForce>('/v1/policy', { document: wanted.document, replaces: before.version });
  output.json({ type: 'policy.applied', file, replaced: before.version, version: now.version, differences });
  output.line(before.version === now.version ? `${now.version} was in force already` : `${now.version} is in force for runs that start from now on; it replaces ${before.version}`);
}

/** Needs no running host. */
export async function policyReplayCommand(surroundings: Surroundings, options: Options, file = ''): Promise<number> {
  const { output } = surroundings;
  const { PROVENANCE_POLICY_FILE } = await import('@soloist/catalog');
  const { replayTrajectories } = await import('@soloist/host');
  const policy = await policyIn(typeof options['policy'] === 'string' ? options['policy'] : PROVENANCE_POLICY_FILE);
  const summary = await replayTrajectories({
    lines: await linesOf(file, surroundings),
    document: policy.document,
    onVerdicts: (text) => output.result(text),
    onProblem: ({ line, path, reason }) => output.log(`${file}:${line}: ${path}: ${reason}`),
  });
  output.log(`policy ${policy.document.name}@${policy.version}`);
  output.log(`${summary.trajectories} trajectories, ${summary.calls} calls: ${summary.allow} allowed, ${summary.gate} gated, ${summary.refuse} refused`);
  output.log(`${summary.externalStopped} of ${summary.external} external calls stopped, ${summary.interrupted} trajectories interrupted, ${summary.groups} gates when like calls share one`);
  for (const [kind, count] of summary.kinds) output.log(`  ${kind}: ${count}`);
  output.log(`judged in ${Math.round(summary.judgingMs)} ms: ${Math.round((summary.trajectories / Math.max(summary.judgingMs, 0.001)) * 1_000)} trajectories a second`);
  if (summary.problems > 0) output.log(`${summary.problems} lines could not be read`);
  return summary.problems === 0 ? EXIT.ok : EXIT.failed;
}

async function policyIn(file: string): Promise<{ readonly version: string; readonly document: PolicyDocument }> {
  const { CatalogError, loadPolicy } = await import('@soloist/catalog');
  try {
    return loadPolicy(file);
  } catch (error) {
    if (!(error instanceof CatalogError)) throw error;
    throw new Failure('policy.invalid', error.message, 'correct the file; libs/catalog/schemas/policy.schema.json describes it', EXIT.failed, { cause: error });
  }
}

/** @throws Failure policy.file-unreadable before anything is judged */
async function linesOf(file: string, { stdin }: Surroundings): Promise<AsyncIterable<string>> {
  const { open } = await import('node:fs/promises');
  const { createInterface } = await import('node:readline');
  const { Readable } = await import('node:stream');
  if (file === '-') return createInterface({ input: Readable.from(stdin), crlfDelay: Infinity });
  try {
    return createInterface({ input: (await open(file)).createReadStream({ encoding: 'utf8' }), crlfDelay: Infinity });
  } catch (error) {
    throw new Failure('policy.file-unreadable', `${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)})`, 'check that the file exists and may be read', EXIT.notFound, { cause: error });
  }
}
