/** What runners have last said: docs/figures/*.json, written by tools/figures.mjs. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

export const KeptFigures = z.strictObject({
  name: z.string(),
  command: z.string(),
  date: z.iso.date(),
  commit: z.string(),
  machine: z.string(),
  figures: z.record(z.string(), z.unknown()),
});
export type KeptFigures = z.output<typeof KeptFigures>;

/** By name. @throws ZodError for a file of another form */
export function keptFigures(root: string): ReadonlyMap<string, KeptFigures> {
  const folder = join(root, 'docs/figures');
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')).sort() : [];
  return new Map(files.map((file) => [file.replace(/\.json$/, ''), KeptFigures.parse(JSON.parse(readFileSync(join(folder, file), 'utf8')))]));
}

/** About the run and not about the system: they stand in the file. */
const ABOUT_THE_RUN: ReadonlySet<string> = new Set(['type', 'commit', 'cpuSeconds', 'wallSeconds', 'seconds']);

/** The plain values of a figure, lists by their length: `made 2000, undetected 0`. */
export function inWords({ figures }: KeptFigures): string {
  return Object.entries(figures)
    .flatMap(([key, value]) => {
      if (ABOUT_THE_RUN.has(key)) return [];
      if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') return [`${key} ${value}`];
      return Array.isArray(value) && key !== 'table' ? [`${key} ${value.length === 0 ? 0 : value.length}`] : [];
    })
    .join(', ');
}
