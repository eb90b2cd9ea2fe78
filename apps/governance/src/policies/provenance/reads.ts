/**
 * Whether the operator's words name what a read fetched: "send Ann a summary of news.example" names that page, and not
 * the inbox that was read beside it. What is to be passed on is what was named.
 *
 * I1 only the operator's words name a thing; a thing found in one that was named is named too, as the pages are that a
 *    search gave
 */
import type { Json } from '@soloist/kernel';
import { leavesOf } from './arguments.js';
import { compact, daysIn, emailsIn, hostOf, plainUrl, looksLikeUrl, urlsIn } from './forms.js';
import { nameParts } from './roles.js';
import type { Source, Sources } from './sources.js';
import { contentOf, stemOf } from './wording.js';

export interface Read {
  readonly tool: string;
  readonly args: Json | undefined;
}

/** What people call the things that tools read. */
const KINDS: readonly ReadonlySet<string>[] = [
  'mail mails email emails inbox mailbox message messages letter newsletter',
  'chat channel message messages thread conversation wrote writes asked',
  'sms text texts message messages phone',
  'calendar event events appointment appointments meeting meetings schedule agenda diary free busy',
  'page site website web webpage internet online url article news',
  'pdf file files document documents doc docs attachment contract sheet spreadsheet table',
  'note notes memory memories',
  'commit commits repository repo changelog changes changed release code',
  'ticket tickets issue issues request case',
  'form forms response responses answers survey feedback',
  'review reviews comment comments rating ratings',
  'call transcript minutes recording meeting',
  'order orders parcel delivery shipment',
  'bank transaction transactions payment payments statement',
].map((words) => new Set(words.split(' ').map(stemOf)));

export function isNamedRead({ tool, args }: Read, { operator, untrusted }: Sources): boolean {
  const { leaves } = leavesOf(args);
  if (leaves.some(({ value }) => typeof value !== 'boolean' && (isNamed(value, operator) || isFound(String(value), untrusted)))) return true;
  const parts = nameParts(tool).map(stemOf);
  return KINDS.some((words) => parts.some((part) => words.has(part)) && [...words].some((word) => operator.stems.has(word)));
}

function isNamed(value: string | number, operator: Source): boolean {
  if (typeof value === 'number') return operator.numbers.has(value);
  if (emailsIn(value).some((email) => operator.emails.has(email))) return true;
  const urls = looksLikeUrl(value) ? [plainUrl(value)] : urlsIn(value);
  if (urls.length > 0) return urls.some((url) => operator.urls.has(url) || operator.hosts.has(hostOf(url)));
  if ([...daysIn(value)].some((day) => operator.days.has(day))) return true;
  return [...contentOf(value)].some((word) => word.length > 2 && operator.stems.has(word)) || (compact(value).length >= 8 && operator.hasCompact(compact(value)));
}

function isFound(value: string, { passages }: Source): boolean {
  return value.trim() !== '' && passages.named.some((text) => text.includes(value));
}
