/** Reads a prompt back into its parts, by the headings the prompt builder writes. */
import type { PromptMessage } from '@soloist/contracts';
import { FACTS_HEADING, INPUT_HEADING, unquoted } from '../domain/prompt-text.js';

export interface ReadPrompt {
  /** The sender's address, null when there is none. */
  readonly from: string | null;
  readonly name: string;
  readonly subject: string;
  readonly messageId: string | null;
  readonly text: string;
  /** Sentences of the mail that ask something, without what the mail itself quotes. */
  readonly questions: readonly string[];
  readonly facts: readonly string[];
}

/** Null when no message of the prompt holds a mail. */
export function readPrompt(messages: readonly PromptMessage[]): ReadPrompt | null {
  const block = messages.find((message) => message.role === 'user' && message.content.startsWith(`${INPUT_HEADING}\n`));
  if (block === undefined) return null;
  const lines = unquoted(block.content).split('\n');
  const end = lines.indexOf('');
  const head = new Map(lines.slice(0, end).map((line) => splitHeader(line)));
  const text = lines.slice(end + 1).join('\n');
  const [, name = '', address = ''] = /^(.*?)\s*<([^<>]*)>$/.exec(head.get('From') ?? '') ?? [];
  const messageId = head.get('Message-ID') ?? '';
  return {
    from: address === '' ? null : address,
    name: name.trim(),
    subject: head.get('Subject') ?? '',
    messageId: messageId === '' ? null : messageId,
    text,
    questions: questionsOf(text),
    facts: factsOf(messages),
  };
}

function splitHeader(line: string): [string, string] {
  const colon = line.indexOf(': ');
  return colon === -1 ? [line.replace(/:$/, ''), ''] : [line.slice(0, colon), line.slice(colon + 2)];
}

function questionsOf(text: string): readonly string[] {
  const own = text
    .split('\n')
    .filter((line) => !line.startsWith('>'))
    .join(' ')
    .replace(/\s+/g, ' ');
  return (own.match(/[^.!?]+\?/g) ?? []).map((question) => question.trim()).slice(0, 5);
}

function factsOf(messages: readonly PromptMessage[]): readonly string[] {
  const block = messages.find((message) => message.role === 'user' && message.content.startsWith(`${FACTS_HEADING}\n`));
  if (block === undefined) return [];
  return block.content
    .split(/^\[fact [^\]]*\]$/m)
    .slice(1)
    .map((part) => unquoted(part).replace(/\s+/g, ' ').trim())
    .filter((fact) => fact !== '');
}
