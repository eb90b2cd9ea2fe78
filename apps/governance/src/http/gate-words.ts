/** What is said about an action in plain words: made from its name, class and arguments alone. */
import type { JudgedFacts } from '@soloist/contracts';
import { isErased } from '@soloist/eventlog';
import type { Trust } from '@soloist/kernel';
import type { Card } from '../domain/gate-state.js';
import type { Attachment, Badge } from './gate-schemas.js';

type Fields = Readonly<Record<string, unknown>>;

export function whatOf({ action, kind }: Pick<Card, 'action' | 'kind'>, to: readonly string[]): string {
  const plain = action === 'mail.send' ? `Send a mail to ${to.length === 1 ? to[0] : `${to.length} addresses`}` : `Carry out ${action}`;
  return kind === 'unknown-outcome' ? `${plain} once more` : plain;
}

/** Whoever an action reaches, as far as its arguments say so. */
export function recipientsIn(args: unknown): string[] {
  if (isErased(args)) return [];
  const fields = args as Fields;
  return ['to', 'cc', 'bcc'].flatMap((field) => [fields[field] ?? []].flat()).map((one) => (typeof one === 'string' ? one : String((one as { address?: unknown }).address ?? JSON.stringify(one))));
}

export function attachmentsIn(args: unknown): Attachment[] {
  const listed = isErased(args) ? undefined : (args as Fields)['attachments'];
  if (!Array.isArray(listed)) return [];
  return (listed as readonly unknown[]).map((one): Attachment => {
    const { name, bytes, sha256 } = (typeof one === 'object' && one !== null ? one : { name: one }) as Fields;
    return { name: typeof name === 'string' ? name : 'without a name', bytes: typeof bytes === 'number' && Number.isSafeInteger(bytes) ? bytes : null, sha256: typeof sha256 === 'string' ? sha256 : null };
  });
}

export function undoOf(action: string, effectClass: string): string {
  if (action === 'mail.send') return 'A mail that has been handed over cannot be called back. A correction is another mail.';
  if (effectClass === 'read-only') return 'Nothing to undo: it changes nothing outside.';
  if (effectClass === 'natural') return 'It can be set again to what it was; that is another action.';
  return 'No way to undo this action is known. Treat it as final.';
}

const FROM: Readonly<Record<Trust, Badge | null>> = {
  owner: null,
  'verified-internal': null,
  'connector-structured': null,
  'third-party-text': { code: 'outside-text', text: 'Text from outside took part', isWarning: true },
  unknown: { code: 'unknown-text', text: 'Text of unknown origin took part', isWarning: true },
};

export function badgesOf({ action, effectClass, kind }: Pick<Card, 'action' | 'effectClass' | 'kind'>, judged: { readonly trust: Trust; readonly facts: JudgedFacts | null } | null): Badge[] {
  const facts = judged?.facts ?? null;
  const isFinal = action === 'mail.send' || effectClass === 'never' || facts?.isReversible === false;
  const badges: (Badge | null)[] = [
    kind === 'unknown-outcome' ? { code: 'unknown-outcome', text: 'May have happened already', isWarning: true } : null,
    facts?.hasNewRecipient === true ? { code: 'new-recipient', text: 'New recipient', isWarning: true } : null,
    FROM[judged?.trust ?? 'unknown'],
    isFinal ? { code: 'irreversible', text: 'Cannot be undone', isWarning: false } : null,
    facts !== null && facts.reach > 1 ? { code: 'reach', text: `Reaches ${facts.reach}`, isWarning: facts.reach > 20 } : null,
  ];
  return badges.filter((badge) => badge !== null);
}
