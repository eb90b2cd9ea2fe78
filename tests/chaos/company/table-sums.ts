/** One checksum for each table of each projection, made by the database itself over all rows in a fixed order. */
import pg from 'pg';
import type { TableSum } from '@soloist/testing';

export async function tableSums(databaseUrl: string): Promise<readonly TableSum[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  // A server that goes away is told by the query it breaks.
  client.on('error', () => undefined);
  await client.connect();
  try {
    const tables = await client.query<{ name: string }>(
      `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
       where table_schema in ('memory', 'governance') and table_type = 'BASE TABLE' order by 1`,
    );
    const sums: TableSum[] = [];
    for (const { name } of tables.rows) {
      const sum = await client.query<{ rows: number; md5: string }>(`select count(*)::int as rows, md5(coalesce(string_agg(row::text, E'\\n' order by row::text), '')) as md5 from ${name} as row`);
      sums.push({ table: name, rows: sum.rows[0]?.rows ?? -1, md5: sum.rows[0]?.md5 ?? '' });
    }
    return sums;
  } finally {
    await client.end();
  }
}
