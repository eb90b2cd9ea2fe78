/** `soloist agent list|check|pin|unpin`, `soloist run pin` */
import type { AgentSummary, RunSummary } from '../api/shapes.js';
import { EXIT } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { money, oneLine } from '../format.js';
import { requireApi } from '../installation.js';
import type { Surroundings } from '../surroundings.js';

type Options = Readonly<Record<string, unknown>>;

export async function agentListCommand(surroundings: Surroundings): Promise<void> {
  const { output } = surroundings;
  const { agents } = await (await requireApi(surroundings)).get<{ agents: readonly AgentSummary[] }>('/v1/agents');
  output.json({ type: 'agent.list', agents });
  await output.table(
    ['agent', 'version', 'model', 'actions', 'per run', 'purpose'],
    agents.map((agent) => [agent.name, agent.pin == null ? agent.version : `${agent.version} pinned`, agent.model, agent.actions.join(' '), money(agent.perRunMicros, agent.currency), agent.purpose]),
  );
  for (const { name, version, latest, pin } of agents) {
    if (pin != null) output.message(`${name} is pinned to ${version} by ${oneLine(pin.by)} (${oneLine(pin.because)})${latest === version ? '' : `; the latest is ${latest ?? ''}`}; let it go: ./soloist agent unpin ${name}`);
  }
}

interface PinOutcome {
  readonly name: string;
  readonly version: string;
  readonly latest: string;
  readonly isPinned: boolean;
  readonly isOnRecord: boolean;
}

export async function agentPinCommand(surroundings: Surroundings, options: Options, name = '', version = ''): Promise<number> {
  return settle(surroundings, 'pin', name, { version, ...reasonIn(options) }, (outcome) => outcome.version === version && outcome.isPinned);
}

export async function agentUnpinCommand(surroundings: Surroundings, options: Options, name = ''): Promise<number> {
  return settle(surroundings, 'unpin', name, reasonIn(options), ({ isPinned }) => !isPinned);
}

/** To the version that this run had: the way back to what worked. */
export async function runPinCommand(surroundings: Surroundings, options: Options, id = ''): Promise<number> {
  const { agent, definitionVersion } = await (await requireApi(surroundings)).get<RunSummary>(`/v1/runs/${encodeURIComponent(id)}`);
  if (agent === null) throw new Failure('cli.usage', `run ${id} is of a program, which is not pinned: each of its runs keeps its version`, './soloist program start NAME --program-version VERSION', EXIT.usage);
  if (definitionVersion == null) throw new Failure('cli.usage', `run ${id} has no version yet: it is not admitted`, './soloist agent list', EXIT.usage);
  return agentPinCommand(surroundings, { because: `As in run ${id}.`, ...options }, agent, definitionVersion);
}

async function settle(surroundings: Surroundings, verb: 'pin' | 'unpin', name: string, body: object, isSo: (outcome: PinOutcome) => boolean): Promise<number> {
  const { output } = surroundings;
  const outcome = await (await requireApi(surroundings)).post<PinOutcome>(`/v1/agents/${encodeURIComponent(name)}/${verb}`, body);
  output.json({ type: `agent.${verb}`, ...outcome });
  output.line(`${outcome.name}  ${outcome.version}${outcome.isPinned ? ' pinned' : ''}`);
  if (!outcome.isOnRecord) {
    output.message('the wish is durable and not carried out yet; look again: ./soloist agent list');
    return EXIT.timedOut;
  }
  if (isSo(outcome)) return EXIT.ok;
  output.message('somebody else has wished for something else since');
  return EXIT.conflict;
}

function reasonIn(options: Options): { because?: string } {
  return typeof options['because'] === 'string' ? { because: options['because'] } : {};
}

/** Needs no running host. */
export async function agentCheckCommand({ output }: Surroundings, _options: Options, file = ''): Promise<number> {
  const { checkAgentFile } = await import('@soloist/catalog');
  const result = checkAgentFile(file);
  if (result.ok) {
    const { name, version } = result.agent;
    output.json({ type: 'agent.checked', file, isValid: true, name, version, problems: [] });
    output.line(`${file}: ${name}@${version} is valid`);
    return EXIT.ok;
  }
  output.json({ type: 'agent.checked', file, isValid: false, problems: result.problems });
  for (const { line, column, path, reason, next } of result.problems) output.line(`${file}:${line}:${column}: ${path === '' ? 'document' : path}: ${reason} → ${next}`);
  return EXIT.failed;
}
