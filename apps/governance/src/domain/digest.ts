/**
 * What a digest says, of what governance's rows say. Pure.
 *
 * I1 ids, kinds, names shaped like names, moments and figures: whatever else a row holds stays where it is
 * I2 a gate that was open at the last digest, or was opened since, is told of once when it is closed
 * I3 when nothing is open, asked or closed there is no digest
 */
import { AgentName, MOST_ASKS_NAMED, MOST_GATES_FOLLOWED, MOST_GATES_NAMED, type MailDigest } from '@soloist/contracts';

type OpenGate = MailDigest['open']['gates'][number];

/** A gate as the rows have it. */
export interface SeenGate extends Omit<OpenGate, 'agent'> {
  readonly state: 'open' | 'approved' | 'rejected' | 'expired';
  /** Whatever name the rows have. */
  readonly agent: string | null;
}

export interface Seen {
  /** Each gate once or more often, oldest first. */
  readonly gates: readonly SeenGate[];
  /** Runs that ask for more money than a line lets them have. */
  readonly asks: MailDigest['asks']['runs'];
}

/** @param before what was open at the last digest, and since when to tell */
export function digestOf({ gates, asks }: Seen, before: { readonly open: readonly string[]; readonly since: string }, day: string, at: string): MailDigest | null {
  const each = [...new Map(gates.map((gate) => [gate.gateId, gate])).values()];
  const open = each.filter(({ state }) => state === 'open');
  const known = new Set(before.open);
  const closed = each.flatMap(({ gateId, state, openedAt }) => (state !== 'open' && (known.has(gateId) || openedAt > before.since) ? [{ gateId, as: state }] : []));
  if (open.length + asks.length + closed.length === 0) return null;
  const countOf = (as: (typeof closed)[number]['as']): number => closed.filter((gate) => gate.as === as).length;
  return {
    ...{ day, at, since: before.since },
    open: {
      count: open.length,
      gates: open.slice(0, MOST_GATES_NAMED).map(named),
      others: open.slice(MOST_GATES_NAMED, MOST_GATES_FOLLOWED).map(({ gateId }) => gateId),
    },
    asks: { count: asks.length, runs: asks.slice(0, MOST_ASKS_NAMED) },
    closed: { approved: countOf('approved'), rejected: countOf('rejected'), expired: countOf('expired'), gates: closed.slice(0, MOST_GATES_NAMED) },
  };
}

/** I1 */
function named({ gateId, runId, kind, agent, openedAt, expiresAt, reminders, isEscalated, snoozedUntil }: SeenGate): OpenGate {
  return { gateId, runId, kind, agent: AgentName.safeParse(agent).data ?? null, openedAt, expiresAt, reminders, isEscalated, snoozedUntil };
}
