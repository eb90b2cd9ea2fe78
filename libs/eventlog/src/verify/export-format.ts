/**
 * The export of a log: JSON Lines. A first line that names the form, one line a commit with headers and body as stored
 * (sealed fields stay sealed), stream by stream, and a last line with counts and heads. Nothing but Node reads it.
 *
 * I1 a line has one spelling: it is the canonical JSON of what it says, so that every bit of the file means something
 * I2 the last line covers all lines before it; a file without it was cut
 */
import type { KeyObject } from 'node:crypto';
import { STREAM_COUNTS } from '@soloist/contracts';
import { canonicalJson } from '@soloist/kernel';
import { z } from 'zod';
import type { StoredMessage } from '../codec/message.js';
import type { LogCheckReport } from './log-check.js';
import { signed } from './signed-head.js';

const Sequence = z.int().nonnegative();
const Hex = z.string().regex(/^[0-9a-f]{64}$/);

export const ExportStart = z.strictObject({
  type: z.literal('soloist.log-export'),
  version: z.literal(1),
  streamCount: z.literal(STREAM_COUNTS),
  exportedAt: z.iso.datetime(),
});
export type ExportStart = z.output<typeof ExportStart>;

const CommitLine = z.strictObject({
  stream: z.string(),
  sequence: Sequence,
  subject: z.string(),
  headers: z.array(z.tuple([z.string(), z.string()])),
  /** The body as text; for the rare one that is not UTF-8, in base64. */
  body: z.union([z.string(), z.strictObject({ base64: z.base64() })]),
});

export const ExportEnd = z.strictObject({
  type: z.literal('soloist.log-export.end'),
  commits: Sequence,
  /** SHA-256 over all bytes before this line. */
  sha256: Hex,
  streams: z.array(z.strictObject({ stream: z.string(), commits: Sequence, lastSequence: Sequence, head: Hex })),
  /** Over this line without its signature, and so over the whole file. Null when whoever exported had no key. */
  keyId: z.string().regex(/^[0-9a-f]{16}$/).nullable(),
  signature: z.string().nullable(),
});
export type ExportEnd = z.output<typeof ExportEnd>;

export function exportLine(message: StoredMessage): string {
  const { stream, sequence, subject, headers, body } = message;
  return lineOf({ stream, sequence, subject, headers, body: textOf(body) ?? { base64: Buffer.from(body).toString('base64') } });
}

/** @param key the private key of the installation's log */
export function endOf(report: LogCheckReport, sha256: string, key: KeyObject | null): ExportEnd {
  const streams = report.streams.map(({ stream, commits, lastSequence, head }) => ({ stream, commits, lastSequence, head }));
  const end = { type: 'soloist.log-export.end' as const, commits: report.commits, sha256, streams };
  return key === null ? { ...end, keyId: null, signature: null } : signed(end, key);
}

/** Whether the line says what was found before it, whoever has signed it. */
export function saysWhatIs({ keyId: _key, signature: _signature, ...end }: ExportEnd, report: LogCheckReport): boolean {
  const { keyId: _none, signature: _no, ...found } = endOf(report, end.sha256, null);
  return lineOf(found) === lineOf(end);
}

/** Null when the line says something else, or says it in another spelling. */
export function messageIn(line: string): StoredMessage | null {
  const parsed = read(line, CommitLine);
  if (parsed === null) return null;
  const { body, ...rest } = parsed;
  if (typeof body === 'string') return { ...rest, body: Buffer.from(body) };
  const bytes = Buffer.from(body.base64, 'base64');
  return textOf(bytes) === null ? { ...rest, body: bytes } : null;
}

/** Null when the line is not of this form in its one spelling. */
export function read<Shape>(line: string, shape: z.ZodType<Shape>): Shape | null {
  try {
    const parsed = shape.safeParse(JSON.parse(line));
    return parsed.success && lineOf(parsed.data) === line ? parsed.data : null;
  } catch {
    return null;
  }
}

export function lineOf(value: unknown): string {
  return canonicalJson(value);
}

function textOf(body: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return null;
  }
}
