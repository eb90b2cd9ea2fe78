/**
 * Who may do what at the broker, written by hand from DESIGN section 3 and ADR 0003. It must never be derived from
 * the access matrix or the manifest: it is the second opinion they are compared with.
 */

export const IDENTITIES = ['orchestrator', 'runtime', 'memory', 'connectors', 'governance', 'replay'] as const;
export type Identity = (typeof IDENTITIES)[number];

export const SERVICES = ['orchestrator', 'runtime', 'memory', 'connectors', 'governance'] as const;

/** Every entity of the log, `<context>.<entity>`. */
export const ENTITY_NAMES = [
  'orchestrator.request',
  'orchestrator.run',
  'runtime.loop',
  'runtime.program',
  'runtime.roster',
  'memory.recall',
  'memory.fact',
  'connectors.intake',
  'connectors.effect',
  'connectors.arming',
  'connectors.posting',
  'governance.gate',
  'governance.budget',
  'governance.hold',
  'governance.halt',
  'governance.definition',
  'governance.policy',
  'governance.contact',
  'governance.webhook',
  'governance.mailing',
] as const;

export interface ExpectedAccess {
  /** Contexts whose facts, dead letters, timers and blobs the identity may publish. */
  readonly publishesAs: readonly string[];
  readonly publishesCommands: boolean;
  readonly writesWorkingMemory: boolean;
  readonly readsWorkingMemory: boolean;
  /** Entities whose last commit it may read. */
  readonly heads: readonly string[];
  /** Whether it may read whole streams. */
  readonly readsWholeLog: boolean;
  /** Whether it may read the dead letters of all. */
  readonly readsDeadLetters: boolean;
  /** Consumers it may pull from and ask about. */
  readonly pulls: readonly string[];
}

export const EXPECTED: Readonly<Record<Identity, ExpectedAccess>> = {
  orchestrator: {
    publishesAs: ['orchestrator'],
    publishesCommands: false,
    writesWorkingMemory: false,
    readsWorkingMemory: false,
    heads: ENTITY_NAMES,
    readsWholeLog: true,
    readsDeadLetters: false,
    pulls: ['orchestrator_reactors', 'orchestrator_commands', 'orchestrator_timers'],
  },
  runtime: {
    publishesAs: ['runtime'],
    publishesCommands: false,
    writesWorkingMemory: false,
    readsWorkingMemory: true,
    heads: ENTITY_NAMES,
    readsWholeLog: true,
    readsDeadLetters: false,
    pulls: ['runtime_reactors', 'runtime_commands', 'runtime_timers'],
  },
  memory: {
    publishesAs: ['memory'],
    publishesCommands: false,
    writesWorkingMemory: true,
    readsWorkingMemory: true,
    heads: ENTITY_NAMES,
    readsWholeLog: true,
    readsDeadLetters: false,
    pulls: ['memory_reactors', 'memory_commands', 'memory_timers', 'memory_projections'],
  },
  connectors: {
    publishesAs: ['connectors'],
    publishesCommands: false,
    writesWorkingMemory: false,
    readsWorkingMemory: false,
    heads: ['connectors.intake', 'connectors.effect', 'connectors.arming', 'connectors.posting', 'runtime.loop', 'governance.gate', 'governance.halt', 'governance.webhook', 'governance.mailing'],
    readsWholeLog: false,
    readsDeadLetters: false,
    pulls: ['connectors_reactors', 'connectors_commands', 'connectors_timers'],
  },
  governance: {
    publishesAs: ['governance'],
    publishesCommands: true,
    writesWorkingMemory: false,
    readsWorkingMemory: false,
    heads: ENTITY_NAMES,
    readsWholeLog: true,
    readsDeadLetters: true,
    pulls: ['governance_reactors', 'governance_commands', 'governance_timers', 'governance_projections'],
  },
  replay: {
    publishesAs: [],
    publishesCommands: false,
    writesWorkingMemory: false,
    readsWorkingMemory: false,
    heads: ENTITY_NAMES,
    readsWholeLog: true,
    readsDeadLetters: false,
    pulls: ['replay_all'],
  },
};

/** The streams of an installation with two event streams. */
export const STREAM_NAMES = [
  'EVENTS-0',
  'EVENTS-1',
  'COMMANDS',
  'TIMERS-orchestrator',
  'TIMERS-runtime',
  'TIMERS-memory',
  'TIMERS-connectors',
  'TIMERS-governance',
  'DEAD',
  'ADVISORIES',
  'BLOBS',
  'KV_WORKING',
] as const;

/** Consumer → a stream it exists on. The last three exist nowhere and must stay unreachable all the same. */
export const CONSUMER_PLACES: Readonly<Record<string, string>> = {
  orchestrator_reactors: 'EVENTS-0',
  orchestrator_commands: 'COMMANDS',
  orchestrator_timers: 'TIMERS-orchestrator',
  runtime_reactors: 'EVENTS-0',
  runtime_commands: 'COMMANDS',
  runtime_timers: 'TIMERS-runtime',
  memory_reactors: 'EVENTS-0',
  memory_commands: 'COMMANDS',
  memory_timers: 'TIMERS-memory',
  memory_projections: 'EVENTS-0',
  connectors_reactors: 'EVENTS-0',
  connectors_commands: 'COMMANDS',
  connectors_timers: 'TIMERS-connectors',
  governance_reactors: 'EVENTS-0',
  governance_commands: 'COMMANDS',
  governance_timers: 'TIMERS-governance',
  governance_projections: 'EVENTS-0',
  replay_all: 'EVENTS-0',
  orchestrator_projections: 'EVENTS-0',
  runtime_projections: 'EVENTS-0',
  connectors_projections: 'EVENTS-0',
};
