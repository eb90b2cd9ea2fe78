/**
 * Codes by HMAC-SHA256 under a key of the secrets folder. Nothing is stored: the log is the register of used codes.
 *
 * I1 the two kinds of code are made under different labels, so that a link is never good as a form code
 * I2 compared in constant time
 * I3 a form code holds for a quarter of an hour, counted from the page it was put into
 * I4 removing the key file and starting again makes every link and code that is out there worthless
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readOrWriteOnce } from '@soloist/eventlog/durable-file';
import { canonicalJson } from '@soloist/kernel';
import type { ApprovalLinks, BoundGate } from '../ports/approval-links.port.js';

export const LINK_KEY_FILE = 'approval-links.key';
const KEY_BYTES = 32;
const NONCE_BYTES = 16;
const FORM_CODE_MS = 15 * 60_000;
/** A clock that is set back a little makes no code of the future out of one that was just given. */
const SKEW_MS = 60_000;
const FORM_CODE = /^([0-9a-z]{1,11})\.([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})$/;

export async function openApprovalLinks(secretsFolder: string): Promise<ApprovalLinks> {
  await mkdir(secretsFolder, { recursive: true, mode: 0o700 });
  const file = join(secretsFolder, LINK_KEY_FILE);
  const key = Buffer.from((await readOrWriteOnce(file, `${randomBytes(KEY_BYTES).toString('base64url')}\n`, 0o600)).trim(), 'base64url');
  if (key.byteLength !== KEY_BYTES) throw new Error(`${file} is no key of ${KEY_BYTES} bytes in base64url. Restore it, or remove it to have a new one made (links that are out then open nothing).`);
  return approvalLinksOf(key);
}

export function approvalLinksOf(key: Uint8Array, random: (bytes: number) => Buffer = randomBytes): ApprovalLinks {
  const mac = (label: string, { gateId, digest }: BoundGate, ...rest: readonly string[]): Buffer => createHmac('sha256', key).update(canonicalJson([label, gateId, digest, ...rest])).digest();
  const isSame = (said: string, meant: Buffer): boolean => {
    const given = Buffer.from(said, 'base64url');
    // Base64url has spellings that decode alike; only the one that was given out counts.
    return given.byteLength === meant.byteLength && timingSafeEqual(given, meant) && given.toString('base64url') === said;
  };
  return {
    linkCode: (gate) => mac('soloist.approval.link', gate).toString('base64url'),
    opens: (code, gate) => isSame(code, mac('soloist.approval.link', gate)),
    formCode: (gate, now) => {
      const [issued, nonce] = [Date.parse(now).toString(36), random(NONCE_BYTES).toString('base64url')];
      return `${issued}.${nonce}.${mac('soloist.approval.form', gate, issued, nonce).toString('base64url')}`;
    },
    readFormCode: (code, gate, now) => {
      const [, issued = '', nonce = '', said = ''] = FORM_CODE.exec(code) ?? [];
      if (said === '' || !isSame(said, mac('soloist.approval.form', gate, issued, nonce))) return null;
      const ageMs = Date.parse(now) - Number.parseInt(issued, 36);
      return { commandId: createHash('sha256').update(code).digest('hex').slice(0, 32), isExpired: ageMs > FORM_CODE_MS || ageMs < -SKEW_MS };
    },
  };
}
