/** The API's shapes. They check what comes in and describe what goes out (GET /openapi.json). */
import { CallForm, Digest, Id } from '@soloist/contracts';
import { z } from 'zod';
import { GATE_STATES, RUN_STATES } from '../ports/governance-view.port.js';

const MAX_LIMIT = 500;
const DEFAULT_LIMIT = 50;
const limit = z.coerce.number().int().min(1).max(MAX_LIMIT).default(DEFAULT_LIMIT);
const micros = z.int().nonnegative();

export const RunsQuery = z.strictObject({ limit, state: z.enum(RUN_STATES).optional() });
export type RunsQuery = z.output<typeof RunsQuery>;
export const GatesQuery = z.strictObject({ limit, state: z.enum(GATE_STATES).optional() });
export type GatesQuery = z.output<typeof GatesQuery>;
export const InboxQuery = z.strictObject({ limit });
export type InboxQuery = z.output<typeof InboxQuery>;

export const RunId = z.string().regex(/^[a-z0-9-]{1,64}$/, 'must be a run id');
export const GateId = z.string().regex(/^[a-z0-9-]{1,56}-g[1-9][0-9]{0,4}$/, 'must be a gate id, <run id>-g<number>');

export const Health = z.strictObject({ status: z.literal('ok'), service: z.literal('governance') }).meta({ id: 'Health' });

/** `for`: a moment, the name of an event, or a run. `divergence`: both sides where the code does not do what is on record. */
const ProgramPart = z
  .strictObject({
    name: z.string(),
    version: z.string(),
    parentRunId: Id.nullable(),
    epoch: z.int(),
    generation: z.int(),
    steps: z.int(),
    waits: z.array(z.strictObject({ path: z.string(), kind: z.enum(['timer', 'event', 'child']), for: z.string() })),
    divergence: z.strictObject({ path: z.string(), recorded: CallForm.nullable(), replayed: CallForm.nullable() }).nullable(),
  })
  .meta({ id: 'ProgramPart' });

/** Of an agent or of a program; the other is null. */
export const Run = z
  .strictObject({
    runId: Id,
    inputId: Id.nullable(),
    agent: z.string().nullable(),
    program: ProgramPart.nullable(),
    state: z.enum(RUN_STATES),
    waitingFor: z.string().nullable(),
    openGates: z.array(z.string()),
    spentMicros: micros,
    envelopeMicros: micros.nullable(),
    currency: z.string().nullable(),
    definitionVersion: z.string().nullable(),
    policyVersion: z.string().nullable(),
    outcome: z.string().nullable(),
    startedStream: z.int(),
    startedSequence: z.int(),
    startedAt: z.string(),
    updatedSequence: z.int(),
    updatedAt: z.string(),
  })
  .meta({ id: 'Run' });
export const RunList = z.strictObject({ runs: z.array(Run) }).meta({ id: 'RunList' });

/** What the run is pinned to, as far as its history says it by now. */
export const Versions = z
  .strictObject({
    agent: z.string().nullable(),
    policy: z.string().nullable(),
    model: z.string().nullable(),
    prompt: z.string().nullable(),
    price: z.string().nullable(),
    retrieval: z.string().nullable(),
  })
  .meta({ id: 'Versions' });
export type Versions = z.output<typeof Versions>;
export const RunDetail = z.strictObject({ ...Run.shape, versions: Versions }).meta({ id: 'RunDetail' });

export const Cancellation = z.strictObject({ because: z.string().min(1).max(500).default('No reason was given.') }).meta({ id: 'Cancellation' });
export type Cancellation = z.output<typeof Cancellation>;
/** `outcome` is how the run ended; null while its end is not on record. */
export const CancelOutcome = z.strictObject({ runId: Id, outcome: z.enum(['done', 'refused', 'failed', 'cancelled', 'diverged']).nullable() }).meta({ id: 'CancelOutcome' });
export type CancelOutcome = z.output<typeof CancelOutcome>;

const RecordedEvent = z.strictObject({ type: z.string(), data: z.json() }).meta({ id: 'RecordedEvent' });
export const RecordedCommit = z
  .strictObject({
    id: z.string(),
    position: z.strictObject({ stream: z.int(), sequence: z.int() }),
    subject: z.string(),
    type: z.string(),
    at: z.string(),
    actor: z.string(),
    cause: z.string().nullable(),
    policy: z.string().nullable(),
    hash: Digest,
    events: z.array(RecordedEvent),
  })
  .meta({ id: 'RecordedCommit' });
export type RecordedCommit = z.output<typeof RecordedCommit>;
export const Episode = z.strictObject({ runId: Id, commits: z.array(RecordedCommit) }).meta({ id: 'Episode' });

export const Gate = z
  .strictObject({
    gateId: z.string(),
    runId: Id,
    kind: z.enum(['outward-effect', 'unknown-outcome']),
    state: z.enum(GATE_STATES),
    digest: Digest,
    effectId: Id,
    generation: z.int(),
    action: z.string(),
    effectClass: z.string(),
    policyVersion: z.string(),
    openedAt: z.string(),
    openedSequence: z.int(),
    expiresAt: z.string(),
    decidedBy: z.string().nullable(),
    decidedAt: z.string().nullable(),
    surface: z.string().nullable(),
    isEdited: z.boolean(),
    reminders: z.int(),
    isEscalated: z.boolean(),
    snoozedUntil: z.string().nullable(),
  })
  .meta({ id: 'Gate' });
export const GateList = z.strictObject({ gates: z.array(Gate) }).meta({ id: 'GateList' });

export { BatchDecision, BatchOutcome, Decision, DecisionOutcome, GateCard, GateLink, Snooze, SnoozeOutcome } from './gate-schemas.js';

export const Agent = z
  .strictObject({
    name: z.string(),
    version: z.string(),
    latest: z.string(),
    pin: z.strictObject({ by: z.string(), because: z.string(), at: z.string() }).nullable(),
    purpose: z.string(),
    model: z.string(),
    actions: z.array(z.string()),
    perRunMicros: micros,
    currency: z.string(),
    publishedAt: z.string(),
  })
  .meta({ id: 'Agent' });
export const AgentList = z.strictObject({ agents: z.array(Agent) }).meta({ id: 'AgentList' });

export const InboxItem = z
  .strictObject({
    inputId: Id,
    rule: z.string(),
    reasons: z.array(z.string()),
    routedAt: z.string(),
    from: z.json(),
    subject: z.json(),
  })
  .meta({ id: 'InboxItem' });
export type InboxItem = z.output<typeof InboxItem>;
export const Inbox = z.strictObject({ inbox: z.array(InboxItem) }).meta({ id: 'Inbox' });

export const LetterId = z.string().regex(/^[0-9a-f]{32}$/, 'must be the id of a dead letter, 32 hexadecimal digits');
export const Discard = z.strictObject({ reason: z.string().min(1).max(2_000) }).meta({ id: 'Discard' });
export type Discard = z.output<typeof Discard>;

export const DeadLetterCard = z
  .strictObject({
    id: z.string(),
    state: z.enum(['open', 'redelivered', 'discarded']),
    owner: z.string(),
    consumer: z.string(),
    entity: z.string(),
    key: z.string(),
    position: z.strictObject({ stream: z.int(), sequence: z.int() }).nullable(),
    commit: z.string().nullable(),
    isCommand: z.boolean(),
    reason: z.string(),
    attempts: z.int(),
    at: z.string(),
    outcomes: z.array(z.strictObject({ outcome: z.enum(['redelivered', 'failed', 'discarded']), reason: z.string(), at: z.string() })),
  })
  .meta({ id: 'DeadLetter' });
export type DeadLetterCard = z.output<typeof DeadLetterCard>;
/** `unreadable`: entries that are no letters. */
export const DeadLetterList = z.strictObject({ letters: z.array(DeadLetterCard), unreadable: z.int() }).meta({ id: 'DeadLetterList' });

export const ErrorAnswer = z.strictObject({ error: z.strictObject({ code: z.string(), message: z.string(), next: z.string() }) }).meta({ id: 'ErrorAnswer' });
