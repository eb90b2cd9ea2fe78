/** The figures for a reader: each beside its limit, its target, its spread, and what holds it back. */
import type { Figure } from './figure.js';

interface Remark {
  /** What was promised; empty where nothing was. */
  readonly target: string;
  readonly isMet: (figure: Figure) => boolean;
  readonly heldBackBy: string;
}

const most = (value: number, unit: string, heldBackBy: string): Remark => ({ target: `≤ ${value.toLocaleString('en')} ${unit}`, isMet: (figure) => figure.value <= value, heldBackBy });
const least = (value: number, unit: string, heldBackBy: string): Remark => ({ target: `≥ ${value.toLocaleString('en')} ${unit}`, isMet: (figure) => figure.value >= value, heldBackBy });
const mostTimes = (ratio: number, heldBackBy: string): Remark => ({ target: `≤ ${ratio} ×`, isMet: (figure) => figure.ratio <= ratio, heldBackBy });
const leastTimes = (ratio: number, heldBackBy: string): Remark => ({ target: `≥ ${ratio.toFixed(2)} ×`, isMet: (figure) => figure.ratio >= ratio, heldBackBy });
const open = (heldBackBy: string): Remark => ({ target: '', isMet: () => true, heldBackBy });

const STEPS = 'twelve commits for ten steps, and this process';
const ROUND_TRIPS = 'two round trips, then decoding';
/** The first whose beginning is that of the figure's name. */
const REMARKS: readonly (readonly [string, Remark])[] = [
  ['append-', open('the disk: one sync a message')],
  ['steps-16', leastTimes(0.8, STEPS)],
  ['steps-64', leastTimes(0.8, STEPS)],
  ['steps-1', open('one commit after the other')],
  ['effect-round-trip-read', mostTimes(6, 'three commits one after the other, a delivery before each')],
  ['effect-round-trip-outward', mostTimes(8, 'five commits one after the other, a delivery before three')],
  ['effects-64-read', least(300, 'effects/s', 'processor time of three services in one process')],
  ['effects-64-outward', least(200, 'effects/s', 'processor time of three services in one process')],
  ['recovery-extra', most(1_000, 'ms', 'how soon a dead worker is noticed')],
  ['recovery', open('how soon a dead worker is noticed')],
  ['flat-read', most(1.5, '', 'the indexes of the broker')],
  ['fold-rebuild', least(80_000, 'events/s', 'decoding, in one thread')],
  ['projection-rebuild', least(20_000, 'events/s', 'decoding, in one thread')],
  ['suspended-run-broker', most(2_048, 'bytes', "the broker's index of subjects")],
  ['suspended-run-store', open('headers and hashes beside the bodies')],
  ['suspended-run-worker', most(64, 'bytes', 'nothing is kept')],
  ['cpu-per-1000-steps', open('codec and client; the broker')],
  ['start-up', most(5, 's', 'loading code')],
  ['idle-memory', most(600, 'MiB', 'one Node process')],
];

export function tableOf(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => {
    const remark = remarkOf(figure.name);
    const met = remark.target === '' ? '' : remark.isMet(figure) ? ' met' : ' MISSED';
    return [figure.name, numberText(figure.value), figure.unit, numberText(figure.limit), figure.ratio.toFixed(2), `${figure.min.toFixed(2)}–${figure.max.toFixed(2)}`, String(figure.runs), `${remark.target}${met}`, remark.heldBackBy];
  });
  const heads = ['figure', 'value', 'unit', 'limit', 'ratio', 'spread', 'rounds', 'target', 'held back by'];
  const widths = heads.map((head, column) => Math.max(head.length, ...rows.map((row) => (row[column] ?? '').length)));
  const isNumber = (column: number): boolean => column === 1 || column === 3 || column === 4;
  const line = (cells: readonly string[]): string =>
    cells.map((cell, column) => (isNumber(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0))).join('  ').trimEnd();
  return [heads, ...rows].map(line).join('\n');
}

function remarkOf(name: string): Remark {
  if (name.startsWith('cold-read')) return name.endsWith('-p99') ? most(30, 'ms', ROUND_TRIPS) : most(4, 'ms', ROUND_TRIPS);
  return REMARKS.find(([beginning]) => name.startsWith(beginning))?.[1] ?? open('');
}

function numberText(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
