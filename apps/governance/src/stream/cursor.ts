/**
 * How far a reader has come, and the token that says so.
 *
 * I1 a token is complete in itself: whoever reads the log can go on from it, another replica and a later process too
 * I2 a place may lie inside a commit, between two of its events: nothing is said twice, and nothing left out, wherever a
 *    stream is cut
 * I3 a token that was altered, or is of another log, is told from a good one
 */
import { createHash } from 'node:crypto';

/** A place in one event stream. */
export interface Place {
  /** Of the last commit that was taken, in whole or in part; 0 for none. */
  readonly sequence: number;
  /** The first four bytes of that commit's hash: a log that was cut and grew again has another there. */
  readonly mark: number;
  /** How many events of that commit were taken; 0 for all. */
  readonly taken: number;
}

/** One place for each event stream. */
export type Cursor = readonly Place[];

export const BEGINNING: Place = { sequence: 0, mark: 0, taken: 0 };

/** The word for a stream from the first commit on. */
export const FROM_START = 'start';

const FORM = 1;
const MARK_BYTES = 4;
const CHECK_BYTES = 4;
const MAX_TOKEN_CHARACTERS = 2_048;

export function markOf(commitHash: string): number {
  return Number.parseInt(commitHash.slice(0, 2 * MARK_BYTES), 16);
}

export function beginningOf(streams: number): Cursor {
  return Array.from({ length: streams }, () => BEGINNING);
}

export function tokenOf(cursor: Cursor): string {
  const bytes: number[] = [FORM, cursor.length];
  for (const { sequence, mark } of cursor) {
    putNumber(bytes, sequence);
    if (sequence > 0) for (let byte = MARK_BYTES - 1; byte >= 0; byte -= 1) bytes.push((mark >>> (8 * byte)) & 0xff);
  }
  // Seldom more than one: a replica that has not seen a stream so far leaves its place as it is and goes on in the others.
  for (const [stream, { taken }] of cursor.entries()) if (taken > 0) for (const number of [stream, taken]) putNumber(bytes, number);
  const body = Buffer.from(bytes);
  return Buffer.concat([body, checkOf(body)]).toString('base64url');
}

/** Null when it is none of ours for a log of that many streams. */
export function cursorOf(token: string, streams: number): Cursor | null {
  if (token.length > MAX_TOKEN_CHARACTERS) return null;
  const bytes = Buffer.from(token, 'base64url');
  const body = bytes.subarray(0, -CHECK_BYTES);
  if (bytes.length <= CHECK_BYTES || !checkOf(body).equals(bytes.subarray(-CHECK_BYTES))) return null;
  if (body[0] !== FORM || body[1] !== streams) return null;
  const cursor = placesIn(body, streams);
  // Only what we would write ourselves is read.
  return cursor !== null && tokenOf(cursor) === token ? cursor : null;
}

function placesIn(body: Buffer, streams: number): Cursor | null {
  let at = 2;
  const number = (): number => {
    let value = 0;
    for (let weight = 1; ; weight *= 128) {
      const byte = body[at++];
      if (byte === undefined || weight > Number.MAX_SAFE_INTEGER) return Number.NaN;
      value += (byte & 0x7f) * weight;
      if (byte < 0x80) return value;
    }
  };
  const places: Place[] = [];
  for (let stream = 0; stream < streams; stream += 1) {
    const sequence = number();
    if (!Number.isSafeInteger(sequence) || (sequence > 0 && at + MARK_BYTES > body.length)) return null;
    places.push({ sequence, mark: sequence > 0 ? body.readUInt32BE(at) : 0, taken: 0 });
    if (sequence > 0) at += MARK_BYTES;
  }
  while (at < body.length) {
    const [stream, taken] = [number(), number()];
    const place = places[stream];
    if (place === undefined || place.sequence === 0 || !Number.isSafeInteger(taken)) return null;
    places[stream] = { ...place, taken };
  }
  return places;
}

function putNumber(bytes: number[], value: number): void {
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  bytes.push(rest);
}

function checkOf(body: Uint8Array): Buffer {
  return createHash('sha256').update('soloist-events').update(body).digest().subarray(0, CHECK_BYTES);
}
