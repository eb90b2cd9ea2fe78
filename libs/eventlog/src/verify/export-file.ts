/** Writes and checks export files. Both need Node and nothing else; no broker, no keys. */
import { createHash, type KeyObject } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { StreamCount } from '@soloist/contracts';
import type { StoredMessage } from '../codec/message.js';
import { logFault } from '../errors.js';
import { endOf, ExportEnd, exportLine, ExportStart, lineOf, messageIn, read, saysWhatIs } from './export-format.js';
import { LogCheck, type LogCheckReport, type Remembered } from './log-check.js';
import { isSignedBy } from './signed-head.js';

const NO_KEYS = new Map<string, Uint8Array | null>();
const NEWLINE = 0x0a;
/** No commit comes near; more without a line end is no export. */
const MAX_LINE_BYTES = 8 * 1024 * 1024;

/**
 * Writes a new file. What it holds is checked on the way, and what was found is answered: a broken log is exported as it is.
 * @param key the private key of the log, with which the last line is signed
 * @throws Error of the file system, also when the file exists
 */
export async function writeExport(file: string, streams: StreamCount, pages: AsyncIterable<readonly StoredMessage[]>, exportedAt: string, key: KeyObject | null = null): Promise<LogCheckReport> {
  const handle = await open(file, 'wx', 0o600);
  try {
    const hash = createHash('sha256');
    const check = new LogCheck(streams);
    const write = async (lines: readonly string[]): Promise<void> => {
      const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
      hash.update(bytes);
      await handle.writeFile(bytes);
    };
    await write([lineOf({ type: 'soloist.log-export', version: 1, streamCount: streams, exportedAt } satisfies ExportStart)]);
    for await (const page of pages) {
      for (const message of page) check.take(message, NO_KEYS);
      await write(page.map(exportLine));
    }
    const report = check.finish();
    await write([lineOf(endOf(report, hash.copy().digest('hex'), key))]);
    await handle.sync();
    return report;
  } finally {
    await handle.close();
  }
}

/** What is held against an export, from a place apart from it. */
export interface Proofs {
  /** Heads that were kept. */
  readonly remembered?: ReadonlyMap<string, readonly Remembered[]>;
  /** The public key of the log: the file must be signed with its other half. */
  readonly publicKey?: KeyObject;
}

export interface ExportReport extends LogCheckReport {
  /** Whose signature was found good; null where no key was there to hold it against. */
  readonly signedBy: string | null;
}

/**
 * Checks an export file. Without proofs kept apart from it, a file that was made anew as a whole cannot be told from the
 * first one.
 * @throws Fault invalid log.no-export when it is no export at all
 */
export async function checkExport(file: string, proofs: Proofs = {}): Promise<ExportReport> {
  return checkLines(linesOf(createReadStream(file)), file, proofs);
}

/** As `checkExport`, of a file that lies in memory. */
export async function checkExportBytes(bytes: Uint8Array, proofs: Proofs = {}): Promise<ExportReport> {
  return checkLines(linesOf([bytes]), 'the export', proofs);
}

async function checkLines(lines: AsyncIterable<Line>, file: string, proofs: Proofs): Promise<ExportReport> {
  const reading = lines[Symbol.asyncIterator]();
  const first = await reading.next();
  const start = first.done === true ? null : read(textOf(first.value), ExportStart);
  if (first.done === true || start === null || !first.value.isEnded) throw logFault('log.no-export', `${file} does not begin with the first line of an export`);
  const check = new ExportCheck(start.streamCount, proofs);
  check.hash.update(first.value.bytes);
  for (let next = await reading.next(); next.done !== true; next = await reading.next()) check.take(next.value);
  return check.finish();
}

class ExportCheck {
  /** Over all lines before the last. */
  readonly hash = createHash('sha256');
  private readonly check: LogCheck;
  private end: ExportEnd | null = null;
  private number = 1;

  constructor(
    private readonly streams: StreamCount,
    private readonly proofs: Proofs,
  ) {
    this.check = new LogCheck(streams, proofs.remembered);
  }

  take(line: Line): void {
    this.number += 1;
    if (this.end !== null) return this.complain('something follows the last line of the export');
    const text = textOf(line);
    const end = read(text, ExportEnd);
    if (!line.isEnded) this.complain('the file ends within a line: it was cut');
    if (end !== null) {
      this.end = end;
      if (end.sha256 !== this.hash.digest('hex')) this.complain('the lines before the last are not those it was written for');
      return;
    }
    this.hash.update(line.bytes);
    const message = messageIn(text);
    if (message === null) return this.complain('the line is no commit in its one spelling');
    try {
      this.check.take(message, NO_KEYS);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.complain(error.message);
    }
  }

  finish(): ExportReport {
    const before = this.check.finish();
    const { end } = this;
    if (end === null) this.complain('the last line of the export is missing: the file was cut');
    else if (!saysWhatIs(end, before)) this.complain('counts or heads in the last line are not those of the lines before');
    const signedBy = this.signer(end);
    return this.late === 0 ? { ...before, signedBy } : { ...before, signedBy, isWhole: false, broken: before.broken + this.late, findings: [...before.findings, ...this.lateFindings] };
  }

  private signer(end: ExportEnd | null): string | null {
    const { publicKey } = this.proofs;
    if (publicKey === undefined || end === null) return null;
    const { keyId, signature } = end;
    if (keyId !== null && signature !== null && isSignedBy({ ...end, keyId, signature }, publicKey)) return keyId;
    this.complain(signature === null ? 'nobody has signed the file' : 'the signature is not that of the key it was held against', 'signature');
    return null;
  }

  private late = 0;
  private readonly lateFindings: LogCheckReport['findings'][number][] = [];

  private complain(reason: string, check: LogCheckReport['findings'][number]['check'] = 'export-file'): void {
    this.late += 1;
    if (this.late <= 3) this.lateFindings.push({ check, stream: `${this.streams} streams`, sequence: null, subject: null, reason: `line ${this.number}: ${reason}` });
  }
}

interface Line {
  /** With its line end, if it has one. */
  readonly bytes: Buffer;
  readonly isEnded: boolean;
}

function textOf({ bytes, isEnded }: Line): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(isEnded ? bytes.subarray(0, -1) : bytes);
  } catch {
    return '';
  }
}

async function* linesOf(chunks: AsyncIterable<Uint8Array | string> | Iterable<Uint8Array>): AsyncIterable<Line> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    rest = Buffer.concat([rest, typeof chunk === 'string' ? Buffer.from(chunk) : chunk]);
    let begin = 0;
    for (let end = rest.indexOf(NEWLINE, begin); end >= 0; end = rest.indexOf(NEWLINE, begin)) {
      yield { bytes: rest.subarray(begin, end + 1), isEnded: true };
      begin = end + 1;
    }
    rest = rest.subarray(begin);
    if (rest.length > MAX_LINE_BYTES) throw logFault('log.no-export', `a line of more than ${MAX_LINE_BYTES} bytes`);
  }
  if (rest.length > 0) yield { bytes: rest, isEnded: false };
}
