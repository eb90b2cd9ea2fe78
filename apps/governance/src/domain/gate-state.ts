/**
 * What has been judged, asked, decided and authorized about a run's effects.
 *
 * I1 a gate is open until one decision closes it, or it expires; a closed gate never changes again
 * I2 a refused decision closes nothing
 */
import type { Authorization, GateEvent } from '@soloist/contracts';
import type { Trust } from '@soloist/kernel';

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
  /** What the operator made of the action before he approved it; null when it went as it was asked for. */
  readonly edit: { readonly args: Card['args']; readonly digest: string } | null;
  readonly reminders: number;
  readonly isEscalated: boolean;
  /** RFC 3339, UTC; not reminded of before. */
  readonly snoozedUntil: string | null;
  readonly snoozedBy: string | null;
}

/** What a judgement was made on, as far as a later one of the same effect needs it. */
export interface Judged {
  readonly trust: Trust;
  readonly approvals: number | null;
}

export interface GateState {
  /** Effects already judged, by effect id, the first first. */
  readonly judged: ReadonlyMap<string, Judged>;
  readonly gates: ReadonlyMap<string, GateRecord>;
  /** The latest authorization of each effect. */
  readonly authorizations: ReadonlyMap<string, Authorization>;
  /** Decisions that were not taken, by command. */
  readonly refusedCommands: ReadonlyMap<string, { readonly code: string; readonly because: string }>;
  /** Effects put up for a look afterwards; null while nobody has looked. */
  readonly reviews: ReadonlyMap<string, { readonly commandId: string; readonly verdict: 'right' | 'wrong' } | null>;
}

/** No rung of the ladder climbed yet. */
const ON_THE_GROUND = { reminders: 0, isEscalated: false, snoozedUntil: null, snoozedBy: null } as const;

export const GATE_EXPIRED = 'gate.expired';

export const noGates: GateState = { judged: new Map(), gates: new Map(), authorizations: new Map(), refusedCommands: new Map(), reviews: new Map() };

export function evolveGates(state: GateState, event: GateEvent): GateState {
  switch (event.type) {
    case 'governance.gate.judged':
      return { ...state, judged: new Map(state.judged).set(event.data.effectId, { trust: event.data.trust, approvals: event.data.approvals ?? null }) };
    case 'governance.gate.opened':
      return withGate(state, { card: event.data, standing: 'open', decidedBy: null, isAuthorized: false, edit: null, ...ON_THE_GROUND });
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
    case 'governance.gate.edited':
      return changed(state, event.data.gateId, { edit: { args: event.data.args, digest: event.data.digestAfter } });
    case 'governance.gate.reminded':
      return changed(state, event.data.gateId, { reminders: event.data.number });
    case 'governance.gate.escalated':
      return changed(state, event.data.gateId, { isEscalated: true });
    case 'governance.gate.snoozed':
      return changed(state, event.data.gateId, { snoozedUntil: event.data.until, snoozedBy: event.data.commandId });
    case 'governance.gate.review-asked':
      return { ...state, reviews: new Map(state.reviews).set(event.data.effectId, null) };
    case 'governance.gate.reviewed': {
      const { effectId, commandId, verdict } = event.data;
      return { ...state, reviews: new Map(state.reviews).set(effectId, { commandId, verdict }) };
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
