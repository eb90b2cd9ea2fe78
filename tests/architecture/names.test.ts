/** Names that say nothing are banned for files and types: whoever needs one has not found the noun yet. */
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { projects, sourcesOf, textOf } from './workspace.js';

const BANNED = ['util', 'helper', 'common', 'shared', 'misc', 'manager', 'base', 'generic', 'handler', 'processor', 'wrapper', 'data', 'impl'];
const isBanned = (word: string): boolean => BANNED.includes(word.toLowerCase().replace(/s$/, '')) || BANNED.includes(word.toLowerCase());

/** The last word carries the meaning: `data-subject.ts` has a noun, `subject-data.ts` has none. */
const isBannedFile = (file: string): boolean => file.split('/').some((part) => isBanned(part.replace(/\..*$/, '').split('-').at(-1) ?? ''));
const isBannedType = (name: string): boolean => isBanned(/[A-Z][a-z0-9]*$/.exec(name)?.[0] ?? name);

function typeNamesIn(text: string): string[] {
  const names: string[] = [];
  const visit = (node: ts.Node): void => {
    if ((ts.isClassDeclaration(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node) || ts.isEnumDeclaration(node)) && node.name) names.push(node.name.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('names.ts', text, ts.ScriptTarget.Latest));
  return names;
}

const files = projects().flatMap(sourcesOf);

describe('no name that says nothing', () => {
  test('for a file or a folder', () => {
    expect(files.filter(isBannedFile)).toEqual([]);
  });

  test('for a type', () => {
    expect(files.flatMap((file) => typeNamesIn(textOf(file)).filter(isBannedType).map((name) => `${file}: ${name}`))).toEqual([]);
  });

  test.each(['libs/kernel/src/utils.ts', 'apps/runtime/src/shared/loop.ts', 'apps/runtime/src/mail-handler.test.ts', 'libs/service/src/data.ts'])('as in %s', (file) => {
    expect(isBannedFile(file)).toBe(true);
  });

  test('as in type names, while a noun with such a word in it is fine', () => {
    expect(typeNamesIn('class LogManager {} interface Helpers {} type Data = 1; enum RunBase {}').filter(isBannedType)).toHaveLength(4);
    expect(['DataSubject', 'StreamInfo', 'Database'].filter(isBannedType)).toEqual([]);
    expect(isBannedFile('libs/contracts/src/data-subject.ts')).toBe(false);
  });
});
