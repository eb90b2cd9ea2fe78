import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { GUARANTEES, isKnown, ROOT } from '../requirements/citations.js';
import { mutated, occurrences, type Mutant } from './mutant.js';
import { MUTANTS } from './mutants.js';

const textOf = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

describe('the list of seeded bugs', () => {
  test('names each once, with a guarantee or requirement there is', () => {
    expect(new Set(MUTANTS.map(({ id }) => id)).size).toBe(MUTANTS.length);
    expect(MUTANTS.filter(({ guarantee }) => !isKnown(guarantee))).toEqual([]);
    expect(MUTANTS.length).toBeGreaterThanOrEqual(60);
  });

  test('covers every guarantee whose mechanism is a line that can be left out', () => {
    const covered = new Set(MUTANTS.map(({ guarantee }) => guarantee));
    const open = GUARANTEES.map(({ id }) => id).filter((id) => !covered.has(id));
    expect(open, 'G16 and G17 belong to edge nodes, G23 and the rest must be covered').toEqual(['G16', 'G17']);
  });

  test.each(MUTANTS.map((mutant) => [mutant.id, mutant] as const))('%s fits its source, exactly once', (_id, mutant) => {
    const text = textOf(mutant.file);
    expect(occurrences(text, mutant.search), `correct the search text of mutant ${mutant.id} in tests/mutants`).toBe(1);
    expect(mutated(text, mutant)).not.toBe(text);
    for (const file of mutant.tests) expect(textOf(file)).toMatch(/\b(?:test|it)\b|eventLogConformance/);
    expect(mutant.caughtBy).not.toBe('');
  });
});

describe('a mutant', () => {
  const mutant: Mutant = { id: 'x', what: 'w', guarantee: 'G1', file: 'f', search: 'a.b', replace: '$& $1', tests: [], caughtBy: 't' };

  test('is planted word for word, dollar signs included', () => expect(mutated('1 a.b 2', mutant)).toBe('1 $& $1 2'));
  test.each([['', 0], ['a.b a.b', 2]])('is stale where its text stands %j (%i times)', (text, found) => {
    expect(() => mutated(text, mutant)).toThrow(`stands ${found} times`);
  });
});
