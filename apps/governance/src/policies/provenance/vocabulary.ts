/** The words by which an operator asks and a tool is named, by family of action. English; data, no rule stands here. */

export type Family = 'communicate' | 'pay' | 'create' | 'change' | 'delete' | 'share' | 'publish' | 'book' | 'execute' | 'credential' | 'fetch';

/** What an operator says to have it done: base forms of verbs. */
export const OPERATOR_VERBS: Readonly<Record<Family, string>> = {
  communicate:
    'send fax mail email message dm reply respond answer forward tell notify inform text write contact ping ask say announce remind greet thank congratulate confirm report invite call relay cc drop shoot let brief alert warn apologize apologise follow share introduce pass post get',
  pay: 'pay transfer refund reimburse wire settle repay donate tip purchase buy cover chip remit charge split topup owe invoice bill',
  create:
    'create add make schedule plan insert save write store record append register note draft log generate organize organise arrange upload copy remind remember put set prepare block open enter keep jot list compile book invite file capture duplicate extract collect turn',
  change:
    'update change modify edit adjust set reschedule move rename correct fix increase reduce raise lower replace mark switch complete assign extend postpone push star label flag pin archive append add shift swap turn convert bump transfer close finish tick resolve make put bring reopen mute snooze enable disable decline accept tag file sort',
  delete: 'delete remove cancel clear erase drop discard unsubscribe revoke kick purge empty trash clean wipe uninstall withdraw rid dump',
  share: 'share grant invite permit collaborate join send unlock onboard promote allow give add',
  publish: 'post publish tweet announce upload share comment review put blog submit write release create rate push',
  book: 'book reserve buy order purchase rent hire rebook get',
  execute: 'run execute deploy restart start install build test merge push commit launch trigger rollback scale stop invoke turn switch play process apply rerun roll',
  credential: 'authenticate',
  fetch: 'download fetch import save pull attach',
};

/** Things that an operator asks for with a verb that says little: "make a payment", "set a new password". */
export const OPERATOR_NOUNS: Readonly<Partial<Record<Family, string>>> = {
  pay: 'payment money rent bill invoice transaction transfer refund deposit debit donation tip euro eur usd dollar gbp pound chf buck',
  book: 'reservation booking appointment ticket order',
  share: 'permission access role reader viewer editor invitation invite',
  credential: 'password passcode login pin credential 2fa mfa otp passphrase key token authenticator',
  create: 'reminder event note task file meeting channel',
  communicate: 'mail email message reply invitation reminder note dm heads notice ring shout word fax letter greeting',
  publish: 'comment review post page',
};
export const LIGHT_VERBS = new Set('send make set give do put cover order create change reset update add rotate enable disable grant schedule need want leave write issue arrange place submit'.split(' '));

/** Words that are a verb only where a verb stands: "mail Bob", "please mail Bob", but not "the mail of Bob". */
export const ALSO_NOUNS = new Set(
  'fax invoice bill flag pin mail email message text contact call post book file order note plan schedule report comment review update charge tip list record log open share rate purchase answer alert brief test build push commit trigger release start stop play process hire copy draft mark label star shift swap move fix close rent transfer refund invite reply ask block change set cover drop split raise switch turn wire dm cc chip tag sort'.split(' '),
);
export const BEFORE_VERBS = new Set('please and then to you also or just now must should will would could can kindly need lets let us afterwards finally first next so otherwise immediately quickly not dont never without'.split(' '));
/** "What they write": somebody else does it. */
export const SUBJECTS = new Set('they he she we who people i everybody everyone customers clients'.split(' '));
export const BEFORE_PARTICIPLES = new Set('be get it them gets'.split(' '));
/** "I'd like a car rented". */
export const WISHES = new Set('like want need wish'.split(' '));
export const BEFORE_GERUNDS = new Set('by mind about start try and then'.split(' '));
/** "Tell me", "let me know", "give me a summary": an answer is asked for, no message. */
export const ANSWERS_ME = new Set('tell inform give let show report update brief write ask say call share get list'.split(' '));

export const TOOL_WORDS: Readonly<Record<Family, string>> = {
  communicate: 'send fax letter greeting mail email message messages dm reply respond forward notify sms tell ping chat text remind draft slack call announce',
  pay: 'pay payment payments money transfer transaction refund invoice wire bank charge remit donate checkout payout payee iban debit',
  create: 'create add make new insert save write store record append register log generate upload copy schedule put plan draft event remember compose open import note reminder',
  change: 'update change modify edit set adjust reschedule move rename replace mark assign toggle complete patch archive label configure enable disable switch turn star approve close extend accept decline rebook snooze',
  delete: 'delete remove cancel clear erase drop discard unsubscribe revoke kick purge empty trash wipe unshare uninstall destroy',
  share: 'share grant invite permission permissions access allow member role publicize unlock acl collaborator',
  publish: 'post publish tweet comment review blog webpage submit announce page release',
  book: 'book reserve buy order purchase rent hire reservation booking',
  execute: 'run execute deploy restart start install build merge push commit launch trigger rollback scale stop exec shell eval invoke play',
  credential: 'password passcode pin credential credentials 2fa mfa otp passphrase auth apikey recovery login',
  fetch: 'download fetch',
};
export const DELEGATES = new Set('instructions instruction described says said according accordance tasks task todo todos follow steps listed specified mentioned asks requests requested handle whatever actions items told wants outlined attached stated per contains checklist'.split(' '));
export const NEGATIONS = new Set('not dont never without nothing avoid refrain nor'.split(' '));
