/** The sandbox's boxes as people look at them: headers of every mail, newest last. */
import { isRejection } from '@soloist/kernel';
import { readMail, type MailParty } from './arrived-mail.js';
import { MAIL_BOXES, MAIL_FOLDERS, Maildir, type MailBox, type MailFolder } from './maildir.js';

export interface MailboxEntry {
  readonly box: MailBox;
  readonly folder: MailFolder;
  readonly file: string;
  readonly path: string;
  readonly storedAt: string;
  readonly bytes: number;
  /** Null when the file holds no mail; then `problem` says why. */
  readonly headers: { readonly messageId: string; readonly from: MailParty; readonly to: readonly MailParty[]; readonly subject: string; readonly date: string | null } | null;
  readonly problem: string | null;
}

/** Reads the files themselves, so it works whether or not Soloist runs. `root` is `<data folder>/mailbox`. */
export async function listMailboxes(root: string): Promise<readonly MailboxEntry[]> {
  const maildir = await Maildir.open(root);
  const entries: MailboxEntry[] = [];
  for (const box of MAIL_BOXES) {
    for (const folder of MAIL_FOLDERS) {
      for (const file of await maildir.list(box, folder)) {
        const entry = await describe(maildir, box, folder, file);
        if (entry !== null) entries.push(entry);
      }
    }
  }
  return entries.sort((left, right) => left.storedAt.localeCompare(right.storedAt));
}

/** Null when it was moved while we looked; it is listed where it went the next time. */
async function describe(maildir: Maildir, box: MailBox, folder: MailFolder, file: string): Promise<MailboxEntry | null> {
  const bytes = await maildir.read(box, folder, file);
  if (bytes === null) return null;
  const stored = { ...maildir.describe(box, folder, file), bytes: bytes.length };
  const mail = await readMail(bytes);
  if (isRejection(mail)) return { ...stored, headers: null, problem: mail.because };
  const { messageId, from, to, subject, date } = mail;
  return { ...stored, headers: { messageId, from, to, subject, date }, problem: null };
}
