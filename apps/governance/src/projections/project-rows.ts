/**
 * Commits become rows. Pure: ids, moments and positions come from the commits, so that rows made again are equal.
 *
 * I1 a row changes by commits of one key only, and those have one order
 * I2 an event about a run that was never requested makes no row
 * I3 no personal data: no words, addresses or arguments
 */
import type { DefinitionEvent, GateEvent, HoldEvent, LoopEvent, RequestEvent, RunEvent } from '@soloist/contracts';
import type { Commit } from '@soloist/eventlog';
import type { RunRow } from '../ports/governance-view.port.js';
import { changeRun } from './change-run.js';
import { projectCosts } from './project-costs.js';
import { projectAgent } from './project-agents.js';
import { projectGate } from './project-gates.js';
import { projectProgram } from './project-programs.js';
import type { RowSet } from './row-set.js';

type ProjectedEvent = RunEvent | LoopEvent | HoldEvent | GateEvent | DefinitionEvent | RequestEvent;

export function projectCommits(rows: RowSet, commits: readonly Commit[]): void {
  for (const commit of commits) {
    for (const event of commit.events as readonly ProjectedEvent[]) projectEvent(rows, event, commit);
  }
}

function projectEvent(rows: RowSet, event: ProjectedEvent, commit: Commit): void {
  projectCosts(rows, event as HoldEvent | LoopEvent, commit);
  const change = (next: Partial<RunRow>): void => changeRun(rows, commit, next);
  switch (event.type) {
    case 'orchestrator.run.requested':
      return startRun(rows, event.data, commit);
    case 'orchestrator.run.admitted':
      return change({ state: 'admitted' });
    case 'orchestrator.run.deferred':
      return change({ state: 'refused', outcome: event.data.code, waitingFor: null });
    case 'orchestrator.run.closed':
      return closeRun(rows, event.data.outcome, commit);
    case 'governance.hold.granted': {
      const { definitionVersion, policyVersion, envelopeMicros, currency } = event.data;
      return change({ definitionVersion, policyVersion, envelopeMicros, currency });
    }
    case 'governance.definition.published':
    case 'governance.definition.pinned':
    case 'governance.definition.unpinned':
      return projectAgent(rows, event, commit);
    case 'orchestrator.request.routed':
      return routeRequest(rows, event.data, commit);
    default:
      return event.type.startsWith('governance.gate.') ? projectGate(rows, event as GateEvent, commit) : projectLoop(rows, event as LoopEvent, change, commit);
  }
}

function startRun(rows: RowSet, { runId, inputId, agent }: Extract<RunEvent, { type: 'orchestrator.run.requested' }>['data'], commit: Commit): void {
  if (rows.runs.get(runId) !== null) return;
  const { stream, sequence } = commit.position;
  rows.runs.put(runId, {
    runId,
    inputId,
    agent,
    program: null,
    state: 'requested',
    waitingFor: null,
    openGates: [],
    spentMicros: 0,
    envelopeMicros: null,
    currency: null,
    definitionVersion: null,
    policyVersion: null,
    outcome: null,
    startedStream: stream,
    startedSequence: sequence,
    startedAt: commit.at,
    updatedSequence: sequence,
    updatedAt: commit.at,
  });
}

/** The loop says more about an end than the closing does, so what it said stays, except that somebody wanted it. */
function closeRun(rows: RowSet, outcome: 'done' | 'refused' | 'failed' | 'cancelled', commit: Commit): void {
  const before = rows.runs.get(commit.address.key);
  const state = outcome === 'cancelled' ? 'failed' : outcome;
  changeRun(rows, commit, { state, outcome: outcome === 'cancelled' ? outcome : (before?.outcome ?? outcome), waitingFor: null });
}

function projectLoop(rows: RowSet, event: LoopEvent, change: (next: Partial<RunRow>) => void, commit: Commit): void {
  switch (event.type) {
    case 'runtime.loop.claimed':
    case 'runtime.loop.model-asked':
    case 'runtime.loop.effect-observed':
    case 'runtime.loop.resumed':
      return resume(rows, change, commit);
    case 'runtime.loop.model-answered': {
      const spent = rows.runs.get(commit.address.key)?.spentMicros ?? 0;
      return change({ spentMicros: spent + event.data.costMicros });
    }
    case 'runtime.loop.paused':
    case 'runtime.loop.held-back':
      return change({ state: 'paused', waitingFor: null });
    case 'runtime.loop.suspended':
      // Whether an effect waits for the operator is the gate's to say.
      return event.data.waitingFor === 'recall' ? change({ state: 'waiting for memory', waitingFor: event.data.id }) : change({ waitingFor: event.data.id });
    case 'runtime.loop.finished':
      return change({ state: event.data.outcome, outcome: event.data.outcome, spentMicros: event.data.spentMicros, waitingFor: null });
    default:
      return projectProgram(rows, event, commit);
  }
}

/** Goes on, unless a gate of an earlier request still waits. */
function resume(rows: RowSet, change: (next: Partial<RunRow>) => void, commit: Commit): void {
  const waits = rows.runs.get(commit.address.key)?.openGates[0];
  change(waits === undefined ? { state: 'running', waitingFor: null } : { state: 'waiting for gate', waitingFor: waits });
}

function routeRequest(rows: RowSet, { inputId, route, rule, reasons }: Extract<RequestEvent, { type: 'orchestrator.request.routed' }>['data'], commit: Commit): void {
  if (route.kind === 'inbox') rows.inbox.put(inputId, { inputId, rule, reasons, routedAt: commit.at });
}
