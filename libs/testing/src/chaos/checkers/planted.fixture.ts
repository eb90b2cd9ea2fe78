/** A small history in which everything is right, built of real event forms, and ways to spoil it. */
import type { Commit } from '@soloist/eventlog';
import type { History } from '../history.js';

const RUN = 'a'.repeat(32);
export const KEY = 'effect1-g1';

interface Planted {
  readonly stream?: number;
  readonly entity: string;
  readonly events: readonly { readonly type: string; readonly data: unknown }[];
}

/** Chained and numbered as the log would. */
export function written(planted: readonly Planted[]): Commit[] {
  const sequences = new Map<number, number>();
  const heads = new Map<string, string>();
  return planted.map(({ entity, events, stream = 0 }, index) => {
    const sequence = (sequences.get(stream) ?? 0) + 1;
    sequences.set(stream, sequence);
    const subject = `evt.hub.00.x.${entity}.${RUN}`;
    const prev = heads.get(subject) ?? null;
    heads.set(subject, `hash${index}`);
    const address = { kind: 'evt', site: 'hub', bucket: 0, context: 'runtime', entity, key: RUN } as const;
    return { position: { stream, sequence }, subject, address, id: `commit${index}`, cause: null, actor: 'x', policy: null, at: '', prev, hash: `hash${index}`, from: 1, traceparent: null, fence: null, events };
  });
}

const attempted = { effectId: 'effect1', generation: 1, action: 'mail.send', digest: 'd', nonce: 'n', idempotencyKey: KEY, epoch: 1 };

export const EVENTS = {
  claimed: (epoch: number) => ({ entity: 'loop', events: [{ type: 'runtime.loop.claimed', data: { epoch } }] }),
  asked: (epoch: number) => ({ entity: 'loop', events: [{ type: 'runtime.loop.model-asked', data: { epoch, ceilingMicros: 100 } }] }),
  finished: (spentMicros: number) => ({ entity: 'loop', events: [{ type: 'runtime.loop.finished', data: { spentMicros } }] }),
  authorized: (digest = 'd') => ({ entity: 'gate', events: [{ type: 'governance.gate.authorized', data: { effectId: 'effect1', generation: 1, digest, nonce: 'n' } }] }),
  opened: { entity: 'gate', events: [{ type: 'governance.gate.opened', data: { gateId: 'g1', kind: 'outward-effect', effectId: 'effect1' } }] },
  attempted: (epoch = 1) => ({ entity: 'effect', events: [{ type: 'connectors.effect.attempted', data: { ...attempted, epoch } }] }),
  armed: { entity: 'arming', events: [{ type: 'connectors.arming.armed', data: { effectId: 'effect1', generation: 1 } }] },
  succeeded: { entity: 'effect', events: [{ type: 'connectors.effect.succeeded', data: { effectId: 'effect1', generation: 1 } }] },
  limited: { entity: 'budget', events: [{ type: 'governance.budget.limited', data: { line: 'company/day/money', limit: 500 } }] },
  reserved: (runId: string, micros: number) => ({ entity: 'budget', events: [{ type: 'governance.budget.reserved', data: { runId, day: '2026-01-01', micros } }] }),
  settled: (runId: string, spentMicros: number, releasedMicros: number) => ({ entity: 'budget', events: [{ type: 'governance.budget.settled', data: { runId, day: '2026-01-01', spentMicros, releasedMicros } }] }),
  closed: { entity: 'run', events: [{ type: 'orchestrator.run.closed', data: { runId: RUN, outcome: 'done' } }] },
} as const;

export function soundHistory(): History {
  const { armed, asked, attempted: attempts, authorized, claimed, closed, finished, limited, reserved, settled, succeeded } = EVENTS;
  const commits = written([limited, reserved(RUN, 300), claimed(1), asked(1), authorized(), attempts(), armed, succeeded, finished(100), closed, settled(RUN, 100, 200)]);
  return historyOf(commits);
}

/** All of these commits acknowledged, one mail out, one call on the bill. */
export function historyOf(commits: readonly Commit[]): History {
  return {
    commits,
    acknowledged: commits.map(({ events, id, position, subject }) => ({ ...position, subject, commitId: id, types: events.map(({ type }) => `${type}.v1`).join(',') })),
    delivered: [{ messageId: `<${KEY}@soloist.local>` }],
    charges: [{ runId: RUN, micros: 90 }],
    accepted: [{ inputId: 'input', runId: RUN }],
  };
}
