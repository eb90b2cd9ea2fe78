/**
 * Mail boxes as folders (Maildir, D. J. Bernstein): `tmp` → `new` → `cur`, one file for each delivered message.
 *
 * I1 a message is in `new` whole and synced, or not there at all; a delivery ends after the folder is synced too
 * I2 the name tells the Message-ID's hash, so that a message is found by listing names, without opening any
 * I3 nothing is ever deleted or written over: every delivery is a file of its own, so doubles can be counted
 */
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder, writeSynced } from '@soloist/eventlog/durable-file';
import { sha256Hex } from '@soloist/eventlog';

/** `operator`: for the company of one; `outside`: what was sent to the world. */
export const MAIL_BOXES = ['operator', 'outside'] as const;
export type MailBox = (typeof MAIL_BOXES)[number];

/** Where a message stands: not looked at yet, on the log, or unfit for it. */
export const MAIL_FOLDERS = ['new', 'cur', 'refused'] as const;
export type MailFolder = (typeof MAIL_FOLDERS)[number];

/** Time in milliseconds, a number within the process, something random, the Message-ID's hash. */
const FILE_NAME = /^(\d{13,})\.(\d+)\.([0-9a-f]+)\.m-([0-9a-f]{32})$/;

export interface StoredMail {
  readonly box: MailBox;
  readonly folder: MailFolder;
  readonly file: string;
  readonly path: string;
  readonly storedAt: string;
}

export class Maildir {
  private count = 0;

  private constructor(readonly root: string) {}

  static async open(root: string): Promise<Maildir> {
    for (const box of MAIL_BOXES) {
      for (const folder of ['tmp', ...MAIL_FOLDERS]) await mkdir(join(root, box, folder), { recursive: true, mode: 0o700 });
    }
    return new Maildir(root);
  }

  folder(box: MailBox, folder: MailFolder): string {
    return join(this.root, box, folder);
  }

  /** Puts one message into several boxes: written into all of them before it appears in any. */
  async deliver(boxes: readonly MailBox[], messageId: string, bytes: Uint8Array): Promise<void> {
    const name = this.nextName(messageId);
    const written: MailBox[] = [];
    try {
      for (const box of boxes) {
        await writeSynced(join(this.root, box, 'tmp', name), bytes);
        written.push(box);
      }
    } catch (error) {
      for (const box of written) await unlink(join(this.root, box, 'tmp', name));
      throw error;
    }
    for (const box of boxes) {
      await rename(join(this.root, box, 'tmp', name), join(this.folder(box, 'new'), name));
      await syncFolder(this.folder(box, 'new'));
    }
  }

  /** File names, oldest first. */
  async list(box: MailBox, folder: MailFolder): Promise<readonly string[]> {
    return (await readdir(this.folder(box, folder))).filter((name) => !name.startsWith('.')).sort(byAge);
  }

  /** Every delivery of one message, in all boxes. */
  async find(messageId: string): Promise<readonly StoredMail[]> {
    const hash = hashOf(messageId);
    const found: StoredMail[] = [];
    for (const box of MAIL_BOXES) {
      for (const folder of MAIL_FOLDERS) {
        for (const file of await this.list(box, folder)) {
          if (FILE_NAME.exec(file)?.[4] === hash) found.push(this.describe(box, folder, file));
        }
      }
    }
    return found;
  }

  /** Null when it is not there (any more). */
  async read(box: MailBox, folder: MailFolder, file: string): Promise<Buffer | null> {
    try {
      return await readFile(join(this.folder(box, folder), file));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  }

  /** Moves a message; answers false when somebody else has moved it. */
  async move(box: MailBox, file: string, from: MailFolder, to: MailFolder): Promise<boolean> {
    try {
      await rename(join(this.folder(box, from), file), join(this.folder(box, to), file));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
      throw error;
    }
    await syncFolder(this.folder(box, to));
    await syncFolder(this.folder(box, from));
    return true;
  }

  describe(box: MailBox, folder: MailFolder, file: string): StoredMail {
    const milliseconds = Number(FILE_NAME.exec(file)?.[1] ?? 0);
    return { box, folder, file, path: join(this.folder(box, folder), file), storedAt: new Date(milliseconds).toISOString() };
  }

  private nextName(messageId: string): string {
    this.count += 1;
    return `${Date.now()}.${this.count}.${randomBytes(6).toString('hex')}.m-${hashOf(messageId)}`;
  }
}

function hashOf(messageId: string): string {
  return sha256Hex(messageId).slice(0, 32);
}

/** By time, then by the number within the process. */
function byAge(left: string, right: string): number {
  const [leftAge, rightAge] = [FILE_NAME.exec(left), FILE_NAME.exec(right)];
  return Number(leftAge?.[1] ?? 0) - Number(rightAge?.[1] ?? 0) || Number(leftAge?.[2] ?? 0) - Number(rightAge?.[2] ?? 0) || (left < right ? -1 : 1);
}
