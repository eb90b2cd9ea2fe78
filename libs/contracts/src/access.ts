/**
 * Who may read and consume what: the service × entity matrix from which the broker's accounts are generated
 * (DESIGN section 3, "Reads"; ADR 0003). Every service may publish and read its own entities; this names the rest.
 */
import type { Context } from './subject.js';

export interface Access {
  /** Foreign entities whose head (last commit) may be read, `<context>.<entity>`. */
  readonly heads: readonly string[];
  /** Whole-log cold reads by direct batch get: never connectors, the one service that touches the outside. */
  readonly coldReads: boolean;
  /** Entities whose commits are delivered to the service's reactors. */
  readonly reacts: readonly string[];
  /** Whether a consumer over all events exists to wake the service's projections. */
  readonly projects: boolean;
  /** Whether commands addressed to the service exist. */
  readonly commanded: boolean;
  /** Whether the service may publish commands. */
  readonly commands: boolean;
  /** Whether the service may read the dead letters of all. */
  readonly readsDead: boolean;
  /** Key prefixes of the working-memory bucket: `write` implies read. */
  readonly working: 'write' | 'read' | 'none';
}

export const ACCESS: Readonly<Record<Context, Access>> = {
  orchestrator: {
    heads: ['connectors.intake', 'governance.hold', 'governance.budget', 'governance.halt', 'runtime.loop'],
    coldReads: true,
    reacts: ['connectors.intake', 'orchestrator.request', 'governance.hold', 'runtime.loop'],
    projects: false,
    commanded: true,
    commands: false,
    readsDead: false,
    working: 'none',
  },
  runtime: {
    heads: ['orchestrator.run', 'connectors.intake', 'governance.gate', 'governance.definition', 'governance.halt', 'memory.recall', 'connectors.effect'],
    coldReads: true,
    reacts: ['orchestrator.run', 'memory.recall', 'governance.gate', 'connectors.effect'],
    projects: false,
    commanded: true,
    commands: false,
    readsDead: false,
    working: 'read',
  },
  memory: {
    heads: ['runtime.loop', 'connectors.intake'],
    coldReads: true,
    reacts: ['runtime.loop', 'connectors.intake', 'connectors.effect'],
    projects: true,
    commanded: true,
    commands: false,
    readsDead: false,
    working: 'write',
  },
  connectors: {
    heads: ['runtime.loop', 'governance.gate', 'governance.halt', 'governance.webhook', 'governance.mailing'],
    coldReads: false,
    reacts: ['governance.gate', 'governance.mailing'],
    projects: false,
    commanded: true,
    commands: false,
    readsDead: false,
    working: 'none',
  },
  governance: {
    heads: ['orchestrator.run', 'runtime.loop', 'connectors.effect', 'connectors.intake'],
    coldReads: true,
    reacts: ['orchestrator.run', 'runtime.loop', 'connectors.effect'],
    projects: true,
    commanded: true,
    commands: true,
    readsDead: true,
    working: 'none',
  },
};

/** Names of the durable consumers, `<context>_<purpose>`, made by bootstrap and by nobody else. */
export type ConsumerPurpose = 'reactors' | 'commands' | 'timers' | 'projections';
export function consumerName(context: Context, purpose: ConsumerPurpose): string {
  return `${context}_${purpose}`;
}
