/** `soloist agent list|check` */
import type { AgentSummary } from '../api/shapes.js';
import { EXIT } from '../exit-codes.js';
import { money } from '../format.js';
import { requireApi } from '../installation.js';
import type { Surroundings } from '../surroundings.js';

type Options = Readonly<Record<string, unknown>>;

export async function agentListCommand(surroundings: Surroundings): Promise<void> {
  const { output } = surroundings;
  const { agents } = await (await requireApi(surroundings)).get<{ agents: readonly AgentSummary[] }>('/v1/agents');
  output.json({ type: 'agent.list', agents });
  await output.table(
    ['agent', 'version', 'model', 'actions', 'per run', 'purpose'],
    agents.map((agent) => [agent.name, agent.version, agent.model, agent.actions.join(' '), money(agent.perRunMicros, agent.currency), agent.purpose]),
  );
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
