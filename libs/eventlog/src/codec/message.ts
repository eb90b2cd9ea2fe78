/**
 * The form in which a commit lies in the broker. Nothing here knows NATS; both brokers carry these messages.
 */
export type HeaderPair = readonly [name: string, value: string];

export interface OutgoingMessage {
  readonly subject: string;
  readonly headers: readonly HeaderPair[];
  readonly body: Uint8Array;
}

export interface StoredMessage extends OutgoingMessage {
  /** The broker's name of the stream. */
  readonly stream: string;
  readonly sequence: number;
}

export const HEADER = {
  commit: 'Soloist-Commit',
  types: 'Soloist-Types',
  cause: 'Soloist-Cause',
  actor: 'Soloist-Actor',
  policy: 'Soloist-Policy',
  prev: 'Soloist-Prev',
  /** Where a cold read starts; absent when it starts at this very commit. The one header the hash leaves out. */
  from: 'Soloist-From',
  at: 'Soloist-At',
  /** The filter of an expectation other than on the exact subject; see chain.ts. */
  fence: 'Soloist-Fence',
  /**
   * Who put it there: one process of one life. A delivery may be counted twice after a crash of the broker, so that two
   * workers derive one commit id and one body; only this tells whose of them is stored.
   */
  writer: 'Soloist-Writer',
  traceparent: 'traceparent',
} as const;

export const EXPECTED_SEQUENCE = 'Nats-Expected-Last-Subject-Sequence';
export const EXPECTED_SUBJECT = 'Nats-Expected-Last-Subject-Sequence-Subject';

/** A schedule and the subject its message is published to when it is due; same stream only. */
export const SCHEDULE = 'Nats-Schedule';
export const SCHEDULE_TARGET = 'Nats-Schedule-Target';

export function headerOf(headers: readonly HeaderPair[], name: string): string | null {
  return headers.find(([key]) => key === name)?.[1] ?? null;
}
