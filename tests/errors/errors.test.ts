import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT, scan, sourceFiles, type FoundCode } from './codes-in-sources.js';
import { errorsPage, errorTables, kindsOf, PAGE_FILE, tableOf } from './errors-page.js';

const tables = await errorTables();
const { found, unreadable } = scan();
const fileOf = ({ place }: FoundCode): string => place.slice(0, place.lastIndexOf(':'));
/** The first is made by the one function that knows the table, from a list of its own; the second rejects a promise. */
const NOT_A_CODE = ['libs/eventlog/src/broker/consumer-bootstrap.ts', 'libs/eventlog/src/jetstream/answers.ts'];

describe('error codes', () => {
  test('are read from every source that can make one', () => {
    expect(sourceFiles().length).toBeGreaterThan(250);
    expect(found.length).toBeGreaterThan(200);
    expect(unreadable.filter((place) => !NOT_A_CODE.some((file) => place.startsWith(file)))).toEqual([]);
  });

  test('stand in the table of the folder that makes them, with the kind they are made with', () => {
    const missing = found.filter((code) => tableOf(fileOf(code), tables)?.table[code.code] === undefined);
    expect(missing.map(({ code, place }) => `${code} of ${place}`)).toEqual([]);
    const otherwise = found.filter((code) => {
      const entry = tableOf(fileOf(code), tables)?.table[code.code];
      return entry !== undefined && code.kind !== null && !kindsOf(entry).includes(code.kind);
    });
    expect(otherwise.map(({ code, kind, place }) => `${code} is made as ${kind ?? ''} in ${place}`)).toEqual([]);
  });

  test('of a table are all made by its folder', () => {
    const unused = tables.flatMap(({ folder, table }) => {
      const made = new Set(found.filter((code) => tableOf(fileOf(code), tables)?.folder === folder).map(({ code }) => code));
      return Object.keys(table).flatMap((code) => (made.has(code) ? [] : [`${code} of ${folder}`]));
    });
    expect(unused).toEqual([]);
  });

  test('have a meaning and a remedy, each in sentences', () => {
    for (const { table } of tables) {
      for (const [code, { meaning, remedy }] of Object.entries(table)) {
        expect(meaning, code).toMatch(/^(?:[A-Z"]|\d{3}: |nats-server|SOLOIST_).{9,}\.$/);
        expect(remedy, code).toMatch(/^(?:[A-Z]|\.\/soloist).{3,}\.$/);
      }
    }
  });

  test('are all on the reference page; else run: npm run errors', () => {
    expect(readFileSync(join(ROOT, PAGE_FILE), 'utf8')).toBe(errorsPage(tables));
  });
});
