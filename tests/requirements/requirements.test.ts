import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { allCitations, citationsIn, GUARANTEES, isKnown, REQUIREMENTS, ROOT } from './citations.js';
import { FLOOR_FILE, floorOf, REPORT_FILE, reportOf } from './report.js';

const citations = allCitations();
const cited = new Set(citations.map(({ id }) => id));
const floor = JSON.parse(readFileSync(join(ROOT, FLOOR_FILE), 'utf8')) as string[];

describe('the catalogue of demands', () => {
  test('holds every family, each numbered without a gap', () => {
    const sizes = { D: 5, O: 8, R: 7, M: 15, C: 14, V: 14, E: 9, F: 8, B: 10, S: 3, P: 4, L: 12, K: 13, X: 6 };
    const expected = Object.entries(sizes).flatMap(([letter, size]) => Array.from({ length: size }, (_, index) => `${letter}${index + 1}`));
    expect(REQUIREMENTS.map(({ id }) => id)).toEqual(expected);
    expect(GUARANTEES.map(({ id }) => id)).toEqual(Array.from({ length: 28 }, (_, index) => `G${index + 1}`));
  });
});

describe('citations', () => {
  test('name known ids only', () => {
    expect(citations.filter(({ id }) => !isKnown(id))).toEqual([]);
  });

  test('never fall below the floor', () => {
    expect(floor.filter((id) => !cited.has(id)), 'cited before, cited no longer').toEqual([]);
    expect(floor.filter((id) => !isKnown(id)), 'unknown in the floor').toEqual([]);
  });

  test('are shown, all of them, in the reference page; else run: npm run requirements', () => {
    const page = join(ROOT, REPORT_FILE);
    expect(existsSync(page) ? readFileSync(page, 'utf8') : '').toBe(reportOf(citations));
    expect(floor).toEqual(floorOf(floor, citations));
  });
});

describe('a title cites', () => {
  const idsOf = (text: string, file = 'apps/runtime/src/loop.test.ts'): string[] => citationsIn(file, text).map(({ id }) => id);
  const mark = (id: string): string => `[${id}]`;

  test.each([
    ['a test', `test('${mark('R5')} resumes', () => {});`, ['R5']],
    ['two ids', `it('${mark('R5')} ${mark('G8')} resumes', () => {});`, ['R5', 'G8']],
    ['a describe', `describe('${mark('M4')} replay', () => {});`, ['M4']],
    ['a table', `test.each([1])('${mark('M4')} of %s', () => {});`, ['M4']],
    ['a template', 'test(`' + mark('M4') + ' of ${name}`, () => {});', ['M4']],
    ['a suite of our own', `logConformance('${mark('K3')} memory', open);`, ['K3']],
    ['an unknown id', `test('${mark('Q9')} x', () => {});`, ['Q9']],
    ['nothing by a comment', `// ${mark('R5')}\ntest('resumes', () => {});`, []],
    ['nothing when skipped', `test.skip('${mark('R5')} resumes', () => {});`, []],
    ['nothing inside a skipped describe', `describe.skip('x', () => { test('${mark('R5')} resumes', () => {}); });`, []],
    ['nothing when to do', `test.todo('${mark('R5')} resumes');`, []],
  ])('%s', (_, text, ids) => expect(idsOf(text)).toEqual(ids));

  test('in a suite file only through test, it and describe', () => {
    expect(idsOf(`test('${mark('R5')}', run); log('${mark('R6')}');`, 'libs/testing/src/log.suite.ts')).toEqual(['R5']);
  });
});
