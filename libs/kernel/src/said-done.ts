/**
 * Whether a sentence says that an act was done: read by its words, in English and German. A text that claims an act is
 * held against receipts before anybody reads it; what counts as a receipt is for the caller to say.
 *
 * I1 a sentence that denies, plans or supposes an act, or tells of somebody else's, says nothing of the kind
 */

/** Past forms of what a tool's verb is called by people. Others are formed from the verb itself. */
const SAID_OF: Readonly<Record<string, readonly string[]>> = {
  'mail.send': ['sent', 'e-mailed', 'emailed', 'mailed', 'replied', 'answered', 'forwarded', 'written', 'wrote', 'gesendet', 'geschickt', 'verschickt', 'versandt', 'versendet', 'abgeschickt', 'geantwortet', 'beantwortet', 'gemailt', 'geschrieben', 'weitergeleitet'],
};
const IRREGULAR: Readonly<Record<string, string>> = { send: 'sent', pay: 'paid', make: 'made', write: 'written', put: 'put', set: 'set', buy: 'bought', sell: 'sold' };

/** Past forms of acts that somebody outside would rely on, whichever tool does them. */
export const ACTS_PEOPLE_RELY_ON: readonly string[] = [
  ...['paid', 'refunded', 'reimbursed', 'transferred', 'credited', 'charged', 'invoiced', 'cancelled', 'canceled', 'booked', 'reserved', 'ordered', 'scheduled', 'rescheduled', 'confirmed', 'registered', 'unsubscribed', 'subscribed'],
  ...['deleted', 'removed', 'changed', 'updated', 'fixed', 'signed', 'approved', 'submitted', 'filed', 'shipped', 'uploaded', 'forwarded', 'invited', 'called', 'escalated', 'blocked', 'activated', 'deactivated', 'closed'],
  ...['bezahlt', 'überwiesen', 'erstattet', 'gutgeschrieben', 'berechnet', 'storniert', 'gekündigt', 'abgesagt', 'gebucht', 'reserviert', 'bestellt', 'verschoben', 'bestätigt', 'angemeldet', 'abgemeldet'],
  ...['gelöscht', 'entfernt', 'geändert', 'aktualisiert', 'behoben', 'unterschrieben', 'freigegeben', 'eingereicht', 'verschickt', 'hochgeladen', 'weitergeleitet', 'eingeladen', 'angerufen', 'gesperrt', 'geschlossen'],
];

const NOT_SAID = /\b(not|never|no|cannot|can't|couldn't|haven't|hasn't|wasn't|weren't|isn't|nothing|unable|failed|refused|rejected|nicht|nie|niemals|kein|keine|keinen|konnte|abgelehnt)\b|n['’]t\b/i;
const NOT_YET = /\b(will|would|can|could|should|shall|may|might|must|going to|once|when|whenever|if|unless|until|before|after|please|werde|werden|würde|kann|könnte|soll|sobald|wenn|falls|bevor|bitte)\b/i;
const NEAR = String.raw`(?:[^\s.!?]+\s+){0,12}?`;

/** What people say when the action was done, as far as its name tells. */
export function pastFormsOf(action: string): readonly string[] {
  const known = SAID_OF[action];
  if (known !== undefined) return known;
  const [verb = ''] = (action.split('.')[1] ?? '').split('-');
  return [IRREGULAR[verb] ?? (verb.endsWith('e') ? `${verb}d` : `${verb}ed`)];
}

export function clausesIn(text: string): readonly string[] {
  return text.split(/(?<=[.!?])\s+|\n+/);
}

/** "I have paid", "it was paid", "Paid." */
export function saysItWasDone(sentence: string, forms: readonly string[]): boolean {
  const said = forms.map(escaped).join('|');
  const passive = String.raw`\b(?:was|were|is|are|been|being|wurde|wurden|ist|sind|worden)\s+${NEAR}(?:${said})\b`;
  const bare = String.raw`^\W*(?:done|erledigt|ok|okay|all set)?\W*(?:successfully\s+|just\s+|already\s+)?(?:${said})\b`;
  const behind = String.raw`\b(?:mail|email|e-mail|reply|answer|message|antwort|nachricht)\s+(?:${said})\b`;
  return saysWeDidIt(sentence, forms) || (isAffirmed(sentence) && [passive, bare, behind].some((pattern) => new RegExp(pattern, 'iu').test(sentence)));
}

/** "I have paid", "we paid", and nothing that leaves open who did it. */
export function saysWeDidIt(sentence: string, forms: readonly string[]): boolean {
  const bySelf = String.raw`(?:\b(?:I|we|habe|haben|hab|wir|ich)\b|\b(?:I|we)['’]ve\b)\s+${NEAR}(?:${forms.map(escaped).join('|')})\b`;
  return forms.length > 0 && isAffirmed(sentence) && new RegExp(bySelf, 'iu').test(sentence);
}

function isAffirmed(sentence: string): boolean {
  return !NOT_SAID.test(sentence) && !NOT_YET.test(sentence);
}

function escaped(word: string): string {
  return word.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
