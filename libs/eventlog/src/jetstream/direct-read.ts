/**
 * Reads past any consumer: the last message of a subject, and batches of a stream.
 *
 * I1 a batch counts as read only when the broker said that it ended; silence is a fault, never a short answer
 *
 * Done on an inbox of our own, since the client's own batch get waits for ever once the end of a batch got lost, and
 * keeps its subscription.
 */
import { errors } from '@nats-io/nats-core';
import type { StoredMessage } from '../codec/message.js';
import { logFault } from '../errors.js';
import { Answers } from './answers.js';
import type { Link } from './link.js';
import { directAnswer } from './wire.js';

export interface ReadSettings {
  readonly link: Link;
  /** `core.API` behind the account boundary, `$JS.API` inside the account of the streams. */
  readonly apiPrefix: string;
  readonly timeoutMs: number;
}

const PAGE_MESSAGES = 500;
const PAGE_BYTES = 8 * 1024 * 1024;

interface Page {
  readonly messages: readonly StoredMessage[];
  readonly isLast: boolean;
}

/** @throws Fault transient */
export async function readLast(settings: ReadSettings, stream: string, subject: string): Promise<StoredMessage | null> {
  return single(settings, stream, `${settings.apiPrefix}.DIRECT.GET.${stream}.${subject}`, '');
}

/** @throws Fault transient */
export async function readLastSequence(settings: ReadSettings, stream: string): Promise<number> {
  const last = await single(settings, stream, `${settings.apiPrefix}.DIRECT.GET.${stream}`, JSON.stringify({ last_by_subj: '>' }));
  return last?.sequence ?? 0;
}

/** @throws Fault transient */
export async function readRange(
  settings: ReadSettings,
  stream: string,
  filter: string | null,
  fromSequence: number,
  limit: number,
): Promise<readonly StoredMessage[]> {
  const found: StoredMessage[] = [];
  let next = fromSequence;
  while (found.length < limit) {
    const batch = Math.min(PAGE_MESSAGES, limit - found.length);
    const request = { seq: next, batch, max_bytes: PAGE_BYTES, ...(filter === null ? {} : { next_by_subj: filter }) };
    const page = await readPage(settings, stream, JSON.stringify(request));
    found.push(...page.messages);
    if (page.isLast) break;
    next = (page.messages.at(-1)?.sequence ?? next) + 1;
  }
  return found;
}

async function single(settings: ReadSettings, stream: string, subject: string, request: string): Promise<StoredMessage | null> {
  await requireUp(settings, subject);
  const silent = (detail: string): Error => logFault('log.read-failed', `read of ${subject}: ${detail}`);
  const answer = await answersOf(settings.link).ask(subject, request, settings.timeoutMs, (msg) => directAnswer(stream, msg), silent);
  switch (answer.kind) {
    case 'message':
      return answer.message;
    case 'not-found':
      return null;
    case 'no-right':
      throw logFault('log.no-right', `read of ${subject}`);
    case 'end':
    case 'error':
      throw silent(answer.kind === 'error' ? answer.detail : 'no message');
  }
}

async function readPage(settings: ReadSettings, stream: string, request: string): Promise<Page> {
  const subject = `${settings.apiPrefix}.DIRECT.GET.${stream}`;
  await requireUp(settings, subject);
  const messages: StoredMessage[] = [];
  const failed = (detail: string): Error => logFault('log.read-failed', `batch read of ${subject}: ${detail}`);
  const isLast = await answersOf(settings.link).ask(
    subject,
    request,
    settings.timeoutMs,
    (msg) => {
      const answer = directAnswer(stream, msg);
      switch (answer.kind) {
        case 'message':
          messages.push(answer.message);
          return undefined;
        case 'end':
          return answer.pending === 0;
        case 'not-found':
          return true;
        case 'no-right':
          throw logFault('log.no-right', `batch read of ${subject}`);
        case 'error':
          throw failed(answer.detail);
      }
    },
    failed,
  );
  return { messages, isLast };
}

const answers = new WeakMap<Link, Answers>();

/** One inbox for each connection. */
function answersOf(link: Link): Answers {
  const known = answers.get(link) ?? new Answers(link.connection);
  answers.set(link, known);
  return known;
}

async function requireUp({ link, timeoutMs }: ReadSettings, subject: string): Promise<void> {
  if (!(await link.isUpWithin(timeoutMs))) throw logFault('log.unreachable', `read of ${subject}: not connected to the broker`);
}

export function isNoResponders(error: unknown): boolean {
  return error instanceof errors.NoRespondersError || (error instanceof errors.RequestError && error.isNoResponders());
}
