/**
 * G28 with the faults gone every mail that was taken in has a run that is closed, or waits for a human · G9 none is
 * closed twice, or over an effect in doubt · and something really happened: a run in which nothing was sent proves nothing.
 */
import type { EffectEvent, GateEvent, RunEvent } from '@soloist/contracts';
import type { Commit } from '@soloist/eventlog';
import { commitsOf, eventsOf, type Checker, type History, type Violation } from '../history.js';

export interface OpenGate {
  readonly gateId: string;
  readonly runId: string;
  readonly kind: string;
  readonly effectId: string;
}

export interface Standing {
  /** How often each run was closed. */
  readonly closed: ReadonlyMap<string, number>;
  /** By gate id. */
  readonly open: ReadonlyMap<string, OpenGate>;
}

export function standingOf(history: Pick<History, 'commits'>): Standing {
  const closed = new Map<string, number>();
  const open = new Map<string, OpenGate>();
  for (const commit of history.commits) {
    const { entity, key } = commit.address;
    if (entity === 'gate') for (const event of eventsOf<GateEvent>(commit)) moveGates(open, key, event);
    if (entity === 'run' && closes(commit)) closed.set(key, (closed.get(key) ?? 0) + 1);
  }
  return { closed, open };
}

function closes(commit: Commit): boolean {
  return eventsOf<RunEvent>(commit).some(({ type }) => type === 'orchestrator.run.closed');
}

function moveGates(open: Map<string, OpenGate>, runId: string, event: GateEvent): void {
  switch (event.type) {
    case 'governance.gate.opened': {
      const { gateId, kind, effectId } = event.data;
      open.set(gateId, { gateId, runId, kind, effectId });
      return;
    }
    case 'governance.gate.decided':
    case 'governance.gate.expired':
      open.delete(event.data.gateId);
      return;
    case 'governance.gate.refused':
    case 'governance.gate.judged':
    case 'governance.gate.authorized':
    case 'governance.gate.decision-refused':
  }
}

/** Mails whose run is neither closed nor waiting at an open gate. */
export const runsComeToRest: Checker = (history) => {
  const { closed, open } = standingOf(history);
  const waiting = new Set([...open.values()].map(({ runId }) => runId));
  return history.accepted.flatMap(({ inputId, runId }): Violation[] =>
    closed.has(runId) || waiting.has(runId) ? [] : [{ kind: 'stuck', guarantee: 'G28', because: `the run ${runId} of input ${inputId} is neither closed nor waiting for a human` }],
  );
};

export const runsCloseOnce: Checker = (history) => {
  const doubt = new Map<string, Set<string>>();
  const violations: Violation[] = [];
  const complain = (because: string): void => void violations.push({ kind: 'broken', guarantee: 'G9', because });
  const closed = new Set<string>();
  for (const commit of history.commits) {
    const { entity, key } = commit.address;
    if (entity === 'effect') for (const event of eventsOf<EffectEvent>(commit)) moveDoubt(doubt, key, event);
    if (entity !== 'run' || !closes(commit)) continue;
    if (closed.has(key)) complain(`run ${key} was closed twice`);
    closed.add(key);
    for (const effect of doubt.get(key) ?? []) complain(`run ${key} was closed while effect ${effect} was attempted and without an outcome`);
  }
  return violations;
};

function moveDoubt(doubt: Map<string, Set<string>>, runId: string, event: EffectEvent): void {
  if (event.type === 'connectors.effect.snapshotted') return;
  const name = `${event.data.effectId} generation ${event.data.generation}`;
  if (event.type === 'connectors.effect.attempted') doubt.set(runId, (doubt.get(runId) ?? new Set()).add(name));
  else if (event.type !== 'connectors.effect.refused') doubt.get(runId)?.delete(name);
}

/** A run of the harness in which every call failed must not pass. */
export const somethingHappened: Checker = (history) => {
  const complain = (because: string): Violation => ({ kind: 'broken', guarantee: 'G28', because });
  return [
    ...(history.acknowledged.length === 0 ? [complain('no commit was acknowledged')] : []),
    ...(history.delivered.length === 0 ? [complain('no mail reached the outside world')] : []),
    ...(commitsOf(history, 'run').some(closes) ? [] : [complain('no run was closed')]),
  ];
};
