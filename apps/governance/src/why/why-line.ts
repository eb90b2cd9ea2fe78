/**
 * The lines of an answer to "why": each says one thing that is on record, and where.
 *
 * I1 a line is backed by the commit it names, or says that it has none: `missing`, or `open` when it may still come
 * I2 a field whose person was erased is said to be erased; it is never left out and never guessed
 */
import type { AnyEvent } from '@soloist/contracts';
import { isErased, type Commit } from '@soloist/eventlog';

export const WHY_STEPS = [
  'trigger', 'routing', 'run', 'budget', 'admission', 'policy', 'recall', 'source', 'ask', 'answer', 'request', 'draft', 'verdict',
  'gate', 'decision', 'edit', 'authorization', 'attempt', 'arming', 'outcome', 'cost',
] as const;
export type WhyStep = (typeof WHY_STEPS)[number];

/** `mismatch`: it is on record, and does not fit what is on record before it. */
export const WHY_STANDINGS = ['recorded', 'open', 'missing', 'mismatch'] as const;
export type WhyStanding = (typeof WHY_STANDINGS)[number];

/** Where it stands on the log; `./soloist log verify` proves that nothing there was changed. */
export interface Evidence {
  readonly commit: string;
  readonly stream: number;
  readonly sequence: number;
  readonly at: string;
  readonly event: string;
}

export interface WhyLine {
  readonly step: WhyStep;
  readonly standing: WhyStanding;
  readonly text: string;
  /** Something of it was sealed for a person that was erased since. */
  readonly hasErased: boolean;
  readonly details: readonly { readonly name: string; readonly value: string }[];
  readonly evidence: Evidence | null;
}

/** One event and the commit it stands in. */
export interface Seen<E extends AnyEvent = AnyEvent> {
  readonly commit: Commit;
  readonly event: E;
}

export type Details = Readonly<Record<string, unknown>>;

const ERASED_WORD = '(erased)';

export function recorded(step: WhyStep, { commit, event }: Seen, text: string, details: Details = {}, standing: 'recorded' | 'mismatch' = 'recorded'): WhyLine {
  const { id, position, at } = commit;
  const shown = Object.entries(details).filter(([, value]) => value !== undefined);
  return {
    ...{ step, standing, text },
    hasErased: text.includes(ERASED_WORD) || shown.some(([, value]) => isErased(value)),
    details: shown.map(([name, value]) => ({ name, value: wordOf(value) })),
    evidence: { commit: id, stream: position.stream, sequence: position.sequence, at, event: event.type },
  };
}

/** A link that has to be there and is not. */
export function missing(step: WhyStep, text: string): WhyLine {
  return { step, standing: 'missing', text, hasErased: false, details: [], evidence: null };
}

/** A link that is not there yet. */
export function open(step: WhyStep, text: string): WhyLine {
  return { step, standing: 'open', text, hasErased: false, details: [], evidence: null };
}

export function wordOf(value: unknown): string {
  if (isErased(value)) return ERASED_WORD;
  if (typeof value === 'string') return value;
  return value === null ? 'none' : JSON.stringify(value);
}

export function seenIn(commits: readonly Commit[]): readonly Seen[] {
  return commits.flatMap((commit) => commit.events.map((event) => ({ commit, event })));
}

/** The events of these types, with their commits, in order. */
export function only<E extends AnyEvent, T extends E['type']>(seen: readonly Seen[], ...types: readonly T[]): readonly Seen<Extract<E, { type: T }>>[] {
  return seen.filter(({ event }) => (types as readonly string[]).includes(event.type)) as unknown as readonly Seen<Extract<E, { type: T }>>[];
}
