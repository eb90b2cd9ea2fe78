import { z } from 'zod';
import { entityContract, event, type EventOf } from '../event-contract.js';
import { AgentName, Currency, DataSubject, Id, Micros, VersionHash } from '../scalars.js';

export const BUDGET_SCOPES = ['company', 'client', 'workflow', 'feature', 'agent', 'run'] as const;
export const BUDGET_PERIODS = ['day', 'month', 'lifetime'] as const;
/** Money in micro-units of the ledger's currency; tokens in and out together; model calls; minutes from claim to end. */
export const BUDGET_MEASURES = ['money', 'tokens', 'calls', 'minutes'] as const;
/** `soft` warns, `hard` refuses, `ask` waits for the operator to extend it. */
export const BUDGET_MODES = ['soft', 'hard', 'ask'] as const;

/**
 * `company/<period>/<measure>`, `run/lifetime/<measure>`, else `<scope>/<name>/<period>/<measure>`. With the name `*`
 * each name of the scope has its own; a line of its own wins over that of all.
 */
export const BudgetLineName = z
  .string()
  .regex(
    /^(company\/(day|month|lifetime)|run\/lifetime|(client|workflow|feature|agent)\/(\*|[a-z0-9-]{1,64})\/(day|month|lifetime))\/(money|tokens|calls|minutes)$/,
    'must be company/PERIOD/MEASURE, run/lifetime/MEASURE or client|workflow|feature|agent/NAME/PERIOD/MEASURE, with day, month or lifetime, and money, tokens, calls or minutes',
  );

const Amount = z.int().nonnegative();
const Tag = AgentName.nullable();

/** What a run may use at most, in each measure; null: its definition does not say. */
const Bounds = z.strictObject({ tokens: Amount.nullable(), calls: Amount.nullable(), minutes: Amount.nullable() });

/** Everything the hold will say, fixed when the money is: whatever is published in between, it is granted like this. */
const Reservation = z.strictObject({
  runId: Id,
  agent: AgentName,
  definitionVersion: VersionHash,
  policyVersion: VersionHash,
  feature: Tag,
  workflow: Tag,
  /** Whom the run is about: the data subject of what came in. */
  client: DataSubject.nullable(),
  day: z.iso.date(),
  micros: Micros,
  bounds: Bounds,
});

/** A place on a line: one period of it, and for a line of all the name. */
const Place = { line: BudgetLineName, period: z.string(), name: z.string() };

const Usage = z.strictObject({ tokens: Amount, calls: Amount, minutes: Amount });
const NOTHING_KNOWN = { tokens: null, calls: null, minutes: null };
const NOTHING_USED = { tokens: 0, calls: 0, minutes: 0 };

/** Agent with the versions of definition and policy, feature and workflow, bounds: once for all the reservations that share them. */
const Pin = z.strictObject({
  who: z.tuple([AgentName, VersionHash, VersionHash]),
  tags: z.tuple([Tag, Tag]),
  /** Tokens, calls, minutes. */
  most: z.tuple([Amount.nullable(), Amount.nullable(), Amount.nullable()]),
});

/** The company's ledger, one entity (key `company`): one commit reserves all lines of a run's envelope or none. */
export const budget = entityContract('governance', 'budget', {
  limited: event(2, z.strictObject({ line: BudgetLineName, limit: Amount, mode: z.enum(BUDGET_MODES), currency: Currency, by: z.string() }), { upcast: limitedBefore }),
  /** The line holds nobody any more, and what it counted is forgotten. */
  unlimited: event(1, z.strictObject({ line: BudgetLineName, by: z.string() })),
  reserved: event(2, z.strictObject({ ...Reservation.shape, currency: Currency }), {
    upcast: (before) => ({ ...(before as object), feature: null, workflow: null, client: null, bounds: NOTHING_KNOWN }),
  }),
  /** Stands behind `reserved`: a soft line is passed by it. */
  warned: event(1, z.strictObject({ runId: Id, ...Place, limit: Amount, committed: Amount })),
  /** The operator has let one period of a line, and one name of it, go further by this much. */
  extended: event(1, z.strictObject({ ...Place, amount: Amount, runId: Id, by: z.string() })),
  /** By the provider's figures. */
  settled: event(2, z.strictObject({ runId: Id, day: z.iso.date(), spentMicros: Micros, releasedMicros: Micros, usage: Usage }), {
    upcast: (before) => ({ ...(before as object), usage: NOTHING_USED }),
  }),
  /** Stands before `settled` of a run that spent more than its envelope: the bill is booked in full, and somebody has to look. */
  overspent: event(1, z.strictObject({ runId: Id, day: z.iso.date(), envelopeMicros: Micros, spentMicros: Micros })),
  /** A bill says otherwise than what was settled: the difference is booked on every line of the run, as of its day. */
  corrected: event(
    1,
    z.strictObject({
      correctionId: Id,
      ...Reservation.pick({ runId: true, agent: true, feature: true, workflow: true, client: true, day: true }).shape,
      beforeMicros: Micros,
      afterMicros: Micros,
      by: z.string(),
      because: z.string(),
      /** Of a correction downwards: the lines that had counted what comes back. Without it, all. */
      counted: z.array(BudgetLineName).optional(),
    }),
  ),
  snapshotted: event(
    2,
    z.strictObject({
      currency: Currency,
      limits: z.record(BudgetLineName, z.strictObject({ limit: Amount, mode: z.enum(BUDGET_MODES), by: z.string() })),
      pins: z.array(Pin),
      /** Run, place in `pins`, day, micros, client. */
      open: z.array(z.tuple([Id, z.int().nonnegative(), z.iso.date(), Micros, DataSubject.nullable()])),
      /** Days and months in the order in which they were opened, which a clock that jumps does not change. */
      opened: z.strictObject({ day: z.array(z.string()), month: z.array(z.string()) }),
      /** What takes no reservation any more, as spans of days and of months. */
      closed: z.strictObject({ day: z.array(z.strictObject({ from: z.string(), to: z.string() })), month: z.array(z.strictObject({ from: z.string(), to: z.string() })) }),
      /** Line → period → name → amount. */
      used: z.record(z.string(), z.record(z.string(), z.record(z.string(), Amount))),
      extra: z.record(z.string(), z.record(z.string(), z.record(z.string(), Amount))),
      settledRuns: z.array(Id),
    }),
    { upcast: snapshotBefore },
  ),
});
export type BudgetEvent = EventOf<typeof budget>;

function lineBefore(line: string): string {
  if (line === 'company-day') return 'company/day/money';
  return line === 'agent-day' ? 'agent/*/day/money' : `agent/${line.slice('agent-day/'.length)}/day/money`;
}

function limitedBefore(before: unknown): unknown {
  const { line, limitMicros, currency } = before as { line: string; limitMicros: number; currency: string };
  return { line: lineBefore(line), limit: limitMicros, mode: 'hard', currency, by: 'governance' };
}

interface SnapshotBefore {
  readonly currency: string;
  readonly limits: Readonly<Record<string, number>>;
  readonly pins: readonly (readonly [string, string, string])[];
  readonly open: readonly { readonly runId: string; readonly pin: number; readonly day: string; readonly micros: number }[];
  readonly books: readonly { readonly day: string; readonly spentMicros: number }[];
  readonly spentByAgentDay: Readonly<Record<string, number>>;
  readonly closed: readonly { readonly from: string; readonly to: string }[];
  readonly settledRuns: readonly string[];
}

/** Company days and agents' days are what was counted before. */
function snapshotBefore(before: unknown): unknown {
  const { currency, limits, pins, open, books, spentByAgentDay, closed, settledRuns } = before as SnapshotBefore;
  const lines = Object.entries(limits).map(([line, limit]) => [lineBefore(line), { limit, mode: 'hard', by: 'governance' }] as const);
  const used: Record<string, Record<string, Record<string, number>>> = {};
  const count = (line: string, day: string, name: string, amount: number): void => {
    const periods = (used[line] ??= {});
    (periods[day] ??= {})[name] = amount;
  };
  for (const { day, spentMicros } of books) count('company/day/money', day, '', spentMicros);
  for (const [key, amount] of Object.entries(spentByAgentDay)) {
    const [day = '', agent = ''] = key.split('/');
    for (const [line] of lines) if (line === 'agent/*/day/money' || line === `agent/${agent}/day/money`) count(line, day, agent, amount);
  }
  const months = [...new Set(books.map(({ day }) => day.slice(0, 7)))];
  return {
    ...{ currency, settledRuns, used, extra: {} },
    limits: Object.fromEntries(lines),
    pins: pins.map(([agent, definitionVersion, policyVersion]) => ({ who: [agent, definitionVersion, policyVersion], tags: [null, null], most: [null, null, null] })),
    open: open.map(({ runId, pin, day, micros }) => [runId, pin, day, micros, null]),
    opened: { day: books.map(({ day }) => day), month: months },
    closed: { day: closed, month: [] },
  };
}
