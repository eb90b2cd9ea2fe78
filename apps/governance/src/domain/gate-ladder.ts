/**
 * What happens to a gate that nobody decides: reminders, one loud call, and in the end a no. Never a yes.
 *
 * I1 each rung is climbed once, in order, however often a timer fires
 * I2 reminders and the call wait until quiet hours and a snooze are over; the end of the gate does not
 * I3 a rung at or after the end of the gate is left out
 * I4 a closed gate has no rung
 */
import type { GateEvent, PolicyDocument, SnoozeGate } from '@soloist/contracts';
import { reject, type Rejection } from '@soloist/kernel';
import { expireGate } from './gate-closing.js';
import type { GateRecord, GateState } from './gate-state.js';
import { quietEnds } from './quiet-hours.js';

export type LadderTerms = Pick<PolicyDocument, 'gateExpiresAfterHours' | 'gateLadder' | 'quietHours'>;

export interface Rung {
  readonly kind: 'remind' | 'escalate' | 'expire';
  /** Tells rungs of one gate apart: `r1`, `r2`, `e`, `x`. */
  readonly name: string;
  /** RFC 3339, UTC. */
  readonly dueAt: string;
}

const DEFAULT_LADDER = { remindAfterMinutes: [240, 1_440], escalateAfterMinutes: 2_880 };
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** The next rung of an open gate; null of a closed one. */
export function nextRung({ card, standing, reminders, isEscalated, snoozedUntil }: GateRecord, terms: LadderTerms): Rung | null {
  if (standing !== 'open') return null;
  const { remindAfterMinutes, escalateAfterMinutes } = terms.gateLadder ?? DEFAULT_LADDER;
  const openedMs = Date.parse(card.expiresAt) - terms.gateExpiresAfterHours * HOUR_MS;
  const rungs: Rung[] = [];
  const add = (kind: 'remind' | 'escalate', name: string, afterMinutes: number): void => {
    const awake = snoozedUntil === null ? openedMs + afterMinutes * MINUTE_MS : Math.max(openedMs + afterMinutes * MINUTE_MS, Date.parse(snoozedUntil));
    const at = new Date(awake).toISOString();
    const dueAt = terms.quietHours === undefined ? at : quietEnds(at, terms.quietHours);
    if (Date.parse(dueAt) < Date.parse(card.expiresAt)) rungs.push({ kind, name, dueAt });
  };
  const minutes = remindAfterMinutes.toSorted((left, right) => left - right)[reminders];
  if (minutes !== undefined) add('remind', `r${reminders + 1}`, minutes);
  if (escalateAfterMinutes !== null && !isEscalated) add('escalate', 'e', escalateAfterMinutes);
  rungs.push({ kind: 'expire', name: 'x', dueAt: card.expiresAt });
  return rungs.reduce((first, one) => (Date.parse(one.dueAt) < Date.parse(first.dueAt) ? one : first));
}

/** Climbs the rung that is due, if one is. @param now not before the moment at which the timer fired */
export function climb(state: GateState, gateId: string, terms: LadderTerms, now: string): readonly GateEvent[] {
  const record = state.gates.get(gateId);
  const rung = record === undefined ? null : nextRung(record, terms);
  if (record === undefined || rung === null || Date.parse(now) < Date.parse(rung.dueAt)) return [];
  const { dueAt } = rung;
  switch (rung.kind) {
    case 'remind':
      return [{ type: 'governance.gate.reminded', data: { gateId, number: remindedBy(record, terms, now), dueAt } }];
    case 'escalate':
      return [{ type: 'governance.gate.escalated', data: { gateId, dueAt } }];
    case 'expire':
      return expireGate(state, gateId, now);
  }
}

/** Reminders that fell together into a quiet night or a snooze are one. */
function remindedBy(record: GateRecord, terms: LadderTerms, now: string): number {
  const openedMs = Date.parse(record.card.expiresAt) - terms.gateExpiresAfterHours * HOUR_MS;
  const passed = (terms.gateLadder ?? DEFAULT_LADDER).remindAfterMinutes.filter((minutes) => openedMs + minutes * MINUTE_MS <= Date.parse(now)).length;
  return Math.max(record.reminders + 1, passed);
}

/** A repeat of the same wish is no event, and neither is one about a gate that never was. */
export function snoozeGate(state: GateState, commandId: string, { gateId, until, by, surface }: SnoozeGate, now: string): readonly GateEvent[] | Rejection {
  const record = state.gates.get(gateId);
  if (record === undefined) return [];
  if (record.standing !== 'open') return reject('gate.closed', `The gate is ${record.standing}; there is nothing to be reminded of.`);
  if (record.snoozedBy === commandId) return [];
  const untilMs = Date.parse(until);
  if (untilMs <= Date.parse(now) || untilMs >= Date.parse(record.card.expiresAt)) return reject('gate.snooze-window', `A gate sleeps until some moment before its end at ${record.card.expiresAt}; ${until} is not one.`);
  return [{ type: 'governance.gate.snoozed', data: { gateId, commandId, until: new Date(untilMs).toISOString(), by, surface } }];
}
