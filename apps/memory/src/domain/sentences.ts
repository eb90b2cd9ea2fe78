/**
 * Cuts a mail's text into the sentences its author wrote, each with its exact place.
 *
 * I1 text.slice(start, end) is what was written; `text` differs from it in white space only
 * I2 quoted lines, what stands below a forwarding or reply header, and the signature are nobody's new statement
 * I3 the same text gives the same sentences in every process, in time that grows with its length only
 */
export interface Sentence {
  /** UTF-16 code units, as String.prototype.slice counts. */
  readonly start: number;
  readonly end: number;
  /** The slice with every run of white space as one blank. */
  readonly text: string;
}

/** A sentence longer than this is cut at white space; nobody quotes a longer one. */
export const LONGEST_SENTENCE = 500;
/** Nobody writes more by hand; what is longer is a dump whose end is not looked at. */
export const LONGEST_TEXT = 200_000;

const LONGEST_CLOSING = 60;
const LOOK_AHEAD_LINES = 6;

const QUOTED = /^\s*(>|\|)/;
const SIGNATURE_DELIMITER = /^--\s?$/;
/** Announces a quotation: the lines quoted below it, or all that follows when they are not marked as quoted. */
const QUOTATION_HEADER = /^(on|am) .{4,160}(wrote|schrieb)(\s.{1,80})?:$/i;
const QUOTATION_HEADER_START = /^(on|am) \S.{3,}/i;
/** From here on the text is somebody else's, or older. */
const REPLY_HEADER = [
  /^-{2,}\s*(original message|forwarded message|ursprüngliche nachricht|weitergeleitete nachricht)\s*-{2,}$/i,
  /^_{10,}$/,
  /^(from|von): .+@.+$/i,
];
const NAME_AFTER = String.raw`(?:[,!.]?\s+[\p{L}.'-]+){0,3}[,!.]*$`;
/** Words that only end a mail; what follows is the signature. */
const CLOSING = new RegExp(
  String.raw`^(?:(?:with )?(?:best|kind|kindest|warm|warmest|many) (?:regards|wishes|greetings)|regards|(?:yours )?sincerely|yours truly|(?:viele|beste|liebe|herzliche|schöne|freundliche)? ?(?:grüße|grüsse)|mit (?:freundlichen|besten|herzlichen|freundlichem) (?:grüßen|grüssen|gruß)|mfg|vg|lg)${NAME_AFTER}`,
  'iu',
);
/** Words that end a mail when nothing but a name follows. */
const SOFT_CLOSING = /^(?:best|cheers|thanks|many thanks|thank you|thx|talk soon|all the best|take care|danke|vielen dank|bis bald|ciao)(?:[,!.]\s*[\p{L}.'-]+(?: [\p{L}.'-]+)?)?[,!.]*$/iu;
const NAME_LINE = /^[\p{L}.,'-]+(?: [\p{L}.,'-]+){0,3}$/u;
const LIST_ITEM = /^\s*([-*•–]|\d{1,2}[.)]|[a-z]\))\s+/;
const ABBREVIATION =
  /(^|[\s(])(mr|mrs|ms|dr|prof|st|no|nr|inc|ltd|co|corp|vs|approx|ca|etc|e\.g|i\.e|z\.b|bzw|d\.h|inkl|excl|incl|max|min|tel|ext|p\.o|a\.m|p\.m|jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|okt|nov|dec|dez|[a-z])\.$/i;
const ORDINAL = /(^|\s)\d{1,2}\.$/;
const MONTH = /^(jan|feb|mar|mär|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez)/i;

interface Line {
  readonly start: number;
  readonly text: string;
}

export function sentencesOf(text: string): readonly Sentence[] {
  const looked = text.slice(0, LONGEST_TEXT);
  return paragraphsOf(looked).flatMap((paragraph) => sentencesIn(looked, paragraph));
}

/** Runs of the author's own lines; a list item, a quote or an empty line begins another. */
function paragraphsOf(text: string): readonly { start: number; end: number }[] {
  const paragraphs: { start: number; end: number }[] = [];
  const lines = linesOf(text);
  let isOpen = false;
  for (let index = 0; index < lines.length; index += 1) {
    const { start, text: line } = lines[index] as Line;
    const header = headerLines(lines, index);
    if (endsTheMessage(lines, index) || (header > 0 && !isQuotedAfter(lines, index + header))) break;
    if (header > 0 || line.trim() === '' || QUOTED.test(line)) {
      index += Math.max(header - 1, 0);
      isOpen = false;
      continue;
    }
    const last = paragraphs.at(-1);
    if (isOpen && last !== undefined && !LIST_ITEM.test(line)) last.end = start + line.length;
    else paragraphs.push({ start: start + (LIST_ITEM.exec(line)?.[0].length ?? 0), end: start + line.length });
    isOpen = true;
  }
  return paragraphs;
}

/** How many lines a quotation header takes here: mail programs break it once when it is long. 0: none begins here. */
function headerLines(lines: readonly Line[], index: number): number {
  const first = lines[index]?.text.trim() ?? '';
  if (QUOTATION_HEADER.test(first)) return 1;
  return QUOTATION_HEADER_START.test(first) && QUOTATION_HEADER.test(`${first} ${lines[index + 1]?.text.trim() ?? ''}`) ? 2 : 0;
}

/** True when the next line with content is a quoted one, so that the author may go on below it. */
function isQuotedAfter(lines: readonly Line[], index: number): boolean {
  const next = nextLine(lines, index);
  return next !== null && QUOTED.test(next);
}

function endsTheMessage(lines: readonly Line[], index: number): boolean {
  const bare = lines[index]?.text.trim() ?? '';
  if (SIGNATURE_DELIMITER.test(bare) || REPLY_HEADER.some((header) => header.test(bare))) return true;
  if (bare.length > LONGEST_CLOSING) return false;
  return CLOSING.test(bare) || (SOFT_CLOSING.test(bare) && isNameNext(lines, index + 1));
}

function isNameNext(lines: readonly Line[], index: number): boolean {
  const next = nextLine(lines, index);
  return next === null || QUOTED.test(next) || NAME_LINE.test(next.trim());
}

/** The next line with content, looked for among a few only. */
function nextLine(lines: readonly Line[], index: number): string | null {
  for (let ahead = index; ahead < index + LOOK_AHEAD_LINES; ahead += 1) {
    const line = lines[ahead];
    if (line !== undefined && line.text.trim() !== '') return line.text;
  }
  return null;
}

function linesOf(text: string): readonly Line[] {
  const lines: Line[] = [];
  let start = 0;
  while (start < text.length) {
    const next = text.indexOf('\n', start);
    const end = next === -1 ? text.length : next;
    lines.push({ start, text: text.slice(start, end) });
    start = end + 1;
  }
  return lines;
}

function sentencesIn(text: string, paragraph: { start: number; end: number }): readonly Sentence[] {
  const found: Sentence[] = [];
  let start = paragraph.start;
  // Bounded, or a long run of full stops would be scanned from each of its characters.
  const ends = /[.!?…]{1,8}["'”’)\]]{0,4}(?=\s)/g;
  ends.lastIndex = start;
  for (let match = ends.exec(text); match !== null && match.index < paragraph.end; match = ends.exec(text)) {
    const end = match.index + match[0].length;
    if (end > paragraph.end || !endsHere(text, start, end, paragraph.end)) continue;
    found.push(...cutToLength(text, start, end));
    start = end;
  }
  found.push(...cutToLength(text, start, paragraph.end));
  return found;
}

/** A full stop after an abbreviation, an initial or the day of a date ends nothing. */
function endsHere(text: string, start: number, end: number, limit: number): boolean {
  const before = text.slice(Math.max(start, end - 24), end);
  if (!before.endsWith('.')) return true;
  const after = text.slice(end, Math.min(limit, end + 24)).trimStart();
  if (ORDINAL.test(before) && MONTH.test(after)) return false;
  if (ABBREVIATION.test(before)) return false;
  return !/^\p{Ll}/u.test(after);
}

function cutToLength(text: string, from: number, to: number): readonly Sentence[] {
  const pieces: Sentence[] = [];
  let [start, end] = trimmed(text, from, to);
  while (end - start > LONGEST_SENTENCE) {
    const window = text.slice(start, start + LONGEST_SENTENCE);
    const cut = Math.max(window.search(/\s\S*$/), 0);
    // Text without any white space in so long a stretch is no language (base64, a long address).
    if (cut === 0) return pieces;
    pieces.push(sentence(text, ...trimmed(text, start, start + cut)));
    [start, end] = trimmed(text, start + cut, end);
  }
  if (start < end) pieces.push(sentence(text, start, end));
  return pieces;
}

function trimmed(text: string, start: number, end: number): [number, number] {
  const slice = text.slice(start, end);
  const lead = slice.length - slice.trimStart().length;
  return [Math.min(start + lead, end), Math.max(end - (slice.length - slice.trimEnd().length), start + lead)];
}

function sentence(text: string, start: number, end: number): Sentence {
  return { start, end, text: text.slice(start, end).replace(/\s+/g, ' ') };
}
