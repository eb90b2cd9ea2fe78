import type { JetStreamManager, StoredMsg, StreamInfo } from '@nats-io/jetstream';
import { headers } from '@nats-io/nats-core';
import { describe, expect, test } from 'vitest';
import { anchorsOf, checkAnchor } from './anchors.js';

const info = { config: { name: 'DEAD' }, state: { last_seq: 3, messages: 3 } } as StreamInfo;
const settings = [{ name: 'DEAD', isAnchored: true }, { name: 'COMMANDS', isAnchored: false }] as never;

/** The broker's answers about one stream. */
function brokerWith(text: string): JetStreamManager {
  const message = { subject: 'dead.hub.00.runtime.loop.x', header: headers(), data: Buffer.from(text) } as unknown as StoredMsg;
  return { streams: { info: () => Promise.resolve(info), getMessage: () => Promise.resolve(message) } } as unknown as JetStreamManager;
}

describe('an anchor [G22]', () => {
  test('is met by the message it was taken of, and by no other at its sequence; not every anchored stream has signed heads', async () => {
    const anchors = await anchorsOf(brokerWith('letter'), settings);
    expect(Object.keys(anchors)).toEqual(['DEAD']);
    const anchor = anchors['DEAD'];
    if (anchor === undefined) throw new Error('DEAD is anchored');
    await expect(checkAnchor(brokerWith('letter'), info, anchor)).resolves.toBeUndefined();
    await expect(checkAnchor(brokerWith('another'), info, anchor)).rejects.toMatchObject({ code: 'stream-altered' });
    await expect(checkAnchor(brokerWith('letter'), info, { ...anchor, lastSequence: 4 })).rejects.toMatchObject({ code: 'stream-truncated' });
  });
});
