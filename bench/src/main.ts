/**
 * `npm run bench -- [--only NAME] [--json FILE]`. Every figure is a ratio to a limit measured in the same run, rounds
 * interleaved, because machines drift. Prints a table; `--json` writes the figures.
 */
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { benchAppend } from './append.bench.js';
import type { Figure } from './figure.js';
import { benchColdRead, benchFoldRebuild } from './reading.bench.js';
import { benchSteps } from './steps.bench.js';

const BENCHES: Readonly<Record<string, () => Promise<readonly Figure[]>>> = {
  append: benchAppend,
  'steps-1': () => benchSteps(1),
  'steps-16': () => benchSteps(16),
  'steps-64': () => benchSteps(64),
  'cold-read': benchColdRead,
  'fold-rebuild': benchFoldRebuild,
};

const { values } = parseArgs({ options: { only: { type: 'string' }, json: { type: 'string' } } });
const names = values.only === undefined ? Object.keys(BENCHES) : [values.only];
const unknown = names.filter((name) => BENCHES[name] === undefined);
if (unknown.length > 0) {
  process.stderr.write(`no bench named ${unknown.join(', ')}; there are: ${Object.keys(BENCHES).join(', ')}\n`);
  process.exit(2);
}

process.stderr.write(`node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown cpu'}\n`);
const figures: Figure[] = [];
for (const name of names) figures.push(...(await (BENCHES[name] as () => Promise<readonly Figure[]>)()));

for (const figure of figures) {
  const spread = `${figure.min.toFixed(2)}–${figure.max.toFixed(2)}`;
  process.stdout.write(
    `${figure.name.padEnd(28)} ${figure.value.toFixed(0).padStart(8)} ${figure.unit}   limit ${figure.limit.toFixed(0)}   ratio ${figure.ratio.toFixed(2)} (${spread}, ${figure.runs} rounds)\n`,
  );
}
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`);
