/**
 * What is posted of a gate's event, and under which name. Pure: the same event at the same endpoint is the same message.
 *
 * I1 a message holds ids, a kind, a digest and a link: no words of anybody, no arguments, nothing that came in from outside
 */
import type { Address, GateEvent, WebhookType } from '@soloist/contracts';
import { derivedId, type TimerDraft } from '@soloist/eventlog';
import { z } from 'zod';

/** What a timer of a post says: all that the next attempt needs. */
export const Post = z.strictObject({ endpointId: z.string(), messageId: z.string(), attempt: z.int().positive(), payload: z.string() });
export type Post = z.output<typeof Post>;

const OF_EVENT = {
  'governance.gate.opened': 'gate.opened',
  'governance.gate.reminded': 'gate.reminded',
  'governance.gate.escalated': 'gate.escalated',
  'governance.gate.decided': 'gate.decided',
  'governance.gate.expired': 'gate.expired',
} as const satisfies Readonly<Record<string, WebhookType>>;

export type ToldEvent = Extract<GateEvent, { type: keyof typeof OF_EVENT }>;
export const TOLD_EVENTS = Object.keys(OF_EVENT) as readonly ToldEvent['type'][];

export function typeOf(event: ToldEvent): WebhookType {
  return OF_EVENT[event.type];
}

/** @param at when the event was committed, RFC 3339 */
export function payloadOf(event: ToldEvent, runId: string, at: string): string {
  const { gateId } = event.data;
  return JSON.stringify({ type: typeOf(event), timestamp: at, data: { gateId, runId, ...more(event), link: `/v1/gates/${gateId}` } });
}

/** Names a message for ever. `seed` is the event, or what else there is one message of. */
export function messageIdOf(endpointId: string, seed: string): string {
  return `msg_${derivedId('webhook', endpointId, seed)}`;
}

export function addressOf(endpointId: string): Address {
  return { context: 'connectors', entity: 'posting', key: endpointId };
}

export function timerOf(post: Post, dueAt: string): TimerDraft {
  return { timerId: `${post.messageId.replace('msg_', '')}-${post.attempt}`, address: addressOf(post.endpointId), dueAt, body: post };
}

function more(event: ToldEvent): Readonly<Record<string, string | number>> {
  switch (event.type) {
    case 'governance.gate.opened':
      return { kind: event.data.kind, digest: event.data.digest, expiresAt: event.data.expiresAt };
    case 'governance.gate.decided':
      return { decision: event.data.decision, digest: event.data.digest };
    case 'governance.gate.reminded':
      return { number: event.data.number };
    case 'governance.gate.escalated':
    case 'governance.gate.expired':
      return {};
  }
}
