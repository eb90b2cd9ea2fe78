/**
 * What is wrong with a catalog file, so that the operator can mend it without looking at code.
 *
 * I1 every problem names file, line, column, field, reason and the next step
 * I2 all problems of a load are told at once; a catalog with a problem is not loaded at all
 */
export interface CatalogProblem {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** Dotted path of the field; empty for the document itself. */
  readonly path: string;
  readonly reason: string;
  readonly next: string;
}

export class CatalogError extends Error {
  constructor(readonly problems: readonly CatalogProblem[]) {
    super(problems.map(describeProblem).join('\n'));
    this.name = 'CatalogError';
  }
}

export function describeProblem(problem: CatalogProblem): string {
  const field = problem.path === '' ? 'document' : problem.path;
  return `${problem.file}:${problem.line}:${problem.column}: ${field}: ${problem.reason} → ${problem.next}`;
}
