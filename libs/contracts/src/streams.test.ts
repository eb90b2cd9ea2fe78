import { BUCKET_COUNT, bucketOf } from '@soloist/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bucketsOfStream, haltKeyOfStream, MAX_FILE_STORE_BYTES, STREAM_COUNTS, streamOfBucket, streamOfKey, streamSettings } from './streams.js';

describe('buckets and streams', () => {
  it.each(STREAM_COUNTS)('with %i streams every bucket lies in exactly one', (streams) => {
    const all = Array.from({ length: streams }, (_, stream) => bucketsOfStream(stream, streams)).flat();
    expect(all).toEqual(Array.from({ length: BUCKET_COUNT }, (_, bucket) => bucket));
    for (let stream = 0; stream < streams; stream += 1) {
      for (const bucket of bucketsOfStream(stream, streams)) expect(streamOfBucket(bucket, streams)).toBe(stream);
    }
  });

  it('a key lies in the stream of its bucket', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9-]{1,40}$/), fc.constantFrom(...STREAM_COUNTS), (key, streams) => {
        expect(bucketsOfStream(streamOfKey(key, streams), streams)).toContain(bucketOf(key));
      }),
    );
  });

  it.each(STREAM_COUNTS)('with %i streams every stream has a halt key of its own', (streams) => {
    const keys = Array.from({ length: streams }, (_, stream) => haltKeyOfStream(stream, streams));
    expect(new Set(keys).size).toBe(streams);
    keys.forEach((key, stream) => expect(streamOfKey(key, streams)).toBe(stream));
  });

  it('halt keys are pinned for eight streams', () => {
    expect(Array.from({ length: 8 }, (_, stream) => haltKeyOfStream(stream, 8))).toMatchInlineSnapshot(`
      [
        "halt-2",
        "halt-1",
        "halt-4",
        "halt-0",
        "halt-7",
        "halt-13",
        "halt-3",
        "halt-6",
      ]
    `);
  });
});

describe('stream settings', () => {
  it.each(STREAM_COUNTS)('with %i streams no two streams take the same subject, and only timers may drop', (streams) => {
    const settings = streamSettings(streams);
    const subjects = settings.flatMap((stream) => stream.subjects);
    expect(new Set(subjects).size).toBe(subjects.length);
    expect(settings.filter((stream) => stream.discard === 'old').every((stream) => /^(TIMERS-|ADVISORIES)/.test(stream.name))).toBe(true);
  });

  it('the log cannot be deleted from, rolled up, aged out or limited by count', () => {
    for (const stream of streamSettings(8).filter(({ name }) => name.startsWith('EVENTS-'))) {
      expect(stream).toMatchObject({ deniesDelete: true, permitsRollup: false, maxAgeMs: 0, maxMessagesPerSubject: -1, permitsMessageTtl: false, discard: 'new' });
    }
  });

  it('[G21] every stream whose writer can be refused has a size at which it is, and all together fit the store', () => {
    for (const streams of STREAM_COUNTS) {
      const refusing = streamSettings(streams).filter(({ discard }) => discard === 'new');
      expect(refusing.filter(({ maxBytes }) => maxBytes <= 0).map(({ name }) => name)).toEqual([]);
      expect(refusing.reduce((sum, { maxBytes }) => sum + maxBytes, 0)).toBeLessThan(MAX_FILE_STORE_BYTES);
    }
  });

  it('[G5] the log remembers message ids as shortly as the broker permits: a window swallows commits', () => {
    const windows = streamSettings(8).filter(({ name }) => name.startsWith('EVENTS-')).map(({ duplicateWindowMs }) => duplicateWindowMs);
    expect(new Set(windows)).toEqual(new Set([100]));
  });
});
