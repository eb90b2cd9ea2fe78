/** `soloist gate list|show|link|snooze` */
import type { GateCard, GateLink, GateSummary, SnoozeOutcome } from '../api/shapes.js';
import { EXIT } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { shortTime } from '../format.js';
import { cardLines, howToDecide } from '../gate-card.js';
import { requireApi } from '../installation.js';
import { oneOf } from '../options.js';
import type { Surroundings } from '../surroundings.js';
import { asksOf, howToExtend } from './budget.js';

type Options = Readonly<Record<string, unknown>>;
const STATES = ['open', 'approved', 'rejected', 'expired', 'all'] as const;

export async function gateListCommand(surroundings: Surroundings, options: Options): Promise<void> {
  const { output } = surroundings;
  const state = oneOf('--state', options['state'], STATES);
  const client = await requireApi(surroundings);
  const { gates } = await client.get<{ gates: readonly GateSummary[] }>(`/v1/gates${state === 'all' ? '' : `?state=${state}`}`);
  // What asks for money waits for the same person.
  const asks = state === 'open' ? await asksOf(client) : [];
  output.json({ type: 'gate.list', gates, ...(state === 'open' ? { asks } : {}) });
  for (const ask of asks) output.message(howToExtend(ask));
  if (gates.length === 0) return output.message(state === 'open' ? nothingElse(asks.length) : 'no such gates');
  await output.table(
    ['gate', 'action', 'class', 'state', 'opened'],
    gates.map((gate) => [gate.gateId, gate.action, gate.effectClass, standingOf(gate), output.isTerminal ? shortTime(gate.openedAt) : gate.openedAt]),
  );
  if (state === 'open') output.message(`look at it: ./soloist gate show ${gates[0]?.gateId ?? ''}`);
}

function nothingElse(asks: number): string {
  return asks === 0 ? 'nothing waits for your decision' : 'nothing else waits for your decision';
}

export async function gateShowCommand(surroundings: Surroundings, _options: Options, id = ''): Promise<void> {
  const { output } = surroundings;
  const card = await (await requireApi(surroundings)).get<GateCard>(`/v1/gates/${encodeURIComponent(id)}`);
  output.json({ type: 'gate.shown', gate: card });
  for (const line of cardLines(card)) output.line(line);
  if (card.state === 'open') output.message(`\n${howToDecide(id)}`);
}

/** The link stands alone on its line, so that it can be handed on; it is as good as the decision itself. */
export async function gateLinkCommand(surroundings: Surroundings, _options: Options, id = ''): Promise<void> {
  const { output } = surroundings;
  const link = await (await requireApi(surroundings)).post<GateLink>(`/v1/gates/${encodeURIComponent(id)}/link`, {});
  output.json({ type: 'gate.link', ...link });
  output.line(link.url);
  output.message(`it opens the page of this gate until ${shortTime(link.expiresAt)}; whoever holds it can decide, so keep it to yourself`);
}

export async function gateSnoozeCommand(surroundings: Surroundings, _options: Options, id = '', hours = ''): Promise<void> {
  const { output } = surroundings;
  const until = new Date(Date.now() + hoursOf(hours) * HOUR_MS).toISOString();
  const outcome = await (await requireApi(surroundings)).post<SnoozeOutcome>(`/v1/gates/${encodeURIComponent(id)}/snooze`, { until, surface: 'cli' });
  output.json({ type: 'gate.snoozed', ...outcome });
  output.line(outcome.snoozedUntil === null ? `${id}  ${outcome.state}; not on record yet` : `${id}  ${outcome.state}; you are not reminded before ${shortTime(outcome.snoozedUntil)}`);
}

const HOUR_MS = 3_600_000;
const MOST_HOURS = 24 * 90;

function hoursOf(text: string): number {
  const hours = Number(text);
  if (text.trim() !== '' && hours > 0 && hours <= MOST_HOURS) return hours;
  throw new Failure('cli.usage', `${JSON.stringify(text)} is no number of hours`, 'for example: ./soloist gate snooze ID 8', EXIT.usage);
}

/** What waits loudest says so. */
function standingOf({ state, isEscalated, reminders, snoozedUntil }: GateSummary): string {
  if (state !== 'open') return state;
  if (isEscalated === true) return 'open, URGENT';
  if (snoozedUntil != null && Date.parse(snoozedUntil) > Date.now()) return 'open, snoozed';
  return (reminders ?? 0) > 0 ? `open, reminded ${reminders}×` : state;
}
