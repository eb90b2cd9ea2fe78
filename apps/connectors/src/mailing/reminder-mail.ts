/**
 * The mail about a gate that nobody decides. Pure: the same event is the same mail.
 *
 * I1 ids, a number and a moment; no words of anybody, no arguments, no code, and no link that decides by being opened
 */
import type { GateEvent } from '@soloist/contracts';
import type { NoticeMail } from '../ports/operator-mail.port.js';
import { lines, momentOf, NO_ANSWERS } from './mail-form.js';

const TOLD = ['governance.gate.reminded', 'governance.gate.escalated'] as const;
export type RungEvent = Extract<GateEvent, { type: (typeof TOLD)[number] }>;
export const RUNG_EVENTS: readonly RungEvent['type'][] = TOLD;

/** Names the rung: what there is one mail of. */
export function seedOfRung(event: RungEvent): string {
  const { gateId } = event.data;
  return event.type === 'governance.gate.reminded' ? `${gateId} reminded ${event.data.number}` : `${gateId} escalated`;
}

export function reminderMail(event: RungEvent, runId: string): NoticeMail {
  const { gateId, dueAt } = event.data;
  const rung = event.type === 'governance.gate.reminded' ? `reminder ${event.data.number}` : 'escalation';
  return {
    subject: `Soloist: ${rung}, gate ${gateId}`,
    text: lines(
      'A gate waits for your decision.',
      '',
      `gate  ${gateId}`,
      `run   ${runId}`,
      `this  ${rung}, due ${momentOf(dueAt)}`,
      '',
      `What it is about, and how long it waits: ./soloist gate show ${gateId}`,
      `Over the API: /v1/gates/${gateId}`,
      'Without a decision it ends in a no.',
      '',
      NO_ANSWERS,
    ),
  };
}
