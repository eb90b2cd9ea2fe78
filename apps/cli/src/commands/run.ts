/** `soloist run list|show|cancel`, of agents and of programs */
import type { CallForm, CancelOutcome, Episode, ProgramPart, RunSummary } from '../api/shapes.js';
import { episodeLines } from '../episode.js';
import { EXIT } from '../exit-codes.js';
import { money, oneLine, shortTime } from '../format.js';
import { requireApi } from '../installation.js';
import { wholeNumber } from '../options.js';
import type { Output } from '../output.js';
import type { Surroundings } from '../surroundings.js';

type Options = Readonly<Record<string, unknown>>;

export async function runListCommand(surroundings: Surroundings, options: Options): Promise<void> {
  const { output } = surroundings;
  const query = new URLSearchParams({ limit: String(wholeNumber('--limit', options['limit'], 1, 500)) });
  if (typeof options['state'] === 'string') query.set('state', options['state']);
  const { runs } = await (await requireApi(surroundings)).get<{ runs: readonly RunSummary[] }>(`/v1/runs?${query.toString()}`);
  output.json({ type: 'run.list', runs });
  if (runs.length === 0) return output.message('no such runs; to have one: ./soloist demo');
  await output.table(
    ['run', 'of', 'state', 'spent', 'started'],
    runs.map((run) => [run.runId, whoseOf(run), stateOf(run), money(run.spentMicros, run.currency), output.isTerminal ? shortTime(run.startedAt) : run.startedAt]),
  );
}

export async function runShowCommand(surroundings: Surroundings, _options: Options, id = ''): Promise<void> {
  const { output } = surroundings;
  const api = await requireApi(surroundings);
  const path = `/v1/runs/${encodeURIComponent(id)}`;
  const run = await api.get<RunSummary>(path);
  const episode = await api.get<Episode>(`${path}/episode`);
  output.json({ type: 'run.shown', run, episode });
  output.line(`run      ${run.runId}`);
  if (run.program == null) output.line(`agent    ${run.agent ?? ''}`);
  output.line(`state    ${run.state}${run.waitingFor === null ? '' : `: ${run.waitingFor}`}${run.program == null || run.outcome === null ? '' : ` (${run.outcome})`}`);
  if (run.program == null) output.line(`spent    ${money(run.spentMicros, run.currency)} of ${money(run.envelopeMicros, run.currency)}`);
  else showProgram(output, run.program);
  output.line();
  for (const { at, type, summary } of episodeLines(episode)) output.line(`${shortTime(at)}  ${type.padEnd(34)}  ${summary}`.trimEnd());
  for (const gate of run.openGates) output.message(`\nwaits for you: ./soloist gate show ${gate}`);
}

function whoseOf({ agent, program }: RunSummary): string {
  return program == null ? (agent ?? '') : `${program.name}@${program.version}`;
}

/** What a program waits for is not to be read off its state. */
function stateOf({ state, program, waitingFor, outcome }: RunSummary): string {
  if (program == null) return state;
  if (state === 'failed' && outcome !== null && outcome !== 'failed') return `failed: ${outcome}`;
  return state === 'waiting' && waitingFor !== null ? `waiting: ${oneLine(waitingFor)}` : state;
}

function showProgram(output: Output, { name, version, parentRunId, epoch, generation, steps, waits, divergence }: ProgramPart): void {
  output.line(`program  ${name}@${version}${parentRunId === null ? '' : `, for run ${parentRunId}`}`);
  output.line(`steps    ${steps} ended, epoch ${epoch}${generation === 1 ? '' : `, history ${generation}`}`);
  for (const wait of waits) output.line(`waits    at ${wait.path} for ${wait.kind === 'timer' ? `the moment ${wait.for}` : wait.kind === 'event' ? `the event ${oneLine(wait.for)}` : `run ${wait.for}`}`);
  if (divergence === null) return;
  output.line(`diverged at ${divergence.path}`);
  output.line(`  record  ${formOf(divergence.recorded)}`);
  output.line(`  code    ${formOf(divergence.replayed)}`);
}

function formOf(form: CallForm | null): string {
  return form === null ? 'nothing' : `${form.kind} ${oneLine(form.name)} (arguments ${form.argsDigest.slice(0, 12)})`;
}

/** Ends a run that goes nowhere. Asking again tries again. */
export async function runCancelCommand(surroundings: Surroundings, options: Options, id = ''): Promise<number> {
  const { output } = surroundings;
  const api = await requireApi(surroundings);
  const body = typeof options['reason'] === 'string' ? { because: options['reason'] } : {};
  const cancelled = await api.post<CancelOutcome>(`/v1/runs/${encodeURIComponent(id)}/cancel`, body);
  output.json({ type: 'run.cancelled', ...cancelled });
  output.line(`${cancelled.runId}  ${cancelled.outcome ?? 'not ended yet'}`);
  if (cancelled.outcome === 'cancelled') return EXIT.ok;
  if (cancelled.outcome !== null) {
    output.message('it had ended before; nothing was changed');
    return EXIT.conflict;
  }
  output.message('the wish is on record; look at it with: ./soloist run show ID, or ask again');
  return EXIT.timedOut;
}
