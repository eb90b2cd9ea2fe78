/**
 * The digest as it is mailed. Pure: the same digest is the same mail.
 *
 * I1 it says what the fact says and no more, so no words of anybody, no arguments and no code can be in it
 * I2 the lists name the first; the counts are of all
 */
import type { MailDigest } from '@soloist/contracts';
import { formatMoney } from '@soloist/kernel';
import type { NoticeMail } from '../ports/operator-mail.port.js';
import { ageOf, countOf, lines, momentOf, NO_ANSWERS } from './mail-form.js';

type OpenGate = MailDigest['open']['gates'][number];
type Ask = MailDigest['asks']['runs'][number];

export function digestMail({ day, at, since, open, asks, closed }: MailDigest): NoticeMail {
  const closedCount = closed.approved + closed.rejected + closed.expired;
  return {
    subject: `Soloist: ${countOf(open.count, 'gate', 'gates')} open, ${countOf(asks.count, 'budget ask', 'budget asks')}, ${closedCount} closed (${day})`,
    text: lines(
      `Digest of ${day}`,
      ...section(`Open: ${countOf(open.count, 'gate', 'gates')}`, open.count, open.gates.map((gate) => gateLine(gate, at)), './soloist gate list'),
      ...section(`Asked: ${countOf(asks.count, 'run needs', 'runs need')} more than a budget line has`, asks.count, asks.runs.map(askLine), './soloist budget asks'),
      ...section(`Closed since ${momentOf(since)}: ${closed.approved} approved, ${closed.rejected} rejected, ${closed.expired} expired`, closedCount, closed.gates.map(({ gateId, as }) => `${gateId}  ${as}`), './soloist gate list --state all'),
      '',
      NO_ANSWERS,
    ),
  };
}

function section(head: string, count: number, entries: readonly string[], command: string): readonly string[] {
  if (count === 0) return [];
  const more = count - entries.length;
  return ['', head, ...entries.map((entry) => `  ${entry}`), ...(more > 0 ? [`  and ${more} more`] : []), `  ${command}`];
}

function gateLine({ gateId, kind, agent, openedAt, expiresAt, reminders, isEscalated, snoozedUntil }: OpenGate, at: string): string {
  const notes = [
    ...(reminders > 0 ? [countOf(reminders, 'reminder', 'reminders')] : []),
    ...(isEscalated ? ['escalated'] : []),
    ...(snoozedUntil !== null && snoozedUntil > at ? [`snoozed until ${momentOf(snoozedUntil)}`] : []),
  ];
  return [gateId, kind, agent ?? '-', `open for ${ageOf(openedAt, at)}`, `ends ${momentOf(expiresAt)}`, ...notes].join('  ');
}

function askLine({ runId, agent, currency, lines: asked }: Ask): string {
  return [runId, agent, ...asked.map(({ line, limit, committed, needed }) => `${line}: ${amountOf(needed, line, currency)} with ${amountOf(committed, line, currency)} of ${amountOf(limit, line, currency)} gone`)].join('  ');
}

function amountOf(amount: number, line: string, currency: string): string {
  const measure = line.slice(line.lastIndexOf('/') + 1);
  return measure === 'money' ? formatMoney({ micros: amount, currency }) : `${amount} ${measure}`;
}
