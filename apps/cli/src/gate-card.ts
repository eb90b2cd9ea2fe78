/** The card of a gate in the terminal: what would happen, to whom, word for word, and what it is bound to. */
import type { GateCard } from './api/shapes.js';
import { indented, money, oneLine, printable, shortTime } from './format.js';

export function cardLines(card: GateCard): readonly string[] {
  const args = isRecord(card.args) ? card.args : {};
  const { subject, text, ...others } = args;
  return [
    `gate      ${card.gateId}   ${card.state}`,
    `run       ${card.runId}${card.agent === null ? '' : `   agent ${card.agent}`}`,
    `action    ${card.action}   (${card.effectClass}${card.kind === 'unknown-outcome' ? '; the outcome of the first try is unknown' : ''})`,
    `to        ${card.to.map(printable).join(', ') || '-'}`,
    ...(typeof subject === 'string' ? [`subject   ${oneLine(subject, 200)}`] : []),
    ...(typeof text === 'string' ? ['text', indented(text)] : []),
    ...remaining(others),
    ...card.why.map((reason) => `why       ${printable(reason)}`),
    ...card.sources.map((source) => `source    ${sourceLine(source)}`),
    `undo      ${card.undo}`,
    `cost      ${money(card.costMicros, card.currency)} so far`,
    `expires   ${shortTime(card.expiresAt)}; nothing happens then`,
    `digest    ${card.digest}`,
  ];
}

export function howToDecide(gateId: string): string {
  return `./soloist gate approve ${gateId}   or   ./soloist gate reject ${gateId} --reason "…"`;
}

/** All that the card does not show in its own line is shown as it is: nobody decides about what they did not see. */
function remaining(args: Readonly<Record<string, unknown>>): readonly string[] {
  const names = Object.keys(args).filter((name) => name !== 'to');
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
