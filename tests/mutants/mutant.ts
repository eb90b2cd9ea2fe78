/**
 * A seeded bug: one mistake that somebody could make in the product, as an exact replacement in one source file.
 *
 * I1 `search` stands in the file exactly once; a list that no longer fits its sources is an error, never a pass
 * I2 it is caught only when the named test fails by what it asserts; a file that does not load proves nothing
 */
export interface Mutant {
  /** Number in the list of GUARANTEES section 7, with a letter where one entry became several, or `X…` for what is not there. */
  readonly id: string;
  readonly what: string;
  readonly guarantee: string;
  readonly file: string;
  readonly search: string;
  readonly replace: string;
  /** The cheapest test files that must notice, from the root. */
  readonly tests: readonly string[];
  /** Part of the full name of the test that must fail. */
  readonly caughtBy: string;
}

/** How often `search` stands in a text. */
export function occurrences(text: string, search: string): number {
  return search === '' ? 0 : text.split(search).length - 1;
}

/** @throws Error when the mutant is stale */
export function mutated(text: string, { id, file, search, replace }: Mutant): string {
  const found = occurrences(text, search);
  if (found !== 1) throw new Error(`mutant ${id} is stale: its search text stands ${found} times in ${file}, it must stand there once. Correct it in tests/mutants.`);
  // A function, so that dollar signs in the replacement mean themselves.
  return text.replace(search, () => replace);
}
