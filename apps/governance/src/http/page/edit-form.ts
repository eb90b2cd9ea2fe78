/**
 * Changing an action before it is approved, without a script.
 *
 * I1 a field that was not touched keeps its value to the byte, whatever a browser does to line ends
 * I2 Enter in a field does nothing: the first button of the form is switched off, and it is the one that Enter presses
 */
import { isErased } from '@soloist/eventlog';
import type { GateCard } from '../gate-schemas.js';
import { html, verbatim, type Html } from './html.js';

/** What the form sent, by the names of its fields. */
export type EditValues = Readonly<Record<string, string>>;

type Fields = Readonly<Record<string, unknown>>;
const WHOLE = 'args';

interface Field {
  readonly name: string;
  readonly label: string;
  readonly isLong: boolean;
}

const MAIL_FIELDS: readonly Field[] = [
  { name: 'to', label: 'To, separated by commas', isLong: false },
  { name: 'subject', label: 'Subject', isLong: false },
  { name: 'text', label: 'Text', isLong: true },
];
const ANY_FIELDS: readonly Field[] = [{ name: WHOLE, label: 'Arguments, as JSON', isLong: true }];

export function editForm(card: GateCard, hidden: Html, values: EditValues | null): Html | null {
  if (card.kind !== 'outward-effect' || isErased(card.args)) return null;
  return html`<details${values === null ? null : html` open`}><summary>Change it, then approve</summary><form method="post">${hidden}<button type="submit" disabled hidden>Not by Enter</button>
${fieldsOf(card.action).map(({ name, label, isLong }) => {
    const value = verbatim(values?.[name] ?? textOf(card.args as Fields, name));
    const control = isLong ? html`<textarea id="edit-${name}" name="${name}" class="long">
${value}</textarea>` : html`<input id="edit-${name}" name="${name}" value="${value}" autocomplete="off" autocapitalize="off">`;
    return html`<label for="edit-${name}">${label}</label>${control}`;
  })}
<button type="submit" name="decision" value="approve-edited">${card.action === 'mail.send' ? 'Approve the changed mail' : 'Approve the change'}</button></form></details>`;
}

/** The arguments as the form says they shall be, or why it cannot be read. */
export function editedArguments(card: GateCard, values: EditValues): { readonly args: Fields } | { readonly problem: string } {
  if (isErased(card.args)) return { problem: 'Its words are gone.' };
  const before = card.args as Fields;
  const changed = fieldsOf(card.action).filter(({ name }) => values[name] !== undefined && lines(values[name]) !== lines(textOf(before, name)));
  if (fieldsOf(card.action) === ANY_FIELDS) return changed.length === 0 ? { args: before } : parsed(values[WHOLE] ?? '');
  return { args: { ...before, ...Object.fromEntries(changed.map(({ name }) => [name, valueOf(name, lines(values[name] ?? ''))])) } };
}

function fieldsOf(action: string): readonly Field[] {
  return action === 'mail.send' ? MAIL_FIELDS : ANY_FIELDS;
}

function textOf(args: Fields, name: string): string {
  if (name === WHOLE) return JSON.stringify(args, null, 2);
  const value = args[name];
  return Array.isArray(value) ? value.join(', ') : typeof value === 'string' ? value : '';
}

function valueOf(name: string, text: string): unknown {
  return name === 'to' ? text.split(',').map((one) => one.trim()).filter((one) => one !== '') : text;
}

function parsed(text: string): { readonly args: Fields } | { readonly problem: string } {
  try {
    const args = JSON.parse(text) as unknown;
    return typeof args === 'object' && args !== null && !Array.isArray(args) ? { args: args as Fields } : { problem: 'The arguments must be a JSON object.' };
  } catch (error) {
    return { problem: `The arguments are not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
}

function lines(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}
