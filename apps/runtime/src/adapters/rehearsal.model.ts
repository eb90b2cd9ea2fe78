/**
 * The rehearsal model: a script, not a model. It lets everything be tried without a key, costs nothing, and makes no
 * network connection. What it writes is made from the prompt and marked, so that nobody takes it for a model's.
 *
 * I1 the same prompt gives the same answer
 * I2 it states nothing that the prompt's facts do not state, and says so when they state nothing
 * I3 every text of its own begins with the mark
 */
import { REHEARSAL_MODEL } from '@soloist/catalog';
import type { PromptMessage } from '@soloist/contracts';
import type { ModelAnswer, ModelPort, ModelRequest } from '../ports/model.port.js';
import { readPrompt, type ReadPrompt } from './rehearsal.reading.js';

export const REHEARSAL_MARK = '[rehearsal]';
const MAIL_TOOL = 'mail.send';
const MAX_QUOTED_FACTS = 3;
const MESSAGE_ID = /^<[!-;=?-~]{1,890}>$/;
const CONTROL_CHARACTERS = /[\u0000-\u0008\u000b-\u001f\u007f]/g;

export function rehearsalModel(): ModelPort {
  return { complete: (request) => Promise.resolve(answerTo(request)) };
}

function answerTo(request: ModelRequest): ModelAnswer {
  const result = request.messages.findLast((message) => message.role === 'tool');
  if (result !== undefined) return said(closing(result));
  const prompt = readPrompt(request.messages);
  const canMail = request.tools.some((tool) => tool.name === MAIL_TOOL);
  if (prompt === null || prompt.from === null || !canMail) {
    return said(`${REHEARSAL_MARK} No answer was written: ${canMail ? 'the prompt names no sender' : `the agent may not use ${MAIL_TOOL}`}.`);
  }
  const args = { to: [prompt.from], subject: replySubject(prompt.subject), text: replyText(prompt), inReplyTo: MESSAGE_ID.test(prompt.messageId ?? '') ? prompt.messageId : null };
  return { ...said(''), toolCalls: [{ callId: 'reply', tool: MAIL_TOOL, args }], finishReason: 'tool_calls' };
}

function said(text: string): ModelAnswer {
  const usage = { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 };
  return { model: REHEARSAL_MODEL, rehearsal: true, text, toolCalls: [], finishReason: 'stop', usage };
}

function closing(result: PromptMessage): string {
  const outcome = /"outcome":"([a-z]+)"/.exec(result.content)?.[1];
  switch (outcome) {
    case 'succeeded':
      return `${REHEARSAL_MARK} The reply was sent.`;
    case 'unknown':
      return `${REHEARSAL_MARK} Whether the reply was sent is not known.`;
    default:
      return `${REHEARSAL_MARK} The reply was not sent (${outcome ?? 'no outcome'}).`;
  }
}

function replySubject(subject: string): string {
  return (/^re:/i.test(subject) ? subject : `Re: ${subject}`).replace(CONTROL_CHARACTERS, '').slice(0, 300).toWellFormed().trim();
}

function replyText(prompt: ReadPrompt): string {
  const asked = prompt.questions.map((question) => `> ${question}`);
  const facts = matching(prompt);
  const body =
    facts.length === 0
      ? ['I have no recorded fact that answers this, so I promise nothing here. The owner will answer in person.']
      : ['This is what is on record:', '', ...facts.map((fact) => `“${fact}”`)];
  const note = 'This text was put together by the rehearsal script from recorded facts. No language model has read your mail.';
  return [`${REHEARSAL_MARK} Hello${prompt.name === '' ? '' : ` ${prompt.name}`},`, '', ...asked, ...(asked.length === 0 ? [] : ['']), ...body, '', note, '']
    .join('\n')
    .replace(CONTROL_CHARACTERS, '');
}

/** Facts that share the most words with the question; in the order of recall where they share as many. */
function matching(prompt: ReadPrompt): readonly string[] {
  const wanted = wordsOf(prompt.questions.length > 0 ? prompt.questions.join(' ') : `${prompt.subject} ${prompt.text}`);
  return prompt.facts
    .map((fact, rank) => ({ fact, rank, shared: [...wordsOf(fact)].filter((word) => wanted.has(word)).length }))
    .filter(({ shared }) => shared > 0)
    .sort((left, right) => right.shared - left.shared || left.rank - right.rank)
    .slice(0, MAX_QUOTED_FACTS)
    .map(({ fact }) => fact);
}

/** Words that say something, by their first letters, so that "rates" meets "rate". */
function wordsOf(text: string): ReadonlySet<string> {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return new Set(words.filter((word) => word.length > 3 && !EMPTY_WORDS.has(word)).map((word) => word.slice(0, 5)));
}

const EMPTY_WORDS: ReadonlySet<string> = new Set(
  'about also been could does from have hello here just know many much our please should some that their them then there these they this thank thanks tell us want were what when where which will with would your you could again dear best kind regards'.split(' '),
);
