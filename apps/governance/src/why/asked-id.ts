/**
 * What an operator has at hand when asking "why": an id, told apart by its form alone.
 *
 * I1 an id of no known form is null, never taken for another kind
 */
export type AskedId =
  | { readonly kind: 'gate'; readonly gateId: string; readonly runId: string }
  /** An effect's id holds the first 24 characters of its run's. */
  | { readonly kind: 'effect'; readonly effectId: string; readonly runPrefix: string }
  | { readonly kind: 'sent-mail'; readonly messageId: string; readonly effectId: string; readonly runPrefix: string; readonly generation: number }
  | { readonly kind: 'received-mail'; readonly messageId: string }
  | { readonly kind: 'position'; readonly stream: number; readonly sequence: number }
  /** 32 hexadecimal digits are a run's id or a commit's. */
  | { readonly kind: 'run-or-commit'; readonly id: string };

const GATE = /^([a-z0-9-]{1,56})-g[1-9][0-9]{0,4}$/;
const EFFECT = /^([a-z0-9-]{1,56})-e[1-9][0-9]{0,4}$/;
const POSITION = /^(?:EVENTS-)?([0-9]{1,2}):([1-9][0-9]{0,14})$/;
const SENT = /^<([a-z0-9-]{1,56})-e([1-9][0-9]{0,4})-g([1-9][0-9]{0,4})@soloist\.local>$/;
const RUN_OR_COMMIT = /^[a-z0-9-]{1,64}$/;

export function askedIdOf(text: string): AskedId | null {
  const position = POSITION.exec(text);
  if (position !== null) return { kind: 'position', stream: Number(position[1]), sequence: Number(position[2]) };
  if (text.includes('@')) return mailOf(text.startsWith('<') ? text : `<${text}>`);
  const gate = GATE.exec(text);
  if (gate !== null) return { kind: 'gate', gateId: text, runId: gate[1] ?? '' };
  const effect = EFFECT.exec(text);
  if (effect !== null) return { kind: 'effect', effectId: text, runPrefix: effect[1] ?? '' };
  return RUN_OR_COMMIT.test(text) ? { kind: 'run-or-commit', id: text } : null;
}

function mailOf(messageId: string): AskedId {
  const sent = SENT.exec(messageId);
  if (sent === null) return { kind: 'received-mail', messageId };
  const [, runPrefix = '', number, generation] = sent;
  return { kind: 'sent-mail', messageId, effectId: `${runPrefix}-e${number}`, runPrefix, generation: Number(generation) };
}
