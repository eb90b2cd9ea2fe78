/**
 * What has been judged, asked, decided and authorized about a run's effects.
 *
 * I1 a gate is open until one decision closes it, or it expires; a closed gate never changes again
 * I2 a refused decision closes nothing
 */
import type { Authorization, GateEvent } from '@soloist/contracts';

export type Card = Extract<GateEvent, { type: 'governance.gate.opened' }>['data'];
export type Standing = 'open' | 'approved' | 'rejected' | 'expired';

export interface DecidedBy {
  readonly by: string;
  readonly surface: string;
  readonly commandId: string;
}

export interface GateRecord {
  readonly card: Card;
  readonly standing: Standing;
  readonly decidedBy: DecidedBy | null;
  /** Set when the decision was yes and the authorization was given. */
  readonly isAuthorized: boolean;
}

export interface GateState {
  /** Effects already judged, by effect id. */
  readonly judged: ReadonlySet<string>;
  readonly gates: ReadonlyMap<string, GateRecord>;
  /** The latest authorization of each effect. */
  readonly authorizations: ReadonlyMap<string, Authorization>;
  /** Decisions that were not taken, by command. */
  readonly refusedCommands: ReadonlyMap<string, { readonly code: string; readonly because: string }>;
}

export const GATE_EXPIRED = 'gate.expired';

export const noGates: GateState = { judged: new Set(), gates: new Map(), authorizations: new Map(), refusedCommands: new Map() };

export function evolveGates(state: GateState, event: GateEvent): GateState {
  switch (event.type) {
    case 'governance.gate.judged':
      return { ...state, judged: new Set(state.judged).add(event.data.effectId) };
    case 'governance.gate.opened':
      return withGate(state, { card: event.data, standing: 'open', decidedBy: null, isAuthorized: false });
    case 'governance.gate.decided': {
      const { gateId, decision, by, surface, commandId } = event.data;
      return changed(state, gateId, { standing: decision === 'approve' ? 'approved' : 'rejected', decidedBy: { by, surface, commandId } });
    }
    case 'governance.gate.decision-refused': {
      const { commandId, code, because } = event.data;
      return { ...state, refusedCommands: new Map(state.refusedCommands).set(commandId, { code, because }) };
    }
    case 'governance.gate.expired':
      return changed(state, event.data.gateId, { standing: 'expired' });
    case 'governance.gate.authorized': {
      const { effectId, generation } = event.data;
      const known = { ...state, authorizations: new Map(state.authorizations).set(effectId, event.data) };
      const asked = [...state.gates.values()].find(({ card, standing }) => card.effectId === effectId && standing === 'approved' && grantedGeneration(card) === generation);
      return asked === undefined ? known : changed(known, asked.card.gateId, { isAuthorized: true });
    }
    case 'governance.gate.refused':
      return state;
  }
}

/** An approval of an effect whose outcome is unknown is a deliberate repeat, one generation later. */
export function grantedGeneration(card: Card): number {
  return card.kind === 'unknown-outcome' ? card.generation + 1 : card.generation;
}

export function nextGateId(state: GateState, runId: string): string {
  return `${runId}-g${state.gates.size + 1}`;
}

function changed(state: GateState, gateId: string, change: Partial<GateRecord>): GateState {
  const record = state.gates.get(gateId);
  return record === undefined ? state : withGate(state, { ...record, ...change });
}

function withGate(state: GateState, record: GateRecord): GateState {
  return { ...state, gates: new Map(state.gates).set(record.card.gateId, record) };
}
