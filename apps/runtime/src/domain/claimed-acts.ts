/**
 * Receipt or it did not happen: what an agent says it has done is held against what was done before anybody reads it.
 *
 * I1 a sentence that says an act of one of the agent's own tools was done counts as a claim; one that denies, plans,
 *    supposes, or tells of somebody else's act does not
 * I2 a claim is supported by an effect of that tool that succeeded in this run, and by nothing else
 * I3 an unsupported claim is a fact on the record, and the text that makes it says so where people read it
 */
import type { AgentDefinition } from '@soloist/contracts';
import type { LoopState } from './loop.js';

/** Past forms, in English and German, of what a tool's verb is called by people. Others are formed from the verb itself. */
const SAID_OF: Readonly<Record<string, readonly string[]>> = {
  'mail.send': ['sent', 'e-mailed', 'emailed', 'mailed', 'replied', 'answered', 'forwarded', 'written', 'wrote', 'gesendet', 'geschickt', 'verschickt', 'versandt', 'versendet', 'abgeschickt', 'geantwortet', 'beantwortet', 'gemailt', 'geschrieben', 'weitergeleitet'],
};
const IRREGULAR: Readonly<Record<string, string>> = { send: 'sent', pay: 'paid', make: 'made', write: 'written', put: 'put', set: 'set', buy: 'bought', sell: 'sold' };

const NOT_SAID = /\b(not|never|no|cannot|can't|couldn't|haven't|hasn't|wasn't|weren't|isn't|nothing|unable|failed|refused|rejected|nicht|nie|niemals|kein|keine|keinen|konnte|abgelehnt)\b|n['’]t\b/i;
const NOT_YET = /\b(will|would|can|could|should|shall|may|might|must|going to|once|when|whenever|if|unless|until|before|after|please|werde|werden|würde|kann|könnte|soll|sobald|wenn|falls|bevor|bitte)\b/i;

/** The actions an agent claims without a receipt, in the order of its definition. */
export function unsupportedActs(text: string, state: LoopState, definition: Pick<AgentDefinition, 'actions'>): readonly string[] {
  const done = new Set(state.calls.flatMap((call) => (call.observed?.outcome === 'succeeded' ? [call.tool] : [])));
  const sentences = text.split(/(?<=[.!?])\s+|\n+/);
  return definition.actions.filter((action) => !done.has(action) && sentences.some((sentence) => claims(sentence, action)));
}

function claims(sentence: string, action: string): boolean {
  if (NOT_SAID.test(sentence) || NOT_YET.test(sentence)) return false;
  const forms = wordsFor(action).map(escaped).join('|');
  const near = String.raw`(?:[^\s.!?]+\s+){0,12}?`;
  const bySelf = String.raw`(?:\b(?:I|we|habe|haben|hab|wir|ich)\b|\b(?:I|we)['’]ve\b)\s+${near}(?:${forms})\b`;
  const passive = String.raw`\b(?:was|were|is|are|been|being|wurde|wurden|ist|sind|worden)\s+${near}(?:${forms})\b`;
  const bare = String.raw`^\W*(?:done|erledigt|ok|okay|all set)?\W*(?:successfully\s+|just\s+|already\s+)?(?:${forms})\b`;
  const behind = String.raw`\b(?:mail|email|e-mail|reply|answer|message|antwort|nachricht)\s+(?:${forms})\b`;
  return [bySelf, passive, bare, behind].some((pattern) => new RegExp(pattern, 'iu').test(sentence));
}

function wordsFor(action: string): readonly string[] {
  const known = SAID_OF[action];
  if (known !== undefined) return known;
  const [verb = ''] = (action.split('.')[1] ?? '').split('-');
  return [IRREGULAR[verb] ?? (verb.endsWith('e') ? `${verb}d` : `${verb}ed`)];
}

function escaped(word: string): string {
  return word.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}

/** What people read instead of the bare claim. */
export function markUnsupported(text: string, actions: readonly string[]): string {
  return `[no receipt for ${actions.join(', ')}: what follows says that it was done, and nothing on record does] ${text}`;
}
