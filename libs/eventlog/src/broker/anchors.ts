/**
 * Anchors: the last message of each stream that must not lose anything, by sequence and digest. The broker drops the
 * tail of a damaged store without a word and uses the sequences again (measured), so a number alone is not enough.
 */
import { createHash } from 'node:crypto';
import { JetStreamApiCodes, JetStreamApiError, type JetStreamManager, type StreamInfo } from '@nats-io/jetstream';
import type { StreamSettings } from '@soloist/contracts';
import { Fault } from '@soloist/kernel';
import type { Anchor } from './keep-manifest.js';

export async function anchorsOf(jsm: JetStreamManager, streams: readonly StreamSettings[]): Promise<Record<string, Anchor>> {
  const anchored = streams.filter((stream) => stream.isAnchored);
  const entries = await Promise.all(anchored.map(async ({ name }) => [name, await anchorOf(jsm, name)] as const));
  return Object.fromEntries(entries);
}

async function anchorOf(jsm: JetStreamManager, stream: string): Promise<Anchor> {
  const { state } = await jsm.streams.info(stream);
  // An empty stream that had messages (purged) keeps its sequence; there is no message to take a digest of.
  const digest = state.messages === 0 ? null : await digestAt(jsm, stream, state.last_seq);
  return { lastSequence: state.last_seq, digest };
}

/** @throws Fault invalid when the stream has less than the anchor, or another message in its place */
export async function checkAnchor(jsm: JetStreamManager, info: StreamInfo, anchor: Anchor): Promise<void> {
  const name = info.config.name;
  if (info.state.last_seq < anchor.lastSequence) {
    throw new Fault(
      'invalid',
      'stream-truncated',
      `Stream ${name} ends at ${info.state.last_seq}, but ${anchor.lastSequence} was recorded in the keep: acknowledged commits are lost. ` +
        'Nothing was changed. Stop, keep a copy of the store folder, and restore the broker from its latest backup.',
    );
  }
  if (anchor.digest === null || (await digestAt(jsm, name, anchor.lastSequence)) === anchor.digest) return;
  throw new Fault(
    'invalid',
    'stream-altered',
    `Stream ${name} holds another message at ${anchor.lastSequence} than the keep recorded: it was truncated and written on, or replaced. ` +
      'Nothing was changed. Stop, keep a copy of the store folder, and restore the broker from its latest backup.',
  );
}

async function digestAt(jsm: JetStreamManager, stream: string, sequence: number): Promise<string | null> {
  const message = await jsm.streams.getMessage(stream, { seq: sequence }).catch((error: unknown) => {
    if (error instanceof JetStreamApiError && error.code === JetStreamApiCodes.NoMessageFound) return null;
    throw error;
  });
  if (message === null) return null;
  const hash = createHash('sha256').update(message.subject).update('\0');
  for (const key of [...message.header.keys()].sort()) hash.update(key).update('\0').update(message.header.values(key).join('\0')).update('\0');
  return hash.update('\0').update(message.data).digest('hex');
}
