/** `soloist run list|show|cancel` */
import type { CancelOutcome, Episode, RunSummary } from '../api/shapes.js';
import { episodeLines } from '../episode.js';
import { EXIT } from '../exit-codes.js';
import { money, shortTime } from '../format.js';
import { requireApi } from '../installation.js';
import { wholeNumber } from '../options.js';
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
    ['run', 'agent', 'state', 'spent', 'started'],
    runs.map((run) => [run.runId, run.agent, run.state, money(run.spentMicros, run.currency), output.isTerminal ? shortTime(run.startedAt) : run.startedAt]),
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
  output.line(`agent    ${run.agent}`);
  output.line(`state    ${run.state}${run.waitingFor === null ? '' : `: ${run.waitingFor}`}`);
  output.line(`spent    ${money(run.spentMicros, run.currency)} of ${money(run.envelopeMicros, run.currency)}`);
  output.line();
  for (const { at, type, summary } of episodeLines(episode)) output.line(`${shortTime(at)}  ${type.padEnd(34)}  ${summary}`.trimEnd());
  for (const gate of run.openGates) output.message(`\nwaits for you: ./soloist gate show ${gate}`);
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
