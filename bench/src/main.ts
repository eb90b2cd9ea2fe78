/**
 * `npm run bench -- [--only NAME] [--json FILE]`. Every figure is a ratio to a limit measured in the same run, rounds
 * interleaved, because machines drift. Prints a table; `--json` writes the figures. bench/README.md says how to read them.
 */
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { benchAppend } from './append.bench.js';
import { benchColdRead, COLD_READ_SIZES } from './cold-read.bench.js';
import { benchCpu } from './cpu.bench.js';
import { benchEffectRate, benchRoundTrip } from './effects.bench.js';
import type { Figure } from './figure.js';
import { benchFootprint } from './footprint.bench.js';
import { benchProjectionRebuild } from './projection.bench.js';
import { benchFoldRebuild } from './reading.bench.js';
import { benchRecovery } from './recovery.bench.js';
import { benchSteps } from './steps.bench.js';
import { benchSuspended } from './suspended.bench.js';
import { tableOf } from './table.js';

const BENCHES: Readonly<Record<string, () => Promise<readonly Figure[]>>> = {
  append: benchAppend,
  'steps-1': () => benchSteps(1),
  'steps-16': () => benchSteps(16),
  'steps-64': () => benchSteps(64),
  'effect-round-trip-read': () => benchRoundTrip('read'),
  'effect-round-trip-outward': () => benchRoundTrip('outward'),
  'effects-64-read': () => benchEffectRate('read'),
  'effects-64-outward': () => benchEffectRate('outward'),
  recovery: benchRecovery,
  'cold-read': () => benchColdRead(COLD_READ_SIZES),
  'fold-rebuild': benchFoldRebuild,
  'projection-rebuild': () => benchProjectionRebuild(),
  'suspended-run': () => benchSuspended(),
  'cpu-per-1000-steps': benchCpu,
  footprint: benchFootprint,
};
/** Parts of the above, by the names of their figures. */
const PARTS: typeof BENCHES = {
  ...Object.fromEntries(COLD_READ_SIZES.map((size) => [size.name, () => benchColdRead([size])])),
  'start-up': benchFootprint,
  'idle-memory': benchFootprint,
};

// The brokers of a bench are ended when this process exits, and only then.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

const { values } = parseArgs({ options: { only: { type: 'string' }, json: { type: 'string' } } });
const names = values.only === undefined ? Object.keys(BENCHES) : [values.only];
const benchOf = (name: string): (() => Promise<readonly Figure[]>) | undefined => BENCHES[name] ?? PARTS[name];
const unknown = names.filter((name) => benchOf(name) === undefined);
if (unknown.length > 0) {
  process.stderr.write(`no bench named ${unknown.join(', ')}; there are: ${Object.keys({ ...BENCHES, ...PARTS }).join(', ')}\n`);
  process.exit(2);
}

process.stderr.write(`node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown cpu'}\n`);
const figures: Figure[] = [];
for (const name of names) figures.push(...(await (benchOf(name) as () => Promise<readonly Figure[]>)()));
process.stdout.write(`${tableOf(figures)}\n`);
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`);
