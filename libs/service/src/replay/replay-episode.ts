/**
 * Faithful re-execution of a recorded episode (requirements M4, K11): every delivery that led to a decision is handed
 * to the same reactors again, with recorded answers for ports, and each decision is held against the record.
 *
 * I1 zero effects, zero model calls: the ports passed in answer from the record
 * I2 a delivery is repeated while decisions of its later lives are missing, as it was in life
 */
import { DELIVERY, subjectOf, type Address } from '@soloist/contracts';
import type { Command, Commit, EventLog, LogConnection, WorkingMemory } from '@soloist/eventlog';
import { silentLogger } from '@soloist/telemetry';
import type { DecisionClock } from '../clock.js';
import { Dispatcher } from '../dispatcher.js';
import type { Service } from '../service.js';
import { RecordedLog, RecordEnds, type Divergence } from './recorded-log.js';

/** The delivery being re-executed, for ports that answer from the record. */
export interface ReplayMoment {
  /** Decisions of this delivery that are on record and not made again yet, in log order. */
  readonly ahead: () => readonly Commit[];
  /** The decision made last, by which the call at hand was claimed. */
  readonly lastMade: () => Commit | null;
}

export interface ReplayPart {
  readonly service: Service<unknown, unknown>;
  /** Made anew for every life of a delivery, so that no life knows what another was answered. */
  readonly ports: (moment: ReplayMoment) => unknown;
  /** Short-term context as it was; none on record reads as empty. */
  readonly working?: WorkingMemory;
}

export interface ReplayInput {
  readonly source: EventLog;
  /** Everything that belongs to the run and its trigger, in causal order. */
  readonly commits: readonly Commit[];
  /** Commands rebuilt from the decisions that name them. */
  readonly commands: readonly Command[];
  readonly parts: readonly ReplayPart[];
  readonly cut: (address: Address, history: readonly Commit[]) => readonly Commit[];
}

export interface ReplayOutcome {
  readonly deliveries: number;
  /** Recorded decisions made again, equal. */
  readonly equal: number;
  /** Commits taken as given and not made again: what came from outside. */
  readonly given: number;
  readonly divergences: readonly Divergence[];
}

export async function replayEpisode(input: ReplayInput): Promise<ReplayOutcome> {
  const divergences: Divergence[] = [];
  let deliveries = 0;
  let reproduced = 0;
  const source = remembering(input.source);
  const causes = new Set([...input.commits.map((commit) => commit.id), ...input.commands.map((command) => command.id)]);
  for (const part of input.parts) {
    for (const delivered of [...byId(input.commits), ...input.commands]) {
      const expected = input.commits.filter((commit) => commit.cause === delivered.id && commit.address.context === part.service.name);
      // One that led to nothing is re-executed as well: deciding something there would be a change.
      deliveries += 1;
      const log = new RecordedLog({ source, cause: delivered.id, expected, cut: input.cut });
      const stopped = await relive(part, log, delivered);
      for (const lost of log.missing) {
        const because = `a recorded decision was not made again${stopped === null ? '' : `: ${stopped}`}`;
        log.divergences.push({ delivery: delivered.id, subject: lost.subject, because, recorded: lost.events, replayed: null });
      }
      divergences.push(...log.divergences);
      reproduced += log.reproduced;
    }
  }
  const given = input.commits.filter((commit) => commit.cause === null || !causes.has(commit.cause)).length;
  return { deliveries, equal: reproduced - divergences.filter((one) => one.replayed !== null && one.recorded !== null).length, given, divergences };
}

/** The record does not change while it is read, so each history is fetched once for all deliveries. */
function remembering(source: EventLog): EventLog {
  const histories = new Map<string, Promise<readonly Commit[]>>();
  const once = (name: string, read: () => Promise<readonly Commit[]>): Promise<readonly Commit[]> => {
    const known = histories.get(name) ?? read();
    histories.set(name, known);
    return known;
  };
  return new Proxy(source, {
    get: (target, member) => {
      if (member === 'history') return (address: Address) => once(subjectOf('evt', address), () => target.history(address));
      if (member === 'episode') return (runId: string) => once(runId, () => target.episode(runId));
      const value = Reflect.get(target, member) as unknown;
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

/** The first commit of each id: a repeat of an id in a later life is the same delivery. */
function byId(commits: readonly Commit[]): readonly Commit[] {
  return [...new Map([...commits].reverse().map((commit) => [commit.id, commit])).values()].reverse();
}

/** Answers why the last life ended when it did not end by itself. */
async function relive(part: ReplayPart, log: RecordedLog, delivered: Commit | Command): Promise<string | null> {
  let ended: string | null = null;
  for (const deliveryCount of countsOfLives()) {
    ended = null;
    const dispatcher = new Dispatcher(part.service, connectionOf(log, part.working ?? noWorkingMemory), part.ports({ ahead: () => log.missing, lastMade: () => log.lastMade }), recordedClock(log, delivered), silentLogger);
    try {
      if ('events' in delivered) await dispatcher.reactTo(delivered, deliveryCount);
      else await dispatcher.execute(delivered, deliveryCount);
    } catch (error) {
      // A fault ended the delivery in life as well; what matters is whether its decisions are made again.
      ended = error instanceof RecordEnds ? null : String(error);
    }
    if (log.missing.length === 0) return ended;
  }
  return ended;
}

/**
 * A broker that was killed may have forgotten how often it gave a delivery out: two lives had the same count, or a later
 * one a smaller. So each count is tried twice, and all of them again before larger ones are.
 */
function* countsOfLives(): Generator<number> {
  for (let most = 1; most <= 2 * DELIVERY.lastDelivery; most *= 2) for (let life = 2; life < 2 * most + 2; life += 1) yield Math.floor(life / 2);
}

/**
 * Each decision sees the moment its recorded commit carries. One that is not on record (judged and refused, or fenced
 * off) was made just before the next that is.
 */
function recordedClock(log: RecordedLog, delivered: Commit | Command): DecisionClock {
  return {
    now: (commitId) => {
      const { missing } = log;
      const own = missing.find((commit) => commit.id === commitId) ?? missing.at(0) ?? log.lastMade;
      return own?.at ?? ('at' in delivered ? delivered.at : '1970-01-01T00:00:00.000Z');
    },
  };
}

const noWorkingMemory: WorkingMemory = {
  get: () => Promise.resolve(undefined),
  set: () => Promise.resolve(),
  delete: () => Promise.resolve(),
};

function connectionOf(log: EventLog, working: WorkingMemory): LogConnection {
  const refuse = (): never => {
    throw new Error('a re-executed delivery is connected to nothing');
  };
  return {
    log,
    working,
    deliveries: { consume: refuse, wakeups: refuse },
    keys: { keyFor: refuse, existingKey: refuse, subjectFor: refuse },
    close: () => Promise.resolve(),
  };
}

