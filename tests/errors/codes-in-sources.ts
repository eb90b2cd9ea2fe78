/**
 * Finds every error code that the sources can throw, answer or record, by reading their syntax.
 *
 * I1 a code is a literal where it is made: of a call that makes errors, a choice between literals, or a constant
 * I2 a code that is only handed on (`outcome.rejection.code`) belongs to where it was made, and is no find
 * I3 what is neither is reported as unreadable, so that no code escapes the table by being computed
 */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface FoundCode {
  readonly code: string;
  /** How it shows, null where the source computes it. */
  readonly kind: string | null;
  readonly place: string;
}

export interface Scan {
  readonly found: readonly FoundCode[];
  readonly unreadable: readonly string[];
}

interface Maker {
  /** Which argument is the code. */
  readonly code: number;
  /** The kind itself, or which argument says it. */
  readonly kind: string | number;
}

/** Everything that makes an error with a code. `logFault` takes its kind from its table. */
const MAKERS: Readonly<Record<string, Maker>> = {
  Fault: { code: 1, kind: 0 },
  logFault: { code: 0, kind: '' },
  reject: { code: 0, kind: 'rejection' },
  HostError: { code: 0, kind: 'exit' },
  Failure: { code: 0, kind: 'exit' },
  ApiError: { code: 1, kind: 'answer' },
  errorBody: { code: 0, kind: 'answer' },
  refuse: { code: 2, kind: 'answer' },
};

/** Of facts and verdicts: `{ code: '…' }`, and the local short forms that make one. Only dotted codes are ours there. */
const SHORT_FORMS = new Set(['refused', 'refuse', 'refuseHold', 'closed', 'finished', 'no']);
const DOTTED = /^[a-z0-9]+(?:\.[a-z0-9-]+)+$/;

/** Codes are lower-case tokens; a promise's `reject(error)` and the like are none. */
const CODE = /^[a-z0-9]+(?:[.-][a-z0-9]+)*$/;

export function sourceFiles(): readonly string[] {
  return globSync('{apps,libs}/*/src/**/*.ts', { cwd: ROOT })
    .filter((file) => !/\.(test|fixture|suite)\.ts$|\/dist\/|^libs\/testing\/|^apps\/console\/|\/conformance\//.test(file))
    .sort();
}

export function scan(files: readonly string[] = sourceFiles()): Scan {
  const found: FoundCode[] = [];
  const unreadable: string[] = [];
  const parsed = files.map((file) => ({ file, tree: ts.createSourceFile(file, readFileSync(join(ROOT, file), 'utf8'), ts.ScriptTarget.Latest, true) }));
  const constants = constantsOf(parsed.map(({ tree }) => tree));
  for (const { file, tree } of parsed) {
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) || ts.isNewExpression(node)) look(node, file, tree);
      if (ts.isPropertyAssignment(node) && node.name.getText() === 'code') note(node.initializer, file, tree);
      ts.forEachChild(node, visit);
    };
    visit(tree);
  }
  return { found, unreadable };

  function look(node: ts.CallExpression | ts.NewExpression, file: string, tree: ts.SourceFile): void {
    const name = ts.isIdentifier(node.expression) ? node.expression.text : '';
    if (SHORT_FORMS.has(name)) for (const word of node.arguments ?? []) note(word, file, tree);
    const maker = MAKERS[name];
    const argument = maker === undefined ? undefined : node.arguments?.[maker.code];
    if (maker === undefined || argument === undefined) return;
    const place = placeOf(node, file, tree);
    const codes = literalsOf(argument, constants);
    if (codes === null) {
      if (!isHandedOn(argument)) unreadable.push(place);
      return;
    }
    const kinds = typeof maker.kind === 'string' ? [maker.kind === '' ? null : maker.kind] : kindsOf(node.arguments?.[maker.kind], constants);
    for (const code of codes) if (CODE.test(code)) for (const kind of kinds) found.push({ code, kind, place });
  }

  function note(code: ts.Expression, file: string, tree: ts.SourceFile): void {
    for (const text of literalsOf(code, constants) ?? []) if (DOTTED.test(text)) found.push({ code: text, kind: null, place: placeOf(code, file, tree) });
  }
}

function placeOf(node: ts.Node, file: string, tree: ts.SourceFile): string {
  return `${file}:${tree.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
}

function kindsOf(argument: ts.Expression | undefined, constants: ReadonlyMap<string, string>): readonly (string | null)[] {
  const kinds = argument === undefined ? null : literalsOf(argument, constants);
  // Which kind goes with which code is the source's computation; the table decides and its test reads on.
  return kinds?.length === 1 ? kinds : [null];
}

/** The literals an expression can be, null when it can be something else. */
function literalsOf(node: ts.Expression, constants: ReadonlyMap<string, string>): readonly string[] | null {
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken) return literalsOf(node.right, constants);
  if (ts.isParenthesizedExpression(node)) return literalsOf(node.expression, constants);
  if (ts.isConditionalExpression(node)) {
    const [yes, no] = [literalsOf(node.whenTrue, constants), literalsOf(node.whenFalse, constants)];
    return yes === null || no === null ? null : [...yes, ...no];
  }
  // A choice by key, `({ a: 'x', b: 'y' } as const)[why]`, is read where its table is declared.
  if (ts.isElementAccessExpression(node) && ts.isIdentifier(node.expression)) return tableOf(node.expression.text, node);
  if (ts.isIdentifier(node)) {
    const value = constants.get(node.text);
    return value === undefined ? null : [value];
  }
  return null;
}

function tableOf(name: string, from: ts.Node): readonly string[] | null {
  let values: string[] | null = null;
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.name.text === name && node.initializer !== undefined) {
      const object = ts.isAsExpression(node.initializer) ? node.initializer.expression : node.initializer;
      if (ts.isObjectLiteralExpression(object)) {
        values = object.properties.flatMap((property) => (ts.isPropertyAssignment(property) && ts.isStringLiteralLike(property.initializer) ? [property.initializer.text] : []));
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(from.getSourceFile());
  return values;
}

/** `const NAME = 'literal'`, by name, over all files. */
function constantsOf(trees: readonly ts.SourceFile[]): ReadonlyMap<string, string> {
  const constants = new Map<string, string>();
  for (const tree of trees) {
    for (const statement of tree.statements) {
      if (!ts.isVariableStatement(statement)) continue;
      for (const { name, initializer } of statement.declarationList.declarations) {
        if (ts.isIdentifier(name) && initializer !== undefined && ts.isStringLiteralLike(initializer)) constants.set(name.text, initializer.text);
      }
    }
  }
  return constants;
}

/** A parameter or a `….code` of somebody else's error, or no code at all: an Error handed to a promise's reject. */
function isHandedOn(node: ts.Expression): boolean {
  if (ts.isPropertyAccessExpression(node)) return node.name.text === 'code';
  return ts.isIdentifier(node) || ts.isNewExpression(node) || ts.isCallExpression(node);
}
