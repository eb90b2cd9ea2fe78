import { reject, type Rejection } from '@soloist/kernel';
import { addressParser } from 'postal-mime';
import type { MailParty } from './arrived-mail.js';
import { MailAddressArgument } from './mail-arguments.js';

/** `jane@example.com` or `Jane Doe <jane@example.com>`, exactly one. */
export function parseMailAddress(text: string): MailParty | Rejection {
  const [only, ...more] = addressParser(text, { flatten: true });
  if (only === undefined || more.length > 0) return reject('mail.address-invalid', `${JSON.stringify(text)} must be exactly one mail address.`);
  const parsed = MailAddressArgument.safeParse({ name: only.name, address: only.address ?? '' });
  if (!parsed.success) return reject('mail.address-invalid', `${JSON.stringify(text)}: ${parsed.error.issues.map((issue) => issue.message).join('; ')}.`);
  return { name: parsed.data.name ?? '', address: parsed.data.address };
}
