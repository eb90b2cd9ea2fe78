/**
 * Search over the facts.
 *
 * I1 facts of other data subjects never come up, unless the company itself stands behind them
 * I2 equal rows and an equal question give an equal answer, in the same order
 */
import type { RecalledFact } from '@soloist/contracts';

export interface FactQuestion {
  /** Free text; the mail itself will do. */
  readonly text: string;
  readonly dataSubject: string;
  /** The input that the asker has before it anyway: what it states comes last. */
  readonly inputId: string;
  readonly limit: number;
}

export interface FactIndex {
  /** Names the kind of index and the version of its ranking; stands in the answer. */
  readonly name: string;
  /** Best first. @throws Fault transient while the database cannot be reached */
  search(question: FactQuestion): Promise<readonly RecalledFact[]>;
}
