/** The card of a gate in the terminal: what would happen, to whom, word for word, and what it is bound to. */
import type { GateCard } from './api/shapes.js';
import { indented, money, oneLine, printable, shortTime } from './format.js';

export function cardLines(card: GateCard): readonly string[] {
  const shown = card.edit?.args ?? card.args;
  const args = isRecord(shown) ? shown : {};
  const { subject, text } = args;
  return [
    `gate      ${card.gateId}   ${card.state}`,
    `what      ${printable(card.what)}`,
    `run       ${card.runId}${card.agent === null ? '' : `   agent ${card.agent}`}`,
    `action    ${card.action}   (${card.effectClass}${card.kind === 'unknown-outcome' ? '; the outcome of the first try is unknown' : ''})`,
    ...(card.badges.length === 0 ? [] : [`look out  ${card.badges.map((badge) => (badge.isWarning ? `! ${badge.text}` : badge.text)).join('   ')}`]),
    ...(card.edit === null ? [] : [`edited    by operator: ${card.edit.fields.map(printable).join(', ')}; what follows is the edited version`]),
    `to        ${card.edit === null ? card.to.map(printable).join(', ') || '-' : printable(JSON.stringify(args['to'] ?? '-'))}`,
    ...(typeof subject === 'string' ? [`subject   ${oneLine(subject, 200)}`] : []),
    ...(typeof text === 'string' ? ['text', indented(card.edit === null ? markedText(card, text) : text)] : []),
    ...card.attachments.map(({ name, bytes, sha256 }) => `attached  ${oneLine(name, 60)}   ${bytes ?? '?'} bytes   ${sha256 ?? 'no checksum'}`),
    ...remaining(args),
    ...(card.trigger === null ? [] : [`because   ${oneLine(card.trigger.from, 80)} wrote at ${shortTime(card.trigger.receivedAt)}: ${oneLine(card.trigger.subject, 90)}`]),
    ...card.why.map((reason) => `why       ${printable(reason)}`),
    ...card.sources.map((source, index) => `source ${String(index + 1).padEnd(2)} ${sourceLine(source)}`),
    ...(card.agentSays === null ? [] : ['the agent says (a model\'s words, not what you decide about)', indented(card.agentSays, '  > ')]),
    `undo      ${card.undo}`,
    `cost      ${money(card.costMicros, card.currency)} so far`,
    `sure      ${confidenceLine(card)}`,
    `expires   ${shortTime(card.expiresAt)}; the answer is no then${card.snoozedUntil === null ? '' : `; not reminded of before ${shortTime(card.snoozedUntil)}`}`,
    `digest    ${card.digest}`,
  ];
}

/** The text as it is, with the numbers of its sources behind each sentence; [?] marks a figure that no source holds, [no receipt] an act that the run cannot show. */
function markedText({ sentences }: GateCard, text: string): string {
  if (sentences.map((sentence) => sentence.text).join('') !== text) return text;
  return sentences
    .map(({ text: words, sources, isUnsupported, isWithoutReceipt }) => {
      const end = words.trimEnd();
      return `${end}${sources.map((number) => `[${number}]`).join('')}${isUnsupported ? '[?]' : ''}${isWithoutReceipt ? '[no receipt]' : ''}${words.slice(end.length)}`;
    })
    .join('');
}

function confidenceLine({ confidence: { decisions, approvedUnchanged, share } }: GateCard): string {
  if (share === null) return `unknown: ${decisions} ${decisions === 1 ? 'decision' : 'decisions'} about this action so far, ten are needed`;
  return `you approved ${approvedUnchanged} of the last ${decisions} unchanged (${Math.round(share * 100)} %)`;
}

export function howToDecide(gateId: string): string {
  return `./soloist gate approve ${gateId}   or   ./soloist gate reject ${gateId} --reason "…"`;
}

const isText = (value: unknown): boolean => typeof value === 'string';
const isAttachment = (one: unknown): boolean => isText(one) || (isRecord(one) && Object.keys(one).every((field) => ['name', 'bytes', 'sha256'].includes(field)));
/** Fields that have a line of their own, and when that line says all of them. */
const OWN_LINES: Readonly<Record<string, (value: unknown) => boolean>> = {
  to: (value) => isText(value) || (Array.isArray(value) && value.every(isText)),
  subject: isText,
  text: isText,
  attachments: (value) => Array.isArray(value) && value.every(isAttachment),
};

/** All that the card does not show in its own line is shown as it is: nobody decides about what they did not see. */
function remaining(args: Readonly<Record<string, unknown>>): readonly string[] {
  const names = Object.keys(args).filter((name) => !(Object.hasOwn(OWN_LINES, name) && OWN_LINES[name]?.(args[name]) === true));
  return names.map((name) => `${name.padEnd(9)} ${printable(JSON.stringify(args[name]))}`);
}

function sourceLine(source: unknown): string {
  if (!isRecord(source)) return oneLine(JSON.stringify(source));
  const score = typeof source['score'] === 'number' ? ` score ${source['score'].toFixed(2)}` : '';
  return `${oneLine(String(source['text'] ?? ''), 90)}  [${String(source['trust'] ?? 'unknown')}${score}]`;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
