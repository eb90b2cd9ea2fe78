/**
 * A stored commit as text, for a service that may not read the log where it lies. Who carries it could have made it up:
 * the one who opens it must hold it against a head of its own reading.
 */
import { eventStreamName, parseSubject } from '@soloist/contracts';
import { z } from 'zod';
import type { StoredMessage } from '../codec/message.js';
import { logFault } from '../errors.js';
import type { CarriedCommit, Commit, Position } from '../event-log.port.js';
import * as reading from './reading.js';

export const CarriedCommitShape = z.strictObject({
  stream: z.int().nonnegative(),
  sequence: z.int().positive(),
  subject: z.string(),
  headers: z.array(z.tuple([z.string(), z.string()])),
  body: z.string(),
});

/** Null when nothing lies there. Needs the cold-read right. @throws Fault transient */
export async function storedAt({ broker }: Pick<reading.ReadContext, 'broker'>, { stream, sequence }: Position): Promise<StoredMessage | null> {
  const [found] = await broker.range(eventStreamName(stream), null, sequence, 1);
  return found?.sequence === sequence ? found : null;
}

export function carried(position: Position, { subject, headers, body }: StoredMessage): CarriedCommit {
  return { ...position, subject, headers: headers.map(([name, value]): [string, string] => [name, value]), body: Buffer.from(body).toString('utf8') };
}

/**
 * The commit again, once the log was asked: its entity must have a head that is this commit or stands behind it.
 * @throws Fault invalid log.not-carried · as the codec does
 */
export async function openCarried(context: reading.ReadContext, text: CarriedCommit): Promise<Commit> {
  const { stream, sequence, subject, headers, body } = text;
  const commit = await context.decoding.one({ stream: eventStreamName(stream), sequence, subject, headers, body: Buffer.from(body) });
  const address = parseSubject(subject);
  const head = address === null ? null : await reading.head(context, address);
  const isHead = head?.position.sequence === sequence;
  if (head === null || head.position.sequence < sequence || head.position.stream !== stream || (isHead && head.hash !== commit.hash)) {
    throw logFault('log.not-carried', `subject ${subject}, sequence ${sequence}: the head of this entity says otherwise`);
  }
  return commit;
}
