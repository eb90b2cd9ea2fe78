import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { allCitations, GUARANTEES, ROOT } from '../requirements/citations.js';
import { inWords, keptFigures } from './figures.js';
import { MECHANISMS } from './mechanisms.js';
import { guaranteesPage, PAGE_FILE } from './page.js';

const citations = allCitations();

describe('the guarantees', () => {
  test('all have their mechanism, in order', () => {
    expect(MECHANISMS.map(({ id }) => id)).toEqual(GUARANTEES.map(({ id }) => id));
  });

  test('that are built are tried by a test, and what no test tries is not called built', () => {
    const cited = new Set(citations.map(({ id }) => id));
    expect(MECHANISMS.filter(({ id, state }) => state === 'built' && !cited.has(id)).map(({ id }) => id)).toEqual([]);
  });

  test('are on their page as sources, test titles and figures say; else run: npm run guarantees', () => {
    const page = join(ROOT, PAGE_FILE);
    expect(existsSync(page) ? readFileSync(page, 'utf8') : '').toBe(guaranteesPage(citations, keptFigures(ROOT)));
  });
});

describe('the page', () => {
  const kept = { name: 'corruption', command: 'node x', date: '2026-01-02', commit: 'abc', machine: 'm', figures: { type: 'corruption', made: 20, undetected: [], byKind: { a: 1 } } };

  test('shows plain figures, and lists by their length', () => {
    expect(inWords(kept)).toBe('made 20, undetected 0');
  });

  test('says of a guarantee without figures that there are none, and names those there are', () => {
    const without = guaranteesPage([], new Map());
    expect(without).toContain('Figures: none on record');
    const page = guaranteesPage([{ id: 'G22', file: 'tests/chaos/corruption.test.ts', title: 't' }], new Map([['corruption', kept]]));
    expect(page).toContain('[corruption](figures/corruption.json): made 20, undetected 0');
    expect(page).toContain('[corruption.test.ts](../tests/chaos/corruption.test.ts)');
  });
});
