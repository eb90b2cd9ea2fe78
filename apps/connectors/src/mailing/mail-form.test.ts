import type { MailDigest } from '@soloist/contracts';
import { describe, expect, test } from 'vitest';
import { digestMail } from './digest-mail.js';
import { ageOf } from './mail-form.js';
import { isEcho, ownMailKey } from './own-mail.js';
import { reminderMail, seedOfRung, type RungEvent } from './reminder-mail.js';

const runId = 'a'.repeat(32);
const gateId = `${runId}-g1`;
const digest: MailDigest = {
  day: '2026-12-02',
  at: '2026-12-02T08:00:00.000Z',
  since: '2026-12-01T08:00:00.000Z',
  open: {
    count: 3,
    gates: [
      { gateId, runId, kind: 'outward-effect', agent: 'desk', openedAt: '2026-12-02T03:00:00.000Z', expiresAt: '2026-12-05T03:00:00.000Z', reminders: 2, isEscalated: true, snoozedUntil: '2026-12-02T12:00:00.000Z' },
      { gateId: `${runId}-g2`, runId, kind: 'unknown-outcome', agent: null, openedAt: '2026-11-29T08:00:00.000Z', expiresAt: '2026-12-05T03:00:00.000Z', reminders: 0, isEscalated: false, snoozedUntil: '2026-12-01T12:00:00.000Z' },
    ],
    others: [`${runId}-g3`],
  },
  asks: { count: 1, runs: [{ runId, agent: 'desk', currency: 'USD', lines: [{ line: 'company/day/money', limit: 1_000_000, committed: 900_000, needed: 200_000 }, { line: 'agent/desk/day/calls', limit: 10, committed: 10, needed: 4 }] }] },
  closed: { approved: 1, rejected: 0, expired: 2, gates: [{ gateId: `${runId}-g4`, as: 'approved' }] },
};

describe('the mail of a digest', () => {
  test('[V9] says in a fixed form what is open, asked and closed, with ages, ends and amounts', () => {
    expect(digestMail(digest)).toEqual({
      subject: 'Soloist: 3 gates open, 1 budget ask, 3 closed (2026-12-02)',
      text: [
        'Digest of 2026-12-02',
        '',
        'Open: 3 gates',
        `  ${gateId}  outward-effect  desk  open for 5 h  ends 2026-12-05 03:00 UTC  2 reminders  escalated  snoozed until 2026-12-02 12:00 UTC`,
        `  ${runId}-g2  unknown-outcome  -  open for 3 d  ends 2026-12-05 03:00 UTC`,
        '  and 1 more',
        '  ./soloist gate list',
        '',
        'Asked: 1 run needs more than a budget line has',
        `  ${runId}  desk  company/day/money: 0.20 USD with 0.90 USD of 1.00 USD gone  agent/desk/day/calls: 4 calls with 10 calls of 10 calls gone`,
        '  ./soloist budget asks',
        '',
        'Closed since 2026-12-01 08:00 UTC: 1 approved, 0 rejected, 2 expired',
        `  ${runId}-g4  approved`,
        '  and 2 more',
        '  ./soloist gate list --state all',
        '',
        'A mail decides nothing, and answers to this one are not read.',
        '',
      ].join('\n'),
    });
  });

  test('leaves out what there is nothing of', () => {
    const { text, subject } = digestMail({ ...digest, open: { count: 0, gates: [], others: [] }, asks: { count: 0, runs: [] } });
    expect(subject).toBe('Soloist: 0 gates open, 0 budget asks, 3 closed (2026-12-02)');
    expect(text).not.toMatch(/Open:|Asked:/);
  });
});

describe('the mail of a reminder', () => {
  const at = '2026-12-02T08:00:00.000Z';
  const reminded = { type: 'governance.gate.reminded', data: { gateId, number: 2, dueAt: at } } as const satisfies RungEvent;
  const escalated = { type: 'governance.gate.escalated', data: { gateId, dueAt: at } } as const satisfies RungEvent;

  test('[V8] names gate, run and rung, and how to look at it', () => {
    const { subject, text } = reminderMail(reminded, runId);
    expect(subject).toBe(`Soloist: reminder 2, gate ${gateId}`);
    for (const part of [`gate  ${gateId}`, `run   ${runId}`, 'reminder 2, due 2026-12-02 08:00 UTC', `./soloist gate show ${gateId}`, `/v1/gates/${gateId}`]) expect(text).toContain(part);
    expect(reminderMail(escalated, runId).subject).toBe(`Soloist: escalation, gate ${gateId}`);
  });

  test('is another for each rung, and the same for the same', () => {
    const seeds = [reminded, { ...reminded, data: { ...reminded.data, number: 3 } }, escalated].map((event) => seedOfRung(event));
    expect(new Set(seeds).size).toBe(3);
    expect(seedOfRung({ ...reminded, data: { ...reminded.data, dueAt: '2027-01-01T00:00:00.000Z' } })).toBe(seeds[0]);
  });

  test('[V6] holds nothing that decides: no link with a code, no address at all', () => {
    for (const { text } of [reminderMail(reminded, runId), reminderMail(escalated, runId), digestMail(digest)]) expect(text).not.toMatch(/https?:|\/approve\/|decision\b.*=/i);
  });
});

test('an age is rounded down and never below nought', () => {
  const from = '2026-12-01T00:00:00.000Z';
  const after = (minutes: number): string => new Date(Date.parse(from) + minutes * 60_000).toISOString();
  expect([-5, 0, 59, 60, 2_879, 2_880].map((minutes) => ageOf(from, after(minutes)))).toEqual(['0 min', '0 min', '59 min', '1 h', '47 h', '2 d']);
});

test('an echo is known by the id it names, in its headers or in what it quotes', () => {
  const id = `<${ownMailKey(`msg_${'0a'.repeat(16)}`)}@soloist.local>`;
  const echo = (text: string): boolean => isEcho(Buffer.from(text));
  expect([`Message-ID: ${id}`, `In-Reply-To: ${id}`, `Subject: Undelivered\r\n\r\nYour mail:\r\nMessage-Id: ${id.toUpperCase()}`].map(echo)).toEqual([true, true, true]);
  expect(['Message-ID: <run-e1-g1@soloist.local>', 'Message-ID: <notice-1@soloist.local>', `Message-ID: ${id.replace('soloist.local', 'soloistxlocal')}`, 'Subject: notice'].map(echo)).toEqual([false, false, false, false]);
});
