/** `soloist budget list|show|set|asks|extend|refuse|correct` */
import type { ApiClient } from '../api/client.js';
import { EXIT } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { money } from '../format.js';
import { requireApi } from '../installation.js';
import { oneOf } from '../options.js';
import type { Surroundings } from '../surroundings.js';

type Options = Readonly<Record<string, unknown>>;

interface Line {
  readonly line: string;
  readonly measure: string;
  readonly mode: string;
  readonly limit: number;
  readonly by: string;
  readonly places: readonly { readonly period: string; readonly name: string; readonly limit: number; readonly used: number; readonly reserved: number }[];
}
interface Budget {
  readonly currency: string | null;
  readonly openRuns: number;
  readonly lines: readonly Line[];
}
export interface Ask {
  readonly runId: string;
  readonly agent: string;
  readonly currency: string;
  readonly lines: readonly { readonly line: string; readonly period: string; readonly name: string; readonly limit: number; readonly committed: number; readonly needed: number }[];
}

const MICROS = 1_000_000;
const MODES = ['soft', 'hard', 'ask'] as const;

export async function budgetListCommand(surroundings: Surroundings): Promise<void> {
  const budget = await (await requireApi(surroundings)).get<Budget>('/v1/budget');
  surroundings.output.json({ type: 'budget.list', ...budget });
  await table(surroundings, budget, budget.lines);
}

export async function budgetShowCommand(surroundings: Surroundings, _options: Options, name = ''): Promise<void> {
  const budget = await (await requireApi(surroundings)).get<Budget>('/v1/budget');
  const line = budget.lines.find((one) => one.line === name);
  if (line === undefined) throw new Failure('cli.no-such-line', `no limit is set on ${name}`, './soloist budget list', EXIT.notFound);
  surroundings.output.json({ type: 'budget.shown', currency: budget.currency, ...line });
  await table(surroundings, budget, [line]);
}

export async function budgetSetCommand(surroundings: Surroundings, options: Options, line = '', limit = ''): Promise<void> {
  const mode = oneOf('--mode', options['mode'], MODES);
  const wish = { line, limit: limit === 'none' ? null : amountOf(line, limit), mode };
  const budget = await (await requireApi(surroundings)).post<Budget>('/v1/budget', wish);
  surroundings.output.json({ type: 'budget.set', ...wish, ...budget });
  await table(surroundings, budget, budget.lines.filter((one) => one.line === line));
}

/** Runs that stand before a line of the mode `ask`, and wait for an answer as a gate does. */
export async function asksOf(client: ApiClient): Promise<readonly Ask[]> {
  return (await client.get<{ asks: readonly Ask[] }>('/v1/budget/asks')).asks;
}

export function howToExtend({ agent, currency, lines, runId }: Ask): string {
  const needs = lines.map(({ line, limit, needed }) => `${amount(line, needed, currency)} on ${line}, whose limit is ${amount(line, limit, currency)}`).join(' and ');
  return `a run of ${agent} asks for money: ${needs}: ./soloist budget extend ${runId}   or   ./soloist budget refuse ${runId}`;
}

export async function budgetAsksCommand(surroundings: Surroundings): Promise<void> {
  const { output } = surroundings;
  const asks = await asksOf(await requireApi(surroundings));
  output.json({ type: 'budget.asks', asks });
  if (asks.length === 0) return output.message('no run asks for an extension');
  const rows = asks.flatMap((ask) => ask.lines.map((line) => [ask.runId, ask.agent, line.line, line.period, line.name, amount(line.line, line.limit, ask.currency), amount(line.line, line.committed, ask.currency), amount(line.line, line.needed, ask.currency)]));
  await output.table(['run', 'agent', 'line', 'period', 'name', 'limit', 'used or reserved', 'needs'], rows);
}

export async function budgetDecideCommand(surroundings: Surroundings, options: Options, verb: 'extend' | 'refuse', run: string): Promise<number> {
  const { output } = surroundings;
  const body = { decision: verb, ...(typeof options['because'] === 'string' ? { because: options['because'] } : {}) };
  const answer = await (await requireApi(surroundings)).post<{ runId: string; state: string }>(`/v1/budget/asks/${encodeURIComponent(run)}`, body);
  output.json({ type: 'budget.decided', ...answer });
  output.line(`${answer.runId}  ${answer.state}`);
  return (answer.state === 'refused') === (verb === 'refuse') ? EXIT.ok : EXIT.conflict;
}

export async function budgetCorrectCommand(surroundings: Surroundings, options: Options, run = '', text = ''): Promise<void> {
  const body = { runId: run, afterMicros: amountOf('company/day/money', text), because: String(options['because']) };
  const answer = await (await requireApi(surroundings)).post<{ beforeMicros: number; afterMicros: number; day: string }>('/v1/budget/corrections', body);
  surroundings.output.json({ type: 'budget.corrected', ...answer });
  surroundings.output.line(`${run}  ${answer.beforeMicros / MICROS} → ${answer.afterMicros / MICROS}, booked on ${answer.day}`);
}

async function table({ output }: Surroundings, { currency }: Budget, lines: readonly Line[]): Promise<void> {
  const rows = lines.flatMap((line) => {
    const places = line.places.length > 0 ? line.places : [{ period: '-', name: '-', limit: line.limit, used: 0, reserved: 0 }];
    return places.map((place) => [line.line, place.period, place.name === '' ? '-' : place.name, line.mode, ...[place.limit, place.used, place.reserved].map((value) => amount(line.line, value, currency))]);
  });
  await output.table(['line', 'period', 'name', 'mode', 'limit', 'used', 'reserved'], rows);
}

function amount(line: string, value: number, currency: string | null): string {
  return line.endsWith('/money') ? money(value, currency) : String(value);
}

/** Money as people write it, exact to the micro-unit; anything else as a whole number. */
function amountOf(line: string, text: string): number {
  const [, whole = '', part = ''] = /^(\d{1,9})(?:\.(\d{1,6}))?$/.exec(text) ?? [];
  if (whole === '') throw new Failure('cli.usage', `${JSON.stringify(text)} is no amount`, 'give 2.50 for money, 1000 for tokens, calls or minutes, or none', EXIT.usage);
  if (line.endsWith('/money')) return Number(whole) * MICROS + Number(part.padEnd(6, '0'));
  if (part !== '') throw new Failure('cli.usage', `${text} is no whole number`, 'give a whole number', EXIT.usage);
  return Number(whole);
}
