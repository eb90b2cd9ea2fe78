/**
 * Program runs become rows. What their code was given and answered stays sealed in the log; a row says where a run stands.
 *
 * I1 a run that is paused stays so whatever happens in it, until it is resumed or ends
 */
import { isProgramEvent, type LoopEvent, type ProgramEvent } from '@soloist/contracts';
import type { Commit } from '@soloist/eventlog';
import type { ProgramPart, RunRow } from '../ports/governance-view.port.js';
import type { RowSet } from './row-set.js';

type Started = Extract<ProgramEvent, { type: 'runtime.loop.program-started' }>['data'];
type Wait = ProgramPart['waits'][number];
/** Of the reasons that code gives only what looks like one of ours is told. */
const CODE = /^[a-z][a-z0-9.-]{0,63}$/;

export function projectProgram(rows: RowSet, event: LoopEvent, commit: Commit): void {
  if (!isProgramEvent(event)) return;
  const before = rows.runs.get(commit.address.key);
  if (event.type === 'runtime.loop.program-started') return before === null ? rows.runs.put(commit.address.key, startedRow(event.data, commit)) : undefined;
  if (before === null || before.program === null) return;
  const next = moved(before, before.program, event);
  rows.runs.put(before.runId, { ...before, ...next, updatedSequence: commit.position.sequence, updatedAt: commit.at });
}

function startedRow({ runId, program: name, version, parent }: Started, { position, at }: Commit): RunRow {
  return {
    runId,
    inputId: null,
    agent: null,
    program: { name, version, parentRunId: parent?.runId ?? null, epoch: 0, generation: 1, steps: 0, waits: [], divergence: null },
    state: 'running',
    waitingFor: null,
    openGates: [],
    spentMicros: 0,
    envelopeMicros: null,
    currency: null,
    definitionVersion: null,
    policyVersion: null,
    outcome: null,
    startedStream: position.stream,
    startedSequence: position.sequence,
    startedAt: at,
    updatedSequence: position.sequence,
    updatedAt: at,
  };
}

function moved({ state }: RunRow, program: ProgramPart, event: Exclude<ProgramEvent, { type: 'runtime.loop.program-started' }>): Partial<RunRow> {
  const isPaused = state === 'paused';
  const now = (next: Partial<ProgramPart>): Partial<RunRow> => ({ program: { ...program, ...next } });
  const waiting = (wait: Wait): Partial<RunRow> => now({ waits: [...program.waits, wait] });
  const settled = (path: string): Partial<RunRow> => now({ waits: program.waits.filter((wait) => wait.path !== path) });
  switch (event.type) {
    case 'runtime.loop.program-claimed':
      return { ...now({ epoch: event.data.epoch }), ...(isPaused ? {} : { state: 'running', waitingFor: null }) };
    case 'runtime.loop.step-completed':
      return now({ steps: program.steps + 1 });
    case 'runtime.loop.step-failed':
      return now({ steps: program.steps + (event.data.isFinal ? 1 : 0) });
    case 'runtime.loop.timer-armed':
      return waiting({ path: event.data.path, kind: 'timer', for: event.data.dueAt });
    case 'runtime.loop.event-awaited':
      return waiting({ path: event.data.path, kind: 'event', for: event.data.name });
    case 'runtime.loop.child-requested':
      return waiting({ path: event.data.path, kind: 'child', for: event.data.childRunId });
    case 'runtime.loop.timer-fired':
    case 'runtime.loop.event-taken':
    case 'runtime.loop.child-ended':
      return settled(event.data.path);
    case 'runtime.loop.program-suspended':
      return isPaused ? {} : { state: 'waiting', waitingFor: program.waits[0] === undefined ? null : said(program.waits[0]) };
    case 'runtime.loop.program-paused':
      return { state: 'paused', waitingFor: null };
    case 'runtime.loop.program-resumed':
      return { state: 'running' };
    case 'runtime.loop.program-continued': {
      const { epoch, generation, steps } = event.data;
      return now({ epoch, generation, steps, waits: [] });
    }
    case 'runtime.loop.program-diverged':
      return now({ divergence: event.data });
    case 'runtime.loop.program-ended': {
      const { outcome, code } = event.data;
      return { ...now({ waits: [] }), state: outcome === 'done' ? 'done' : 'failed', outcome: outcome === 'failed' && CODE.test(code) ? code : outcome, waitingFor: null };
    }
    case 'runtime.loop.step-claimed':
    case 'runtime.loop.event-received':
    case 'runtime.loop.cancel-requested':
      return {};
  }
}

function said(wait: Wait): string {
  return `${wait.kind} ${wait.for}`;
}
