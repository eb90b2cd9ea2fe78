/**
 * What the operator wants mailed to himself, and which days have had their digest.
 *
 * I1 a day has at most one digest, whatever clocks do and however many processes look
 * I2 an hour before the wishes were set is nobody's hour: a change makes no digest of its own
 * I3 nothing to say is on record as such, and nothing is mailed of it
 */
import { MOST_DAYS_KNOWN, type DigestTime, type MailDigest, type MailingEvent } from '@soloist/contracts';
import { reject, type Rejection } from '@soloist/kernel';
import type { DigestHour } from './digest-hours.js';

type Snapshot = Extract<MailingEvent, { type: 'governance.mailing.snapshotted' }>['data'];

/** What the operator wishes for. */
export interface Wishes {
  readonly reminders: boolean;
  readonly digest: DigestTime | null;
}

/** Null until the operator has set something for the first time. */
export type Mailing = { readonly [Field in keyof Snapshot]: Readonly<Snapshot[Field]> } | null;

export const noMailing: Mailing = null;

export function evolveMailing(state: Mailing, event: MailingEvent): Mailing {
  switch (event.type) {
    case 'governance.mailing.wished': {
      const { address, dataSubject, reminders, digest, at } = event.data;
      return { address, dataSubject, reminders, digest, setAt: at, lookedAt: state?.lookedAt ?? at, open: state?.open ?? [], days: state?.days ?? [] };
    }
    case 'governance.mailing.snapshotted':
      return event.data;
    case 'governance.mailing.ended':
      return state === null ? null : { ...state, address: null, reminders: false, digest: null };
    case 'governance.mailing.digested': {
      const { day, at, open } = event.data;
      return state === null ? null : looked(state, day, at, [...open.gates.map(({ gateId }) => gateId), ...open.others]);
    }
    case 'governance.mailing.passed':
      return state === null ? null : looked(state, event.data.day, event.data.at, []);
  }
}

/** Only of a state that something was set in; the committer asks for it behind an event. */
export function snapshotOfMailing(state: Mailing): MailingEvent {
  if (state === null) throw new RangeError('nothing was ever set');
  const { address, dataSubject, reminders, digest, setAt, lookedAt, open, days } = state;
  return { type: 'governance.mailing.snapshotted', data: { address, dataSubject, reminders, digest, setAt, lookedAt, open: [...open], days: [...days] } };
}

export function setMailing(address: string, dataSubject: string, { reminders, digest }: Wishes, at: string, by: string): readonly MailingEvent[] | Rejection {
  if (!reminders && digest === null) return reject('mailing.empty', 'Neither reminders nor a digest are wanted, so there is nothing to mail.');
  return [{ type: 'governance.mailing.wished', data: { address, dataSubject, reminders, digest, at, by } }];
}

export function endMailing(state: Mailing, by: string): readonly MailingEvent[] | Rejection {
  if (!isOn(state)) return reject('mailing.not-set', 'Nothing is mailed as it is.');
  return [{ type: 'governance.mailing.ended', data: { by } }];
}

export function isOn(state: Mailing): boolean {
  return state !== null && state.address !== null;
}

/** I1, I2 */
export function isOwed(state: Mailing, { day, dueAt }: DigestHour): boolean {
  return state !== null && state.digest !== null && dueAt > state.setAt && !state.days.includes(day);
}

/** @param said what there is to say; null: nothing */
export function noteDigest(state: Mailing, hour: DigestHour, at: string, said: MailDigest | null): readonly MailingEvent[] {
  if (!isOwed(state, hour)) return [];
  return [said === null ? { type: 'governance.mailing.passed', data: { day: hour.day, at } } : { type: 'governance.mailing.digested', data: said }];
}

function looked(state: NonNullable<Mailing>, day: string, lookedAt: string, open: readonly string[]): Mailing {
  return { ...state, lookedAt, open, days: [...state.days, day].slice(-MOST_DAYS_KNOWN) };
}
