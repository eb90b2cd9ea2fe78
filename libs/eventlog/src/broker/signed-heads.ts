/**
 * The keep's list of signed heads: a line every 1,000 messages of an event stream, and where it stands whenever heads are
 * recorded, which the host does each minute and at its end.
 *
 * I1 a line is on the disk before the anchors move: an anchor without a signed head at or behind it was not ours
 * I2 the list only grows; a line that is not ended was never acknowledged and is cut off
 * I3 reading goes on where the last head stood, and only after the message there was found as it was signed
 */
import type { KeyObject } from 'node:crypto';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson, Fault } from '@soloist/kernel';
import type { StoredMessage } from '../codec/message.js';
import { readIfThere, syncFolder } from '../durable-file.js';
import { EMPTY_HEAD, messageDigest, nextHead } from '../verify/message-digest.js';
import { isSignedBy, lineHash, SignedHead, signHead } from '../verify/signed-head.js';
import { openLogKey, publicLogKey } from './log-key.js';

export const SIGNED_HEADS_FILE = 'signed-heads.jsonl';
const EVERY_MESSAGES = 1_000;

/** Messages of a stream from a sequence on, in order and in pages. */
export type ReadStream = (stream: string, fromSequence: number) => AsyncIterable<readonly StoredMessage[]>;

/** All heads on record, oldest first. @throws Fault invalid keep-unreadable: changed, cut in the middle, or not signed by this keep */
export async function signedHeads(keepFolder: string): Promise<readonly SignedHead[]> {
  const file = join(keepFolder, SIGNED_HEADS_FILE);
  const key = await publicLogKey(keepFolder);
  const content = await readIfThere(file);
  if (content === null) {
    if (key === null) return [];
    throw unreadable(file, 'it is missing, though this keep has signed heads');
  }
  let before: string | null = null;
  return linesOf(content).map((line, index) => {
    const head = headIn(line);
    if (head === null || key === null || head.before !== before || !isSignedBy(head, key)) throw unreadable(file, `line ${index + 1} is not what was signed`);
    before = lineHash(line);
    return head;
  });
}

/** The last head of each stream. */
export function latestHeads(heads: readonly SignedHead[]): ReadonlyMap<string, SignedHead> {
  return new Map(heads.map((head) => [head.stream, head]));
}

/** @throws Fault invalid stream-altered · stream-truncated · keep-unreadable · whatever reading throws */
export async function signNewHeads(keepFolder: string, streams: readonly { readonly name: string; readonly lastSequence: number }[], read: ReadStream, at: string): Promise<readonly SignedHead[]> {
  const list = await HeadList.open(keepFolder);
  const known = latestHeads(await signedHeads(keepFolder));
  const added: SignedHead[] = [];
  for (const { name, lastSequence } of streams) {
    if (lastSequence > (known.get(name)?.sequence ?? 0)) added.push(...(await list.follow(name, known.get(name) ?? null, lastSequence, read, at)));
  }
  return added;
}

class HeadList {
  private constructor(
    private readonly keepFolder: string,
    private readonly key: KeyObject,
    private before: string | null,
  ) {}

  /** Cuts off what a crash left of a line. The list is there before the key is, so that a missing list means something. */
  static async open(keepFolder: string): Promise<HeadList> {
    const file = join(keepFolder, SIGNED_HEADS_FILE);
    const content = (await readIfThere(file)) ?? '';
    const handle = await open(file, 'a', 0o600);
    try {
      const whole = content.slice(0, content.lastIndexOf('\n') + 1);
      if (whole.length < content.length) await handle.truncate(Buffer.byteLength(whole));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await syncFolder(keepFolder);
    const last = linesOf(content).at(-1);
    return new HeadList(keepFolder, await openLogKey(keepFolder), last === undefined ? null : lineHash(last));
  }

  async follow(stream: string, from: SignedHead | null, lastSequence: number, read: ReadStream, at: string): Promise<readonly SignedHead[]> {
    const added: SignedHead[] = [];
    let head = from?.head ?? EMPTY_HEAD;
    let last: StoredMessage | null = null;
    let since = 0;
    const cut = (message: StoredMessage): void => {
      const { sequence } = message;
      added.push(this.sign({ type: 'soloist.log-head', version: 1, stream, sequence, digest: messageDigest(message), head, at, before: this.before }));
      since = 0;
    };
    for await (const page of read(stream, from?.sequence ?? 1)) {
      for (const message of page) {
        if (message.sequence > lastSequence) break;
        if (from !== null && last === null) requireSame(from, message);
        else {
          head = nextHead(head, message);
          since += 1;
        }
        last = message;
        if (since === EVERY_MESSAGES) cut(message);
      }
    }
    if (last === null) throw truncated(stream, from?.sequence ?? lastSequence);
    if (since > 0) cut(last);
    await this.write(added);
    return added;
  }

  private sign(head: Parameters<typeof signHead>[0]): SignedHead {
    const signed = signHead(head, this.key);
    this.before = lineHash(canonicalJson(signed));
    return signed;
  }

  private async write(heads: readonly SignedHead[]): Promise<void> {
    const handle = await open(join(this.keepFolder, SIGNED_HEADS_FILE), 'a', 0o600);
    try {
      await handle.writeFile(heads.map((head) => `${canonicalJson(head)}\n`).join(''));
      await handle.sync();
    } finally {
      await handle.close();
    }
  }
}

/** A log that does not hold the signed message, or another in its place, is not ours. @throws Fault invalid */
export function requireSame(head: SignedHead, message: StoredMessage | null): void {
  if (message?.sequence === head.sequence && messageDigest(message) === head.digest) return;
  throw new Fault('invalid', 'stream-altered', `Stream ${head.stream} holds another message at ${head.sequence} than was signed at ${head.at}. Nothing was changed. Stop, keep a copy of the store folder, and restore the broker from its latest backup.`);
}

function truncated(stream: string, sequence: number): Fault {
  return new Fault('invalid', 'stream-truncated', `Stream ${stream} holds nothing from ${sequence} on, which was there before. Nothing was changed. Stop, keep a copy of the store folder, and restore the broker from its latest backup.`);
}

function headIn(line: string): SignedHead | null {
  try {
    const parsed = SignedHead.safeParse(JSON.parse(line));
    return parsed.success && canonicalJson(parsed.data) === line ? parsed.data : null;
  } catch {
    return null;
  }
}

/** Ended lines only. */
function linesOf(content: string): readonly string[] {
  return content.split('\n').slice(0, -1);
}

function unreadable(file: string, why: string): Fault {
  return new Fault('invalid', 'keep-unreadable', `${file}: ${why}. Restore the keep from a backup; nothing was created.`);
}
