/**
 * What an argument decides about, told by its name and the look of its value. Unknown names of an effect count as a
 * choice (`object`), never as harmless text.
 */
import type { SinkRole } from '@soloist/contracts';
import { looksLikeEmail, looksLikeUrl } from './forms.js';

export type ArgumentRole = SinkRole | 'body' | 'time' | 'option';

const NAMES: readonly (readonly [ArgumentRole, ReadonlySet<string>])[] = [
  ['secret', new Set('password passwd passcode passphrase pin otp totp secret token tokens credential credentials mfa 2fa recovery apikey passkey'.split(' '))],
  ['account', new Set('iban bic swift account accounts wallet card routing sortcode bank'.split(' '))],
  ['amount', new Set('amount amounts price sum total cost fee payment budget salary discount refund rate deposit'.split(' '))],
  ['right', new Set('role roles permission permissions access scope scopes visibility public admin privilege privileges rights right grant acl'.split(' '))],
  ['url', new Set('url urls uri link links website webhook callback endpoint domain host href redirect site'.split(' '))],
  [
    'recipient',
    new Set(
      'to cc bcc recipient recipients receiver receivers email emails mail participant participants attendee attendees invitee invitees guest guests user users username usernames member members channel channels phone mobile contact contacts addressee destination payee beneficiary chat group groups handle assignee assignees collaborator collaborators person people audience reviewer reviewers forward subscriber customer client'.split(' '),
    ),
  ],
  ['command', new Set('command commands cmd code script sql shell exec expression statement'.split(' '))],
  ['path', new Set('path paths file files filename filenames folder directory dir filepath attachment attachments document documents repo repository branch'.split(' '))],
  ['address', new Set('street city address zip postcode postal country'.split(' '))],
  ['body', new Set('body content contents text message messages subject title description note notes comment summary html caption reason memo label labels topic agenda details snippet post purpose remark letter greeting answer reply response announcement signature wording'.split(' '))],
  ['time', new Set('date dates time times start end day days month year due deadline when duration until recurring timezone hour minutes at since before after'.split(' '))],
  ['target', new Set('id ids uuid index key number no event item record ticket issue task order booking reservation transaction invoice'.split(' '))],
];

const LOOKUP: ReadonlyMap<string, ArgumentRole> = new Map(NAMES.flatMap(([role, names]) => [...names].map((name) => [name, role] as const)).reverse());
const PRIORITY: readonly ArgumentRole[] = NAMES.map(([role]) => role);

export function nameParts(name: string): readonly string[] {
  return name
    .slice(0, 200)
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((part) => part !== '');
}

/** The role of a name alone; null when the name says nothing. */
export function roleOfName(name: string): ArgumentRole | null {
  const parts = nameParts(name);
  const roles = new Set(parts.map((part) => LOOKUP.get(part)));
  // `inReplyTo`, `message_id`, `references`: which conversation, not to whom.
  if (parts.join(' ').startsWith('in reply to') || parts.includes('references') || parts.includes('thread')) return 'option';
  // `email_id`, `file_id`: the thing with that number, not a person or a place.
  if (/^ids?$/.test(parts.at(-1) ?? '') && !parts.some((part) => /^(user|member|channel|chat|contact|recipient|group)s?$/.test(part))) return 'target';
  if (roles.has('address') && (roles.has('recipient') || parts.includes('ip'))) return 'recipient';
  if (roles.has('path') && parts.length > 1 && (roles.has('body') || parts.includes('name'))) return roles.has('body') ? 'body' : 'path';
  return PRIORITY.find((role) => roles.has(role)) ?? null;
}

export function roleOf(names: readonly string[], value: string | number | boolean | null): ArgumentRole {
  if (value === null || value === '') return 'option';
  const named = roleOfNames(names);
  if (typeof value === 'boolean') return named === 'right' && value ? 'right' : 'option';
  if (typeof value === 'number') return roleOfNumber(named, value);
  if (named === 'url' || named === 'account' || named === 'secret' || named === 'command' || named === 'recipient') return named;
  if (named === 'body') return 'body';
  if (named === 'option') return 'option';
  if (looksLikeEmail(value)) return 'recipient';
  if (looksLikeUrl(value)) return 'url';
  if (named === 'time' && value.length > 60) return 'body';
  return named ?? 'object';
}

const NUMBER_ROLES: ReadonlySet<ArgumentRole> = new Set(['amount', 'target', 'account', 'secret', 'right']);

/** A small number of people is a count; a long one is somebody's. */
function roleOfNumber(named: ArgumentRole | null, value: number): ArgumentRole {
  if (named === 'recipient') return Math.abs(value) >= 10_000 ? 'recipient' : 'option';
  return named !== null && NUMBER_ROLES.has(named) ? named : 'option';
}

function roleOfNames(names: readonly string[]): ArgumentRole | null {
  for (let index = names.length - 1; index >= 0; index -= 1) {
    const role = roleOfName(names[index] ?? '');
    if (role !== null) return role;
  }
  return null;
}
