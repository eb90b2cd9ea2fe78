/** What the command line needs to know of a raw mail (RFC 5322): its header fields, unfolded. Judging it is the intake's task. */
const HEADER_END = /\r?\n\r?\n/;
const ADDRESS = /<([^<>\s]+@[^<>\s]+)>|([^\s<>,;:"()]+@[^\s<>,;:"()]+)/g;

export function headerOf(raw: string, name: string): string | null {
  const head = raw.split(HEADER_END, 1)[0] ?? '';
  const unfolded = head.replaceAll(/\r?\n[ \t]+/g, ' ').split(/\r?\n/);
  const prefix = `${name.toLowerCase()}:`;
  const line = unfolded.find((candidate) => candidate.toLowerCase().startsWith(prefix));
  return line === undefined ? null : line.slice(prefix.length).trim();
}

export function addressesIn(field: string | null): readonly string[] {
  return [...(field ?? '').matchAll(ADDRESS)].map((match) => match[1] ?? match[2] ?? '');
}
