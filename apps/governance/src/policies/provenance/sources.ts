/**
 * What has been read so far, by whose words it is, indexed for one question: does this value occur there?
 *
 * I1 text is only ever added; an index is built when it is first asked, and grows with what came since
 * I2 each kind of value is compared in its own form (forms.ts); no kind falls back to a looser one
 */
import { compact, daysIn, emailsIn, fold, hostOf, numbersIn, urlsIn, withoutEmails } from './forms.js';
import { Passages } from './passages.js';
import { contentOf } from './wording.js';

export class Source {
  private readonly texts: string[] = [];
  private readonly naming: ((() => boolean) | undefined)[] = [];
  private foldedUpTo = 0;
  private foldedText = ' ';
  private compactUpTo = 0;
  private compactText = '';
  private tokensUpTo = 0;
  private readonly emailSet = new Set<string>();
  private readonly urlSet = new Set<string>();
  private readonly hostSet = new Set<string>();
  private numbersUpTo = 0;
  private readonly numberSet = new Set<number>();
  private daysUpTo = 0;
  private readonly daySet = new Set<string>();
  private readUpTo = 0;
  private readonly read = new Passages();
  private stemsUpTo = 0;
  private readonly stemSet = new Set<string>();

  /** @param isNamed whether the operator's words name what was read here (reads.ts); asked when it first matters */
  add(text: string, isNamed?: () => boolean): void {
    if (text === '') return;
    this.texts.push(text);
    this.naming.push(isNamed);
  }

  get isEmpty(): boolean {
    return this.texts.length === 0;
  }

  get all(): readonly string[] {
    return this.texts;
  }

  get folded(): string {
    for (; this.foldedUpTo < this.texts.length; this.foldedUpTo += 1) {
      // Two spaces between texts: no phrase reaches over the seam.
      this.foldedText += ` ${fold(this.texts[this.foldedUpTo] ?? '')}`;
    }
    return this.foldedText;
  }

  hasWords(folded: string): boolean {
    return folded.trim() !== '' && this.folded.includes(folded);
  }

  /** The very characters, not as a part of a longer address. */
  hasLiteral(value: string): boolean {
    return value.length > 3 && this.texts.some((text) => standsAlone(text.toLowerCase(), value.toLowerCase()));
  }

  /** For long codes only: neighbours run together in this form. */
  hasCompact(value: string): boolean {
    for (; this.compactUpTo < this.texts.length; this.compactUpTo += 1) this.compactText += `\n${compact(this.texts[this.compactUpTo] ?? '')}`;
    return this.compactText.includes(value);
  }

  get emails(): ReadonlySet<string> {
    this.indexTokens();
    return this.emailSet;
  }

  get urls(): ReadonlySet<string> {
    this.indexTokens();
    return this.urlSet;
  }

  get hosts(): ReadonlySet<string> {
    this.indexTokens();
    return this.hostSet;
  }

  get numbers(): ReadonlySet<number> {
    for (; this.numbersUpTo < this.texts.length; this.numbersUpTo += 1) {
      for (const value of numbersIn(this.texts[this.numbersUpTo] ?? '')) this.numberSet.add(value);
    }
    return this.numberSet;
  }

  get days(): ReadonlySet<string> {
    for (; this.daysUpTo < this.texts.length; this.daysUpTo += 1) {
      for (const day of daysIn(this.texts[this.daysUpTo] ?? '')) this.daySet.add(day);
    }
    return this.daySet;
  }

  /** The words that carry something, as stems (wording.ts); those of mail addresses are not among them. */
  get stems(): ReadonlySet<string> {
    for (; this.stemsUpTo < this.texts.length; this.stemsUpTo += 1) {
      for (const stem of contentOf(withoutEmails(this.texts[this.stemsUpTo] ?? ''))) this.stemSet.add(stem);
    }
    return this.stemSet;
  }

  get passages(): Passages {
    for (; this.readUpTo < this.texts.length; this.readUpTo += 1) this.read.add(this.texts[this.readUpTo] ?? '', this.naming[this.readUpTo]);
    return this.read;
  }

  private indexTokens(): void {
    for (; this.tokensUpTo < this.texts.length; this.tokensUpTo += 1) {
      const text = this.texts[this.tokensUpTo] ?? '';
      for (const email of emailsIn(text)) this.emailSet.add(email);
      for (const url of urlsIn(text)) {
        this.urlSet.add(url);
        this.hostSet.add(hostOf(url));
      }
    }
  }
}

function standsAlone(text: string, value: string): boolean {
  for (let at = text.indexOf(value); at !== -1; at = text.indexOf(value, at + 1)) {
    if (!/[\p{L}\p{N}@._-]/u.test(text.charAt(at - 1)) && !/[\p{L}\p{N}/?&=_-]/u.test(text.charAt(at + value.length))) return true;
  }
  return false;
}

/** The authors whose words a run reads; `receipts` are the answers of tools that only act, which are in the others too. */
export interface Sources {
  readonly receipts: Source;
  readonly operator: Source;
  readonly trusted: Source;
  readonly untrusted: Source;
}

export function noSources(): Sources {
  return { receipts: new Source(), operator: new Source(), trusted: new Source(), untrusted: new Source() };
}
