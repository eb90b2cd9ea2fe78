/** One checksum for each table of each projection, made by the database itself over all rows in a fixed order. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import type { Installation } from './installation.js';

export interface TableChecksum {
  readonly table: string;
  readonly rows: number;
  readonly md5: string;
}

export async function projectionChecksums(company: Installation): Promise<readonly TableChecksum[]> {
  const { database } = await company.host();
  const password = (await readFile(join(company.dataDir, 'secrets', 'postgres-password'), 'utf8')).trim();
  const [host, port] = database.address.split(':');
  const client = new pg.Client({ host: host ?? '', port: Number(port), user: 'soloist', password, database: 'soloist' });
  await client.connect();
  try {
    const tables = await client.query<{ name: string }>(
      `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
       where table_schema in ('memory', 'governance') and table_type = 'BASE TABLE' order by 1`,
    );
    const sums: TableChecksum[] = [];
    for (const { name } of tables.rows) {
      const sum = await client.query<{ rows: number; md5: string }>(
        `select count(*)::int as rows, md5(coalesce(string_agg(row::text, E'\\n' order by row::text), '')) as md5 from ${name} as row`,
      );
      sums.push({ table: name, rows: sum.rows[0]?.rows ?? -1, md5: sum.rows[0]?.md5 ?? '' });
    }
    return sums;
  } finally {
    await client.end();
  }
}
