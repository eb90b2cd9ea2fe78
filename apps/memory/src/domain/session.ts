/**
 * The conversation with one data subject, as short-term context. Every turn is a copy of something on the log and names
 * its commit; losing a session loses nothing that mattered.
 *
 * I1 a turn of the same source is kept once
 * I2 count and size are bounded; the oldest turns go first
 */
export interface Turn {
  /** `client` said it, or the `agent` did it. */
  readonly role: 'client' | 'agent';
  readonly text: string;
  /** Commit id and event index it was copied from. */
  readonly source: string;
  /** When that commit was made; puts turns in the order a reader expects, decides nothing. */
  readonly at: string;
}

export const MOST_TURNS = 20;
export const LONGEST_TURN = 2_000;
export const MOST_CHARACTERS = 16_000;

export function withTurn(turns: readonly Turn[], turn: Turn): readonly Turn[] {
  if (turns.some((known) => known.source === turn.source)) return turns;
  const text = shortened(turn.text.trim());
  if (text === '') return turns;
  return bounded([...turns, { ...turn, text }].sort(byTime));
}

/** What was stored by an older release, or by nobody, reads as an empty session. */
export function turnsIn(stored: unknown): readonly Turn[] {
  const turns = (stored as { turns?: unknown } | null)?.turns;
  return Array.isArray(turns) ? bounded(turns.filter(isTurn)) : [];
}

function bounded(turns: readonly Turn[]): readonly Turn[] {
  let kept = turns.slice(-MOST_TURNS);
  while (kept.reduce((sum, turn) => sum + turn.text.length, 0) > MOST_CHARACTERS) kept = kept.slice(1);
  return kept;
}

function shortened(text: string): string {
  if (text.length <= LONGEST_TURN) return text;
  // A surrogate pair that is cut in two could not be stored.
  return `${text.slice(0, LONGEST_TURN - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

function byTime(left: Turn, right: Turn): number {
  if (left.at !== right.at) return left.at < right.at ? -1 : 1;
  return left.source < right.source ? -1 : 1;
}

function isTurn(value: unknown): value is Turn {
  const turn = value as Partial<Turn> | null;
  return (
    typeof turn === 'object' &&
    turn !== null &&
    (turn.role === 'client' || turn.role === 'agent') &&
    [turn.text, turn.source, turn.at].every((part) => typeof part === 'string')
  );
}
