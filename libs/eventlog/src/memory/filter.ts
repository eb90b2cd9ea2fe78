/** NATS wildcards: `*` is one token, a final `>` is one or more. */

export type Matches = (subject: string) => boolean;

const compiled = new Map<string, Matches>();
const MOST_COMPILED = 10_000;

/** A filter made ready once; filters are few, subjects are many. */
export function filterOf(filter: string): Matches {
  if (isExact(filter)) return (subject) => subject === filter;
  const known = compiled.get(filter);
  if (known !== undefined) return known;
  if (compiled.size >= MOST_COMPILED) compiled.clear();
  const made = compile(filter);
  compiled.set(filter, made);
  return made;
}

export function isMatch(filter: string, subject: string): boolean {
  return filter === subject || filterOf(filter)(subject);
}

const MOST_REMEMBERED = 20_000;
const lists = new Map<string, Matches>();

/** Whether one of some filters matches. Filters never change, and the same few subjects are asked about over and over. */
export function anyOf(filters: readonly string[]): Matches {
  const name = filters.join(' ');
  const known = lists.get(name);
  if (known !== undefined) return known;
  const made = remembered((subject) => filters.some((filter) => isMatch(filter, subject)));
  if (lists.size >= MOST_COMPILED) lists.clear();
  lists.set(name, made);
  return made;
}

/** Keeps the answers to what was asked before. */
export function remembered(matches: Matches): Matches {
  const known = new Map<string, boolean>();
  return (subject) => {
    const answer = known.get(subject);
    if (answer !== undefined) return answer;
    if (known.size >= MOST_REMEMBERED) known.clear();
    const found = matches(subject);
    known.set(subject, found);
    return found;
  };
}

export function isExact(filter: string): boolean {
  return !filter.includes('*') && !filter.includes('>');
}

function compile(filter: string): Matches {
  const tokens = filter.split('.').map((token) => (token === '*' ? '[^.]*' : token === '>' ? null : escaped(token)));
  const open = tokens.indexOf(null);
  const before = (open < 0 ? tokens : tokens.slice(0, open)).join('\\.');
  const form = new RegExp(open < 0 ? `^${before}$` : open === 0 ? '^' : `^${before}\\.`, 's');
  return (subject) => form.test(subject);
}

function escaped(token: string): string {
  return token.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
