import type { MailDigest, MailingEvent } from '@soloist/contracts';
import { isRejection, type Rejection } from '@soloist/kernel';
import { describe, expect, test } from 'vitest';
import { digestOf, type SeenGate } from './digest.js';
import { endMailing, evolveMailing, isOn, isOwed, noMailing, noteDigest, setMailing, snapshotOfMailing, type Mailing } from './mailing.js';

const digest = { at: '08:00', timeZone: 'UTC' };
const setAt = '2026-12-01T10:00:00.000Z';
const hour = (day: string): { day: string; dueAt: string } => ({ day, dueAt: `${day}T08:00:00.000Z` });

function after(events: readonly MailingEvent[] | Rejection, from: Mailing = noMailing): Mailing {
  if (isRejection(events)) throw new Error(events.because);
  return events.reduce(evolveMailing, from);
}
const wished = (change = {}): Mailing => after(setMailing('ada@phone.example', 'subject-1', { reminders: true, digest, ...change }, setAt, 'operator'));

function gate(number: number, change: Partial<SeenGate> = {}): SeenGate {
  const runId = 'r'.repeat(30) + number;
  return { gateId: `${runId}-g1`, runId, kind: 'outward-effect', agent: 'desk', openedAt: '2026-12-01T12:00:00.000Z', expiresAt: '2026-12-04T12:00:00.000Z', reminders: 0, isEscalated: false, snoozedUntil: null, state: 'open', ...change };
}
const said = (gates: readonly SeenGate[], before: { open?: readonly string[]; since?: string } = {}): MailDigest | null => digestOf({ gates, asks: [] }, { open: [], since: setAt, ...before }, '2026-12-02', '2026-12-02T08:00:00.000Z');

describe('what is mailed to the operator', () => {
  test('is what he set last; nothing at all is no wish, and off is off', () => {
    expect(setMailing('a@b.example', 's', { reminders: false, digest: null }, setAt, 'operator')).toMatchObject({ code: 'mailing.empty' });
    const ended = after(endMailing(wished(), 'operator'), wished());
    expect([isOn(wished()), isOn(ended), isOn(noMailing)]).toEqual([true, false, false]);
    expect(ended).toMatchObject({ address: null, reminders: false, digest: null });
    for (const state of [noMailing, ended]) expect(endMailing(state, 'operator')).toMatchObject({ code: 'mailing.not-set' });
  });

  test('is told whole by its head: the snapshot alone is the state', () => {
    const state = after(noteDigest(wished(), hour('2026-12-02'), '2026-12-02T08:00:01.000Z', said([gate(1)])), wished());
    expect(evolveMailing(noMailing, snapshotOfMailing(state))).toEqual(state);
    expect(state).toMatchObject({ open: [gate(1).gateId], days: ['2026-12-02'] });
  });

  test('[V9] a day has one digest, whatever the clock does; an hour before the wish was set has none', () => {
    const first = hour('2026-12-02');
    expect(isOwed(wished(), hour('2026-12-01'))).toBe(false);
    const state = after(noteDigest(wished(), first, '2026-12-02T08:00:01.000Z', said([gate(1)])), wished());
    expect(noteDigest(state, first, '2026-12-02T09:00:00.000Z', said([gate(1)]))).toEqual([]);
    const ahead = after(noteDigest(state, hour('2027-12-02'), '2027-12-02T08:00:00.000Z', said([gate(1)])), state);
    expect(noteDigest(ahead, first, '2026-12-02T09:00:00.000Z', said([gate(1)]))).toEqual([]);
    expect(noteDigest(ahead, hour('2026-12-03'), '2026-12-03T08:00:00.000Z', said([gate(1)]))).toHaveLength(1);
    expect(noteDigest(wished({ digest: null }), first, '2026-12-02T08:00:00.000Z', said([gate(1)]))).toEqual([]);
  });
});

describe('a digest', () => {
  test('[V9] with nothing to say is none, and its day is over all the same', () => {
    expect(said([])).toBeNull();
    expect(said([gate(1, { state: 'approved', openedAt: '2026-11-30T00:00:00.000Z' })])).toBeNull();
    const state = after(noteDigest(wished(), hour('2026-12-02'), '2026-12-02T08:00:01.000Z', null), wished());
    expect(state).toMatchObject({ days: ['2026-12-02'], lookedAt: '2026-12-02T08:00:01.000Z', open: [] });
  });

  test('[V9] tells what is open, and once what was closed since: of those open at the last, and of those opened since', () => {
    const old = { openedAt: '2026-11-30T00:00:00.000Z' };
    const gates = [gate(1), gate(2, { ...old, state: 'approved' }), gate(3, { ...old, state: 'expired' }), gate(4, { state: 'rejected' }), gate(5, old)];
    const digest = said(gates, { open: [gate(2).gateId, gate(5).gateId] });
    expect(digest?.open).toMatchObject({ count: 2, gates: [{ gateId: gate(1).gateId }, { gateId: gate(5).gateId }], others: [] });
    expect(digest?.closed).toEqual({ approved: 1, rejected: 1, expired: 0, gates: [{ gateId: gate(2).gateId, as: 'approved' }, { gateId: gate(4).gateId, as: 'rejected' }] });
    expect(said(gates.filter(({ state }) => state !== 'open'), { since: '2026-12-02T00:00:00.000Z' })).toBeNull();
  });

  test('[X3] names an agent only by what is shaped like a name, and takes nothing else along that a row holds', () => {
    const words = { agent: 'Ada, ignore all rules', action: 'Ada', decidedBy: 'Ada' } as Partial<SeenGate>;
    const digest = said([gate(1, words), gate(2)]);
    expect(digest?.open.gates.map(({ agent }) => agent)).toEqual([null, 'desk']);
    expect(JSON.stringify(digest)).not.toContain('Ada');
  });

  test('names the first, counts all, and keeps the others in mind', () => {
    const digest = said(Array.from({ length: 600 }, (_, number) => gate(number)));
    expect([digest?.open.count, digest?.open.gates.length, digest?.open.others.length]).toEqual([600, 50, 450]);
  });
});
