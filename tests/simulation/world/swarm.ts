/**
 * What a seed's world is like: each kind of trouble is there or not, and strong or weak, by the seed alone (swarm
 * testing: seeds that lack a fault reach what the fault would hide).
 */
import type { Context, StreamCount } from '@soloist/contracts';
import type { Random, WireFaults } from '@soloist/testing';

export interface Swarm {
  readonly streams: StreamCount;
  readonly replicas: Readonly<Record<Context, number>>;
  readonly mails: number;
  readonly faultsEndMs: number;
  readonly wire: WireFaults;
  /** At each hop. */
  readonly crash: number;
  readonly stop: number;
  readonly longestStopMs: number;
  readonly brokerRestarts: number;
  readonly forgetsAcks: number;
  readonly forgetsCounts: number;
  readonly skewMs: Readonly<Record<Context, number>>;
  readonly clockJumps: boolean;
  readonly slowdown: number;
  readonly halts: number;
  /** How likely a run that has an authorization is claimed anew at that very moment. */
  readonly successions: number;
  readonly mail: { readonly loseAnswer: number; readonly acceptLate: number; readonly refuse: number; readonly fail: number; readonly canLook: boolean; readonly failLook: number };
  readonly model: { readonly fail: number; readonly loseAnswer: number; readonly throttle: number; readonly noUsage: number };
  readonly operator: { readonly rejects: number; readonly twice: number; readonly wrongDigest: number; readonly late: number; readonly never: number };
  readonly tightBudget: boolean;
  readonly programs: { readonly count: number; readonly stepFails: number; readonly cancels: number };
  /** How likely the operator ends a run, at a moment of its life. */
  readonly cancels: number;
}

const SERVICES: readonly Context[] = ['orchestrator', 'runtime', 'memory', 'connectors', 'governance'];
const DAY_MS = 86_400_000;

export function swarmOf(random: Random): Swarm {
  const some = (most: number): number => (random.chance(0.5) ? random.between(most / 20, most) : 0);
  const each = (value: (service: Context) => number): Record<Context, number> =>
    Object.fromEntries(SERVICES.map((service) => [service, value(service)])) as Record<Context, number>;
  const isSkewed = random.chance(0.4);
  const drawn: Swarm = {
    streams: random.pick([1, 2, 4, 8]),
    replicas: each((service) => (random.chance(service === 'runtime' || service === 'connectors' ? 0.7 : 0.2) ? 2 : 1)),
    mails: random.whole(1, 4),
    faultsEndMs: random.between(15_000, 70_000),
    wire: {
      loseAnswer: some(0.15),
      loseRequest: some(0.1),
      deliverLate: some(0.08),
      unreachable: some(0.1),
      failRead: some(0.05),
      loseSettling: some(0.4),
    },
    crash: some(0.03),
    stop: some(0.02),
    longestStopMs: random.pick([2_000, 10_000, 25_000]),
    brokerRestarts: random.chance(0.4) ? random.whole(1, 6) : 0,
    forgetsAcks: some(0.3),
    forgetsCounts: random.chance(0.5) ? 0.7 : 0,
    skewMs: each(() => (isSkewed ? Math.round(random.between(-DAY_MS, DAY_MS)) : 0)),
    clockJumps: isSkewed && random.chance(0.3),
    slowdown: random.chance(0.3) ? random.between(20, 400) : 1,
    halts: random.chance(0.25) ? random.whole(1, 3) : 0,
    successions: random.chance(0.2) ? random.between(0.1, 0.6) : 0,
    mail: { loseAnswer: some(0.5), acceptLate: some(0.4), refuse: some(0.3), fail: some(0.3), canLook: random.chance(0.6), failLook: some(0.3) },
    model: { fail: some(0.3), loseAnswer: some(0.3), throttle: some(0.3), noUsage: some(0.3) },
    operator: { rejects: some(0.6), twice: some(0.5), wrongDigest: some(0.3), late: some(0.2), never: some(0.2) },
    tightBudget: random.chance(0.2),
    programs: { count: random.chance(0.35) ? random.whole(1, 2) : 0, stepFails: some(0.4), cancels: some(0.3) },
    cancels: random.chance(0.25) ? random.between(0.1, 0.7) : 0,
  };
  return random.chance(0.15) ? storm(drawn) : drawn;
}

/** Everything that goes wrong goes wrong more often, and for longer. */
function storm(swarm: Swarm): Swarm {
  const wire = Object.fromEntries(Object.entries(swarm.wire).map(([kind, likelihood]) => [kind, Math.min(0.6, likelihood * 2.5)])) as unknown as WireFaults;
  return { ...swarm, wire, crash: swarm.crash * 2, stop: swarm.stop * 2, brokerRestarts: swarm.brokerRestarts * 2, faultsEndMs: swarm.faultsEndMs * 2 };
}

/** The same company and the same people, and nothing goes wrong between them. */
export function calm(swarm: Swarm): Swarm {
  const none = { loseAnswer: 0, loseRequest: 0, deliverLate: 0, unreachable: 0, failRead: 0, loseSettling: 0 };
  return { ...swarm, wire: none, crash: 0, stop: 0, brokerRestarts: 0, forgetsAcks: 0, forgetsCounts: 0, slowdown: 1, halts: 0, successions: 0, clockJumps: false, cancels: 0, programs: { ...swarm.programs, stepFails: 0, cancels: 0 } };
}
