/** The tables of the view. Moments are text as they stand in the commits, so that rows made again are equal. */
import { defineEntity, p } from '@mikro-orm/postgresql';

const text = (): ReturnType<typeof textColumn> => textColumn();
const textColumn = () => p.string().columnType('text');

export const RunTable = defineEntity({
  name: 'GovernanceRun',
  tableName: 'runs',
  properties: {
    runId: text().primary(),
    inputId: text().nullable(),
    agent: text().nullable(),
    program: p.json<object>().nullable(),
    state: text(),
    waitingFor: text().nullable(),
    openGates: p.json<string[]>(),
    spentMicros: p.bigint('number'),
    envelopeMicros: p.bigint('number').nullable(),
    currency: text().nullable(),
    definitionVersion: text().nullable(),
    policyVersion: text().nullable(),
    outcome: text().nullable(),
    startedStream: p.integer(),
    startedSequence: p.bigint('number'),
    startedAt: text(),
    updatedSequence: p.bigint('number'),
    updatedAt: text(),
  },
  indexes: [{ name: 'runs_newest', properties: ['startedAt'] }],
});

export const GateTable = defineEntity({
  name: 'GovernanceGate',
  tableName: 'gates',
  properties: {
    gateId: text().primary(),
    runId: text(),
    kind: text(),
    state: text(),
    digest: text(),
    effectId: text(),
    generation: p.integer(),
    action: text(),
    effectClass: text(),
    policyVersion: text(),
    openedAt: text(),
    openedSequence: p.bigint('number'),
    expiresAt: text(),
    decidedBy: text().nullable(),
    decidedAt: text().nullable(),
    surface: text().nullable(),
    isEdited: p.boolean(),
    reminders: p.integer(),
    isEscalated: p.boolean(),
    snoozedUntil: text().nullable(),
  },
  indexes: [
    { name: 'gates_of_run', properties: ['runId'] },
    { name: 'gates_waiting', properties: ['state', 'openedAt'] },
  ],
});

export const AgentTable = defineEntity({
  name: 'GovernanceAgent',
  tableName: 'agents',
  properties: {
    name: text().primary(),
    version: text(),
    latest: text(),
    pin: p.json<object>().nullable(),
    purpose: text(),
    model: text(),
    actions: p.json<string[]>(),
    perRunMicros: p.bigint('number'),
    currency: text(),
    publishedAt: text(),
  },
});

export const InboxTable = defineEntity({
  name: 'GovernanceInbox',
  tableName: 'inbox',
  properties: {
    inputId: text().primary(),
    rule: text(),
    reasons: p.json<string[]>(),
    routedAt: text(),
  },
});
