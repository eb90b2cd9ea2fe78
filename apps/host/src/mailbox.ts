/** Reads the sandbox mailbox (Maildir): what came in for the operator, and what was sent to the world. */
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { HostPaths } from './paths.js';

export const MAIL_BOXES = ['operator', 'outside'] as const;
export type MailBoxName = (typeof MAIL_BOXES)[number];

export interface ListedMail {
  readonly messageId: string | null;
  readonly storedAt: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly file: string;
}

const FOLDERS = ['new', 'cur', 'refused'] as const;
/** Header fields beyond this are not looked at. */
const HEAD_BYTES = 64 * 1024;

/** Oldest first. Every delivery is a file of its own, so that a mail sent twice is listed twice. */
export async function listMail(paths: HostPaths, box: MailBoxName): Promise<readonly ListedMail[]> {
  const files = (await Promise.all(FOLDERS.map((folder) => filesIn(join(paths.mailbox, box, folder))))).flat();
  const mails = await Promise.all(files.map(describe));
  return mails.flatMap((mail) => mail ?? []).sort((left, right) => (left.storedAt < right.storedAt ? -1 : left.storedAt > right.storedAt ? 1 : 0));
}

async function filesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).filter((name) => !name.startsWith('.')).map((name) => join(folder, name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []; // nothing was ever delivered
    throw error;
  }
}

/** Null when it was moved between the look and the reading; it is then found in the other folder. */
async function describe(file: string): Promise<ListedMail | null> {
  const head = await readHead(file);
  if (head === null) return null;
  const { default: PostalMime } = await import('postal-mime');
  const mail = await PostalMime.parse(head.bytes);
  return {
    messageId: mail.messageId ?? null,
    storedAt: head.storedAt,
    from: mail.from?.address ?? '',
    to: (mail.to ?? []).map(({ address }) => address ?? ''),
    subject: mail.subject ?? '',
    file,
  };
}

async function readHead(file: string): Promise<{ bytes: Uint8Array; storedAt: string } | null> {
  try {
    const handle = await open(file);
    try {
      const { mtime } = await handle.stat();
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
      return { bytes: buffer.subarray(0, bytesRead), storedAt: mtime.toISOString() };
    } finally {
      await handle.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
