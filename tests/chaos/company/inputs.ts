/** How a mail of the load is recognised everywhere: a word in its text, from which its ids follow. */
import { derivedId } from '@soloist/eventlog';
import type { Accepted } from '@soloist/testing';

export const TOKEN = /chaos-\d+-\d+x/g;

export function messageIdOf(token: string): string {
  return `<${token}@client.example>`;
}

export function inputOf(token: string): Accepted {
  const inputId = derivedId('mail', messageIdOf(token));
  return { inputId, runId: derivedId('run', inputId) };
}
