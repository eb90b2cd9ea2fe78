/** Stream names and settings live here and nowhere else (DESIGN section 3). */
import { BUCKET_COUNT, bucketOf } from '@soloist/kernel';

/** How many event streams an installation has; fixed at first start, each holds 64 / n buckets. */
export const STREAM_COUNTS = [1, 2, 4, 8, 16, 32, 64] as const;
export type StreamCount = (typeof STREAM_COUNTS)[number];
export const DEFAULT_STREAM_COUNT: StreamCount = 8;

export function streamOfBucket(bucket: number, streams: StreamCount): number {
  return Math.floor(bucket / (BUCKET_COUNT / streams));
}

export function streamOfKey(key: string, streams: StreamCount): number {
  return streamOfBucket(bucketOf(key), streams);
}

export function bucketsOfStream(stream: number, streams: StreamCount): readonly number[] {
  const width = BUCKET_COUNT / streams;
  return Array.from({ length: width }, (_, index) => stream * width + index);
}

export function eventStreamName(stream: number): string {
  return `EVENTS-${stream}`;
}

/** The halt entity's key for a stream: the first of `halt-0`, `halt-1`, … whose bucket lies in it. */
export function haltKeyOfStream(stream: number, streams: StreamCount): string {
  for (let index = 0; ; index += 1) {
    const key = `halt-${index}`;
    if (streamOfKey(key, streams) === stream) return key;
  }
}

/** Payloads above this go into blobs, put before the event that refers to them. */
export const BLOB_THRESHOLD_BYTES = 64 * 1024;
export const BLOB_CHUNK_BYTES = 128 * 1024;
/** An event commit above this is refused: the caller should have put a blob. */
export const MAX_COMMIT_BYTES = 256 * 1024;
