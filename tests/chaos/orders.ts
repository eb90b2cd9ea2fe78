/** What a long run is asked for, from its command line. */
import { parseArgs } from 'node:util';
import { FAULT_KINDS, type FaultKind } from './faults/fault.js';

export const KINDS = [...FAULT_KINDS, 'power-cuts', 'disk-full', 'freezes', 'stampedes', 'corruptions'] as const;
export type Kind = (typeof KINDS)[number];

export interface Orders {
  readonly wanted: Readonly<Record<Kind, number>>;
  readonly seed: number;
}

/** For so many kills one of each kind that only disturbs, unless it is said how many. */
const KILLS_PER_DISTURBANCE = 15;

/** @throws Error naming the option, its value and what it must be */
export function ordersOf(args: readonly string[]): Orders {
  const names = [...KINDS, 'seed', 'only'] as const;
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
  const { values } = parseArgs({ args: [...args], options, strict: true, allowPositionals: false });
  const { only } = values;
  if (only !== undefined && !KINDS.some((kind) => kind === only)) throw new Error(`--only is ${JSON.stringify(only)}, but must be one of ${KINDS.join(', ')}`);
  const given = (name: string): number | null => (values[name] === undefined ? null : whole(name, String(values[name])));
  const kills = given('kills') ?? 0;
  const disturbances = Math.ceil(kills / KILLS_PER_DISTURBANCE);
  const count = (kind: Kind): number => {
    if (only !== undefined && only !== kind) return 0;
    return given(kind) ?? (FAULT_KINDS.includes(kind as FaultKind) && kind !== 'kills' && only === undefined ? disturbances : 0);
  };
  return { wanted: Object.fromEntries(KINDS.map((kind) => [kind, count(kind)])) as Record<Kind, number>, seed: given('seed') ?? 1 };
}

function whole(name: string, text: string): number {
  const number = Number(text);
  if (text.trim() === '' || !Number.isSafeInteger(number) || number < 0) throw new Error(`--${name} is ${JSON.stringify(text)}, but must be a whole number from 0 on`);
  return number;
}
