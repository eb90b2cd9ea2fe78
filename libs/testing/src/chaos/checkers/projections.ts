/** G6 G15 rows built while everything broke equal the rows of a rebuild from the first commit on. */
import type { Violation } from '../history.js';

export interface TableSum {
  readonly table: string;
  readonly rows: number;
  readonly md5: string;
}

export function projectionsEqual(before: readonly TableSum[], rebuilt: readonly TableSum[]): readonly Violation[] {
  const complain = (because: string): Violation => ({ kind: 'broken', guarantee: 'G15', because });
  if (!before.some(({ rows }) => rows > 0)) return [complain('there are no rows to compare')];
  const again = new Map(rebuilt.map((sum) => [sum.table, sum]));
  const names = [...new Set([...before, ...rebuilt].map(({ table }) => table))];
  const first = new Map(before.map((sum) => [sum.table, sum]));
  return names.flatMap((table): Violation[] => {
    const [was, is] = [first.get(table), again.get(table)];
    return was?.md5 === is?.md5 && was?.rows === is?.rows ? [] : [complain(`${table}: ${told(was)}, rebuilt ${told(is)}`)];
  });
}

function told(sum: TableSum | undefined): string {
  return sum === undefined ? 'not there' : `${sum.rows} rows ${sum.md5}`;
}
