import { randomBytes } from 'node:crypto';
import { BLOB_CHUNK_BYTES, type BlobRef } from '@soloist/contracts';
import { expect } from 'vitest';
import { sha256Hex } from '../commit-id.js';
import { newKey } from './drafts.js';
import type { LogHarness, Suite } from './harness.js';

export const payloads: Suite = {
  'blobs': {
    'keep many chunks, sealed, named by what is stored': async (harness) => {
      const { log } = await harness.connect('runtime');
      const canary = `canary-${newKey()}`;
      const bytes = Buffer.concat([Buffer.from(canary), randomBytes(2 * BLOB_CHUNK_BYTES)]);
      const ref = await log.putBlob('runtime', bytes, newKey());
      expect(ref).toMatchObject({ owner: 'runtime', bytes: bytes.length, chunks: 3 });
      expect(Buffer.from(await log.getBlob(ref)).equals(bytes)).toBe(true);
      const chunks = await chunksOf(harness, ref);
      expect(sha256Hex(Buffer.concat(chunks))).toBe(ref.sha256);
      expect(Buffer.concat(chunks).includes(canary)).toBe(false);
    },

    'are written once: the same bytes again are the same blob': async (harness) => {
      const { log } = await harness.connect('runtime');
      const [bytes, subject] = [randomBytes(1_000), newKey()];
      const first = await log.putBlob('runtime', bytes, subject);
      const count = (await harness.stored('BLOBS')).length;
      expect(await log.putBlob('runtime', bytes, subject)).toEqual(first);
      expect((await harness.stored('BLOBS')).length).toBe(count);
    },

    'may be empty': async (harness) => {
      const { log } = await harness.connect('runtime');
      expect(await log.getBlob(await log.putBlob('runtime', new Uint8Array(), newKey()))).toHaveLength(0);
    },

    'are read by other services and written by none': async (harness) => {
      const runtime = await harness.connect('runtime');
      const connectors = await harness.connect('connectors');
      const ref = await runtime.log.putBlob('runtime', Buffer.from('shared'), newKey());
      expect(Buffer.from(await connectors.log.getBlob(ref)).toString()).toBe('shared');
      await expect(connectors.log.putBlob('runtime', Buffer.from('forged'), newKey())).rejects.toMatchObject({ kind: 'transient' });
    },

    'a changed, missing or misnamed one is refused [G22]': async (harness) => {
      const { log } = await harness.connect('runtime');
      const ref = await log.putBlob('runtime', randomBytes(500), newKey());
      const other = sha256Hex(randomBytes(8));
      await harness.publishRaw({ subject: `blob.hub.runtime.${other}.0`, headers: [], body: randomBytes(500) });
      await expect(log.getBlob({ ...ref, sha256: other })).rejects.toMatchObject({ code: 'log.blob-tampered' });
      await expect(log.getBlob({ ...ref, sha256: sha256Hex(randomBytes(8)) })).rejects.toMatchObject({ code: 'log.blob-missing' });
      await expect(log.getBlob({ ...ref, bytes: 499 })).rejects.toMatchObject({ code: 'log.blob-tampered' });
    },

    'a place taken by other bytes is not overwritten and not accepted': async (harness) => {
      const { log } = await harness.connect('runtime');
      const [bytes, subject] = [randomBytes(300), newKey()];
      const ref = await log.putBlob('runtime', bytes, subject);
      const stored = (await chunksOf(harness, ref))[0];
      await expect(harness.publishRaw({ subject: `blob.hub.runtime.${ref.sha256}.0`, headers: [], body: randomBytes(10) })).rejects.toThrow();
      expect((await chunksOf(harness, ref))[0]?.equals(stored ?? Buffer.alloc(0))).toBe(true);
    },

    'of an erased data subject are gone [G24]': async (harness) => {
      const { log } = await harness.connect('runtime');
      const subject = newKey();
      const ref = await log.putBlob('runtime', randomBytes(500), subject);
      await harness.keys.erase(subject);
      await expect(log.getBlob(ref)).rejects.toMatchObject({ code: 'log.blob-erased' });
    },
  },
};

async function chunksOf(harness: LogHarness, ref: BlobRef): Promise<readonly Buffer[]> {
  const stored = await harness.stored('BLOBS');
  return Array.from({ length: ref.chunks }, (_, index) => {
    const chunk = stored.find((message) => message.subject === `blob.hub.${ref.owner}.${ref.sha256}.${index}`);
    return Buffer.from(chunk?.body ?? []);
  });
}
