/**
 * Which requirement and guarantee is cited by which test: a test cites by writing ids in its title, `[R5] [G8]`.
 *
 * I1  Only titles of tests that can run count: comments, skipped and to-do tests cite nothing.
 * I2  An id is written once, in requirements.json; a citation of any other id is an error.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import catalogue from './requirements.json' with { type: 'json' };

export type Demand = { readonly id: string; readonly demand: string };
export type Citation = { readonly id: string; readonly file: string; readonly title: string };

export const REQUIREMENTS: readonly Demand[] = catalogue.requirements;
export const GUARANTEES: readonly Demand[] = catalogue.guarantees;
export const ROOT = resolve(import.meta.dirname, '../..');

const CITED = /\[([A-Z]\d{1,2})\]/g;
const CANNOT_RUN = new Set(['skip', 'todo', 'fails']);
const DECLARES_TESTS = new Set(['test', 'it', 'describe', 'suite']);

/** The names in `test.skip.each(table)` and the like: test, skip, each. */
function namesOfCallee(callee: ts.Expression): string[] {
  if (ts.isIdentifier(callee)) return [callee.text];
  if (ts.isPropertyAccessExpression(callee)) return [...namesOfCallee(callee.expression), callee.name.text];
  if (ts.isCallExpression(callee)) return namesOfCallee(callee.expression);
  if (ts.isTaggedTemplateExpression(callee)) return namesOfCallee(callee.tag);
  return [];
}

function literalText(node: ts.Expression | undefined): string | undefined {
  if (node === undefined) return undefined;
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTemplateExpression(node)) return [node.head.text, ...node.templateSpans.map((span) => span.literal.text)].join('…');
  return undefined;
}

/** Suites kept beside the tests declare tests too, but only through test, it and describe. */
const mayDeclare = (file: string, names: readonly string[]): boolean => file.endsWith('.test.ts') || DECLARES_TESTS.has(names[0] ?? '');

/** The citations in one file. `file` is its path from the root. */
export function citationsIn(file: string, text: string): Citation[] {
  const found: Citation[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const names = namesOfCallee(node.expression);
      if (names.some((name) => CANNOT_RUN.has(name))) return;
      const title = literalText(node.arguments[0]);
      if (title !== undefined && mayDeclare(file, names)) {
        for (const [, id = ''] of title.matchAll(CITED)) found.push({ id, file, title });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
  return found;
}

function testFilesUnder(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .filter((file) => !/\/(node_modules|dist)\//.test(file) && !file.startsWith('tests/requirements/'))
    .filter((file) => file.endsWith('.test.ts') || (file.endsWith('.ts') && /^(tests|libs\/testing)\//.test(file)));
}

export function allCitations(): Citation[] {
  return ['apps', 'libs', 'tests']
    .flatMap(testFilesUnder)
    .sort()
    .flatMap((file) => citationsIn(file, readFileSync(join(ROOT, file), 'utf8')));
}

export const isKnown = (id: string): boolean => [...REQUIREMENTS, ...GUARANTEES].some((demand) => demand.id === id);
