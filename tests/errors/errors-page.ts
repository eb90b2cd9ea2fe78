/**
 * The tables of error codes, found where they lie, and the page made from them.
 *
 * I1 a table is a file `errors.ts`; it speaks for its folder and all below, up to the next table
 * I2 the page is a function of the tables alone
 */
import { globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ErrorEntry, ErrorTable } from '@soloist/kernel';
import { ROOT } from './codes-in-sources.js';

export const PAGE_FILE = 'docs/reference/errors.md';

export interface NamedTable {
  /** The folder it speaks for, from the root of the repository. */
  readonly folder: string;
  readonly table: ErrorTable;
}

export async function errorTables(): Promise<readonly NamedTable[]> {
  const files = globSync('{apps,libs}/*/src/**/errors.ts', { cwd: ROOT }).sort();
  return Promise.all(
    files.map(async (file) => {
      const exported = (await import(pathToFileURL(join(ROOT, file)).href)) as Readonly<Record<string, unknown>>;
      const tables = Object.entries(exported).filter(([name]) => name.endsWith('_ERRORS'));
      const [only, ...more] = tables;
      if (only === undefined || more.length > 0) throw new Error(`${file} must export one table named …_ERRORS, it exports ${tables.length}`);
      return { folder: dirname(file), table: only[1] as ErrorTable };
    }),
  );
}

/** The table that speaks for a source file. */
export function tableOf(file: string, tables: readonly NamedTable[]): NamedTable | undefined {
  return tables.filter(({ folder }) => file.startsWith(`${folder}/`)).toSorted((a, b) => b.folder.length - a.folder.length)[0];
}

export function kindsOf({ kind }: ErrorEntry): readonly string[] {
  return typeof kind === 'string' ? [kind] : kind;
}

const INTRODUCTION = `# Error codes

Written by \`npm run errors\` from the tables \`errors.ts\` beside the sources; a test holds the two together. A code never changes its meaning.

| kind | what it is, and what Soloist does by itself |
|---|---|
| transient | the world failed for now: tried again with growing pauses |
| throttled | the other side asks for a pause: respected |
| unauthorized | a credential or a right is missing: tried again slowly until it is put right |
| invalid | it cannot succeed as it is: dead letter (\`./soloist dead list\`), or a refused start |
| unknown-outcome | it may have happened: checked, never sent again blindly |
| rejection | the domain says no: on record, never tried again |
| outcome | stands in a fact as the reason of an end or of a verdict |
| answer | of the HTTP API, with its status |
| exit | of the command line, which then ends with a code other than 0 |

An API answer of a status without a code of its own is shown by the command line as \`api.status-<status>\`.
`;

export function errorsPage(tables: readonly NamedTable[]): string {
  return [INTRODUCTION, ...tables.map(section)].join('\n');
}

function section({ folder, table }: NamedTable): string {
  const rows = Object.entries(table)
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([code, entry]) => `| \`${code}\` | ${kindsOf(entry).join(', ')} | ${cell(entry.meaning)} | ${cell(entry.remedy)} |`);
  return [`## ${folder}`, '', '| code | kind | meaning | what to do |', '|---|---|---|---|', ...rows, ''].join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}
