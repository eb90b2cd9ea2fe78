/**
 * How much room each section of a prompt has [B3], in UTF-8 bytes (an upper bound of tokens).
 *
 * I1 the sum of all sections, the tools and the room for the answer never exceeds the model's window
 * I2 when room is short it is cut in this order: oldest session turns, lowest-ranked facts, oldest steps, results of
 *    tools, the end of the mail. Instructions are never cut
 */
export interface SectionBudgets {
  readonly facts: number;
  readonly session: number;
  readonly input: number;
  readonly steps: number;
  /** One tool result; they count within `steps`. */
  readonly result: number;
}

export const FULL_BUDGETS: SectionBudgets = { facts: 10_000, session: 6_000, input: 18_000, steps: 24_000, result: 6_000 };

/** What was left out, exactly; all zero when everything found room. */
export interface LeftOut {
  readonly sessionTurns: number;
  readonly facts: number;
  readonly steps: number;
  readonly resultBytes: number;
  readonly inputBytes: number;
}

export const NOTHING_LEFT_OUT: LeftOut = { sessionTurns: 0, facts: 0, steps: 0, resultBytes: 0, inputBytes: 0 };

/** Headings, quoting and separators around the sections. */
const FRAME_BYTES = 4_000;

/** Scales the budgets down to a small window. Null when not even the fixed parts and a little of the mail fit. */
export function budgetsFor(windowTokens: number, fixedBytes: number, maxOutputTokens: number): SectionBudgets | null {
  const room = windowTokens - maxOutputTokens - fixedBytes - FRAME_BYTES;
  const { facts, session, input, steps, result } = FULL_BUDGETS;
  const share = Math.min(1, room / (facts + session + input + steps));
  if (share < 0.05) return null;
  const scaled = (bytes: number): number => Math.floor(bytes * share);
  return { facts: scaled(facts), session: scaled(session), input: scaled(input), steps: scaled(steps), result: scaled(result) };
}

export function describeLeftOut(left: LeftOut): string | null {
  const parts = [
    count(left.sessionTurns, 'older turn of the conversation', 'older turns of the conversation'),
    count(left.facts, 'lower-ranked fact', 'lower-ranked facts'),
    count(left.steps, 'earlier step of this run', 'earlier steps of this run'),
    count(left.resultBytes, 'byte of tool results', 'bytes of tool results'),
    count(left.inputBytes, 'byte at the end of the mail', 'bytes at the end of the mail'),
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : `Left out for lack of room: ${parts.join(', ')}.`;
}

function count(amount: number, one: string, many: string): string | null {
  return amount === 0 ? null : `${amount} ${amount === 1 ? one : many}`;
}
