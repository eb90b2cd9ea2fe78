/**
 * Reads one YAML file and checks it against a schema, keeping the place of every node for the errors.
 *
 * I1 the file is small, UTF-8, one document, without aliases: nothing in it can grow while it is read
 * I2 whatever is wrong becomes a CatalogProblem with the place in the file; nothing is guessed and nothing is dropped
 */
import { readFileSync, statSync } from 'node:fs';
import { isAlias, LineCounter, parseDocument, visit, type Document, type YAMLError } from 'yaml';
import type { z } from 'zod';
import type { CatalogProblem } from './catalog-error.js';
import { placeOf, type Place } from './yaml-place.js';
import { problemsOfIssues } from './yaml-issues.js';

export const MAX_FILE_BYTES = 64 * 1024;
/** One slip makes the parser stumble many times. */
const MAX_SYNTAX_PROBLEMS = 10;

export interface YamlFile<Value> {
  readonly file: string;
  readonly value: Value;
  /** Where the node at a path stands. */
  readonly place: (path: readonly PropertyKey[]) => Place;
}

export type YamlResult<Value> =
  | { readonly ok: true; readonly read: YamlFile<Value> }
  | { readonly ok: false; readonly problems: readonly CatalogProblem[] };

export function readYamlFile<Schema extends z.ZodType>(file: string, schema: Schema): YamlResult<z.output<Schema>> {
  const text = readText(file);
  return typeof text === 'string' ? checkYaml(file, text, schema) : { ok: false, problems: [text] };
}

/** The same for text that is already at hand. `file` is only named in problems. */
export function checkYaml<Schema extends z.ZodType>(file: string, text: string, schema: Schema): YamlResult<z.output<Schema>> {
  const lines = new LineCounter();
  const parsed = parse(file, text, lines);
  if (!parsed.ok) return parsed;
  const { document, value } = parsed;
  const result = schema.safeParse(value);
  if (!result.success) return { ok: false, problems: problemsOfIssues(file, document, lines, result.error.issues) };
  return { ok: true, read: { file, value: result.data, place: (path) => placeOf(document, lines, path) } };
}

function readText(file: string): string | CatalogProblem {
  let bytes: Uint8Array;
  try {
    const size = statSync(file).size;
    if (size > MAX_FILE_BYTES) return topProblem(file, `the file has ${size} bytes, at most ${MAX_FILE_BYTES} are read`, 'shorten it');
    bytes = readFileSync(file);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    return topProblem(file, `cannot be read (${code})`, 'check that the file exists and may be read');
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return topProblem(file, 'is not UTF-8', 'save it as UTF-8');
  }
}

type Parsed =
  | { readonly ok: true; readonly document: Document.Parsed; readonly value: unknown }
  | { readonly ok: false; readonly problems: readonly CatalogProblem[] };

function parse(file: string, text: string, lines: LineCounter): Parsed {
  try {
    const document = parseDocument(text, { lineCounter: lines, strict: true, uniqueKeys: true, prettyErrors: false });
    const wrong = [...document.errors, ...document.warnings];
    if (wrong.length > 0) return { ok: false, problems: wrong.slice(0, MAX_SYNTAX_PROBLEMS).map((error) => syntaxProblem(file, lines, error)) };
    const alias = firstAlias(file, document, lines);
    if (alias !== null) return { ok: false, problems: [alias] };
    return { ok: true, document, value: document.toJS({ maxAliasCount: 0 }) as unknown };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { ok: false, problems: [topProblem(file, 'is nested too deeply', 'flatten it')] };
  }
}

function syntaxProblem(file: string, lines: LineCounter, error: YAMLError): CatalogProblem {
  const { line, col } = lines.linePos(error.pos[0]);
  return { file, line: Math.max(line, 1), column: Math.max(col, 1), path: '', reason: error.message, next: SYNTAX_NEXT[error.code] ?? 'correct the YAML here' };
}

const SYNTAX_NEXT: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'indent with spaces',
  DUPLICATE_KEY: 'keep one of the two',
  MULTIPLE_DOCS: 'put each document into a file of its own',
};

function firstAlias(file: string, document: Document.Parsed, lines: LineCounter): CatalogProblem | null {
  let found: CatalogProblem | null = null;
  visit(document, {
    Node: (_key, node) => {
      if (!isAlias(node)) return undefined;
      const { line, col } = lines.linePos(node.range?.[0] ?? 0);
      found = { file, line, column: col, path: '', reason: `the alias *${node.source} is not allowed`, next: 'write the value out' };
      return visit.BREAK;
    },
  });
  return found;
}

export function topProblem(file: string, reason: string, next: string): CatalogProblem {
  return { file, line: 1, column: 1, path: '', reason, next };
}
