/** `soloist run list|show` */
import type { EpisodeAnswer, RunListAnswer, RunAnswer } from '../api/answers.js';
import { requireApi } from '../installation.js';
import { money, shortTime } from '../format.js';
import { episodeLines } from '../episode.js';
import type { Surroundings } from '../surroundings.js';

export async function runListCommand(surroundings: Surroundings, options: Readonly<Record<string, unknown>>): Promise<void> {
  const { output } = surroundings;
  const api = await requireApi(surroundings);
  const query = new URLSearchParams({ limit: String(options['limit'] ?? 50) });
  if (typeof options['state'] === 'string') query.set('state', options['state']);
  const { runs } = await api.get<RunListAnswer>(`/v1/runs?${query.toString()}`);
  output.json({ type: 'run.list', runs });
  if (runs.length === 0) output.message('no runs yet; send a mail: ./soloist mail send FILE.eml');
  else await output.table(['run', 'agent', 'state', 'spent', 'started'], runs.map((run) => [run.runId, run.agent, run.state, money(run.spentMicros, run.currency), shortTime(run.startedAt)]));
}

export async function runShowCommand(surroundings: Surroundings, _options: unknown, id = ''): Promise<void> {
  const { output } = surroundings;
  const api = await requireApi(surroundings);
  const path = `/v1/runs/${encodeURIComponent(id)}`;
  const { run } = await api.get<RunAnswer>(path);
  const episode = await api.get<EpisodeAnswer>(`${path}/episode`);
  output.json({ type: 'run.shown', run, episode });
  output.line(`run     ${run.runId}`);
  output.line(`agent   ${run.agent}`);
  output.line(`state   ${run.state}${run.waitingFor === null ? '' : ` (${run.waitingFor})`}`);
  output.line(`spent   ${money(run.spentMicros, run.currency)} of ${money(run.envelopeMicros, run.currency)}`);
  output.line();
  for (const line of episodeLines(episode)) output.line(line);
}
