/**
 * A fact: one statement with where it was said. Keyed by the hash of its source and span, so that the same sentence of
 * the same commit is the same fact however often it is read.
 *
 * I1 a fact is asserted once; a repeat changes nothing
 * I2 a fact cites the commit, the event in it and the span it was taken from, and keeps the source's trust
 * I3 what the source no longer tells (its key was lost) gives no facts
 */
import type { FactEvent } from '@soloist/contracts';
import type { Trust } from '@soloist/kernel';
import { sentencesOf } from './sentences.js';
import { kindOfStatement, type StatementKind } from './statement.js';

export interface FactState {
  readonly isAsserted: boolean;
}

export const noFact: FactState = { isAsserted: false };

export function evolveFact(state: FactState, event: FactEvent): FactState {
  switch (event.type) {
    case 'memory.fact.asserted':
      return state.isAsserted ? state : { isAsserted: true };
  }
}

/** A statement as it was found, before it has an id. */
export interface Statement {
  readonly kind: StatementKind;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** More than these from one input is a dump, not a mail; the input itself stays on the log. */
export const MOST_STATEMENTS = 200;

/** `text` is unknown because an erased field is an object. */
export function statementsIn(text: unknown): readonly Statement[] {
  if (typeof text !== 'string') return [];
  const statements: Statement[] = [];
  for (const sentence of sentencesOf(text)) {
    const kind = kindOfStatement(sentence.text);
    if (kind !== null) statements.push({ kind, ...sentence });
    if (statements.length === MOST_STATEMENTS) break;
  }
  return statements;
}

export interface FactSource {
  readonly inputId: string;
  readonly commit: string;
  readonly index: number;
  readonly trust: Trust;
  readonly dataSubject: string;
}

export function assertFact(state: FactState, factId: string, statement: Statement, source: FactSource): readonly FactEvent[] {
  if (state.isAsserted) return [];
  return [
    {
      type: 'memory.fact.asserted',
      data: {
        factId,
        kind: statement.kind,
        text: statement.text,
        inputId: source.inputId,
        source: { commit: source.commit, index: source.index, start: statement.start, end: statement.end },
        trust: source.trust,
        dataSubject: source.dataSubject,
      },
    },
  ];
}
