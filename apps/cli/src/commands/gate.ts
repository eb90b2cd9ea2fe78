/** `soloist gate list|show` */
import type { GateCard, GateSummary } from '../api/shapes.js';
import { shortTime } from '../format.js';
import { cardLines, howToDecide } from '../gate-card.js';
import { requireApi } from '../installation.js';
import { oneOf } from '../options.js';
import type { Surroundings } from '../surroundings.js';

type Options = Readonly<Record<string, unknown>>;
const STATES = ['open', 'approved', 'rejected', 'expired', 'all'] as const;

export async function gateListCommand(surroundings: Surroundings, options: Options): Promise<void> {
  const { output } = surroundings;
  const state = oneOf('--state', options['state'], STATES);
  const { gates } = await (await requireApi(surroundings)).get<{ gates: readonly GateSummary[] }>(`/v1/gates${state === 'all' ? '' : `?state=${state}`}`);
  output.json({ type: 'gate.list', gates });
  if (gates.length === 0) return output.message(state === 'open' ? 'nothing waits for your decision' : 'no such gates');
  await output.table(
    ['gate', 'action', 'class', 'state', 'opened'],
    gates.map((gate) => [gate.gateId, gate.action, gate.effectClass, gate.state, output.isTerminal ? shortTime(gate.openedAt) : gate.openedAt]),
  );
  if (state === 'open') output.message(`look at it: ./soloist gate show ${gates[0]?.gateId ?? ''}`);
}

export async function gateShowCommand(surroundings: Surroundings, _options: Options, id = ''): Promise<void> {
  const { output } = surroundings;
  const card = await (await requireApi(surroundings)).get<GateCard>(`/v1/gates/${encodeURIComponent(id)}`);
  output.json({ type: 'gate.shown', gate: card });
  for (const line of cardLines(card)) output.line(line);
  if (card.state === 'open') output.message(`\n${howToDecide(id)}`);
}
