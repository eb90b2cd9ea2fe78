/**
 * Faithful re-execution of a recorded episode (requirements M4, K11): every delivery that led to a decision is handed
 * to the same reactors again, with recorded answers for ports, and each decision is held against the record.
 *
 * I1 zero effects, zero model calls: the ports passed in answer from the record
 * I2 a delivery is repeated while decisions of its later lives are missing, as it was in life
 */
import type { Address } from '@soloist/contracts';
import type { Command, Commit, EventLog, LogConnection, WorkingMemory } from '@soloist/eventlog';
import { silentLogger } from '@soloist/telemetry';
import type { DecisionClock } from '../clock.js';
import { Dispatcher } from '../dispatcher.js';
import type { Service } from '../service.js';
import { RecordedLog, RecordEnds, type Divergence } from './recorded-log.js';

/** A delivery may have died this many times in life; more than that is a divergence. */
const MAX_LIVES = 64;

export interface ReplayPart {
  readonly service: Service<unknown, unknown>;
  readonly ports: unknown;
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
  /** Commits taken as given: what came from outside. */
  readonly given: number;
  readonly divergences: readonly Divergence[];
}

export async function replayEpisode(input: ReplayInput): Promise<ReplayOutcome> {
  const divergences: Divergence[] = [];
  let deliveries = 0;
  let reproduced = 0;
  const causes = new Set([...input.commits.map((commit) => commit.id), ...input.commands.map((command) => command.id)]);
  for (const part of input.parts) {
    for (const delivered of [...byId(input.commits), ...input.commands]) {
      const expected = input.commits.filter((commit) => commit.cause === delivered.id && commit.address.context === part.service.name);
      if (expected.length === 0) continue;
      deliveries += 1;
      const log = new RecordedLog({ source: input.source, cause: delivered.id, expected, cut: input.cut });
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

/** The first commit of each id: a repeat of an id in a later life is the same delivery. */
function byId(commits: readonly Commit[]): readonly Commit[] {
  return [...new Map([...commits].reverse().map((commit) => [commit.id, commit])).values()].reverse();
}

/** Answers why the last life ended when it did not end by itself. */
async function relive(part: ReplayPart, log: RecordedLog, delivered: Commit | Command): Promise<string | null> {
  let ended: string | null = null;
  for (let life = 1; life <= MAX_LIVES; life += 1) {
    ended = null;
    const dispatcher = new Dispatcher(part.service, connectionOf(log, part.working ?? noWorkingMemory), part.ports, recordedClock(log, delivered), silentLogger);
    try {
      if ('events' in delivered) await dispatcher.reactTo(delivered, life);
      else await dispatcher.execute(delivered, life);
    } catch (error) {
      // A fault ended the delivery in life as well; what matters is whether its decisions are made again.
      ended = error instanceof RecordEnds ? null : String(error);
    }
    if (log.missing.length === 0) return ended;
  }
  return ended;
}

/** Each decision sees the moment its recorded commit carries. */
function recordedClock(log: RecordedLog, delivered: Commit | Command): DecisionClock {
  return {
    now: (commitId) => log.missing.find((commit) => commit.id === commitId)?.at ?? ('at' in delivered ? delivered.at : '1970-01-01T00:00:00.000Z'),
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

