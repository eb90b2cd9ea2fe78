/** Gate commits become gate rows, and move the row of their run. */
import type { GateEvent } from '@soloist/contracts';
import type { Commit } from '@soloist/eventlog';
import type { GateRow } from '../ports/governance-view.port.js';
import { changeRun } from './change-run.js';
import type { RowSet } from './row-set.js';

export function projectGate(rows: RowSet, event: GateEvent, commit: Commit): void {
  switch (event.type) {
    case 'governance.gate.opened':
      return openGate(rows, event.data, commit);
    case 'governance.gate.decided': {
      const { gateId, decision, by, surface } = event.data;
      return closeGate(rows, gateId, { state: decision === 'approve' ? 'approved' : 'rejected', decidedBy: by, decidedAt: commit.at, surface }, commit);
    }
    case 'governance.gate.edited':
      return noteOn(rows, event.data.gateId, { isEdited: true });
    case 'governance.gate.reminded':
      return noteOn(rows, event.data.gateId, { reminders: event.data.number });
    case 'governance.gate.escalated':
      return noteOn(rows, event.data.gateId, { isEscalated: true });
    case 'governance.gate.snoozed':
      return noteOn(rows, event.data.gateId, { snoozedUntil: event.data.until });
    case 'governance.gate.expired':
      return closeGate(rows, event.data.gateId, { state: 'expired' }, commit);
    default:
      return;
  }
}

function openGate(rows: RowSet, card: Extract<GateEvent, { type: 'governance.gate.opened' }>['data'], commit: Commit): void {
  const { gateId, kind, digest, effectId, generation, action, effectClass, policyVersion, expiresAt } = card;
  const runId = commit.address.key;
  rows.gates.put(gateId, {
    ...{ gateId, runId, kind, state: 'open', digest, effectId, generation, action, effectClass, policyVersion, expiresAt },
    openedAt: commit.at,
    openedSequence: commit.position.sequence,
    decidedBy: null,
    decidedAt: null,
    surface: null,
    ...{ isEdited: false, reminders: 0, isEscalated: false, snoozedUntil: null },
  });
  const waiting = [...(rows.runs.get(runId)?.openGates ?? []), gateId];
  changeRun(rows, commit, { state: 'waiting for gate', waitingFor: waiting[0] ?? gateId, openGates: waiting });
}

function noteOn(rows: RowSet, gateId: string, note: Partial<GateRow>): void {
  const gate = rows.gates.get(gateId);
  if (gate !== null) rows.gates.put(gateId, { ...gate, ...note });
}

function closeGate(rows: RowSet, gateId: string, change: Partial<GateRow>, commit: Commit): void {
  const gate = rows.gates.get(gateId);
  if (gate?.state !== 'open') return;
  rows.gates.put(gateId, { ...gate, ...change });
  const run = rows.runs.get(gate.runId);
  if (run === null) return;
  const waiting = run.openGates.filter((open) => open !== gateId);
  const next = waiting[0];
  const isOver = run.state !== 'waiting for gate';
  changeRun(rows, commit, { openGates: waiting, ...(isOver ? {} : next === undefined ? { state: 'running', waitingFor: gate.effectId } : { waitingFor: next }) });
}
