/**
 * Ties the id of a record to the operator's words: "move my dentist appointment" names the record whose title says so,
 * and the id in that record was given by the connector, not by whoever wrote its text.
 *
 * I1 an id counts only where it is a whole field of a record; inside a text it is a word like any other
 * I2 a record counts only if another of its short fields is named in the operator's words
 */
import { fold, wordsOf } from './forms.js';
import type { Source } from './sources.js';

const MAX_PARSED = 200_000;
const MAX_NODES = 5_000;
const MAX_FIELD = 120;
const EMPTY_WORDS = new Set('the a an of for with and or to from in on at my your our me you is are re fwd new about true false none null'.split(' '));

type Fields = readonly (readonly [string, string])[];

export function isAnchored(id: string, untrusted: Source, operator: Source): boolean {
  const wanted = fold(id);
  for (const text of untrusted.all) {
    if (!text.includes(id)) continue;
    for (const record of recordsOf(text)) {
      const holds = record.some(([name, value]) => isIdName(name) && fold(value) === wanted);
      if (holds && record.some(([name, value]) => !isIdName(name) && isNamed(value, operator))) return true;
    }
  }
  return false;
}

/** Whether a record in which the operator's words name a field, its sender for example, holds this text. Of an address only what stands before the @ counts. */
export function isSaidByNamed(value: string, untrusted: Source, operator: Source): boolean {
  const wanted = fold(value);
  return untrusted.all.some((text) => recordsOf(text).some((record) => record.some(([, held]) => fold(held).includes(wanted)) && record.some(([name, held]) => !isIdName(name) && !fold(held).includes(wanted) && isNamed(held.replace(/@[^\s<>]*/, ''), operator))));
}

/** Whether the id is that of a thing this run made itself, as the tool that made it said. */
export function isReceipted(id: string, receipts: Source): boolean {
  const wanted = fold(id);
  return receipts.all.some((text) => text.includes(id) && recordsOf(text).some((record) => record.some(([name, value]) => isIdName(name) && fold(value) === wanted)));
}

function isIdName(name: string): boolean {
  return /(?:^|_)id_?$|^id|^(?:uid|uuid|key|number|index|ref|reference|sku|code)$/i.test(name) || /Id$/.test(name);
}

function isNamed(value: string, operator: Source): boolean {
  if (value.length < 3 || value.length > MAX_FIELD || /^[\d\s:.,TZ+/-]+$/.test(value)) return false;
  const folded = fold(value);
  const words = wordsOf(folded).filter((word) => word.length > 2 && !EMPTY_WORDS.has(word));
  if (words.length === 0) return false;
  if (operator.hasWords(folded)) return true;
  const known = words.filter((word) => operator.hasWords(` ${word} `)).length;
  return known >= 2 ? known / words.length >= 0.5 : known === 1 && words.length <= 2;
}

/** The records of a result: objects of its JSON, or the items of a YAML list whose keys stand in the first columns. */
function recordsOf(text: string): readonly Fields[] {
  if (text.length > MAX_PARSED) return [];
  const start = text.trimStart().charAt(0);
  if (start === '{' || start === '[') {
    try {
      return recordsOfJson(JSON.parse(text) as unknown);
    } catch {
      // Not JSON after all: read it as lines.
    }
  }
  return recordsOfLines(text);
}

function recordsOfJson(root: unknown): readonly Fields[] {
  const records: Fields[] = [];
  const open: unknown[] = [root];
  for (let seen = 0; open.length > 0 && seen < MAX_NODES; seen += 1) {
    const node = open.pop();
    if (Array.isArray(node)) open.push(...node.slice(0, MAX_NODES));
    else if (typeof node === 'object' && node !== null) {
      const fields: (readonly [string, string])[] = [];
      for (const [name, value] of Object.entries(node)) {
        if (typeof value === 'string' || typeof value === 'number') fields.push([name, String(value)]);
        else if (Array.isArray(value) && value.every((one) => typeof one === 'string')) fields.push(...value.slice(0, 50).map((one) => [name, one] as const));
        else open.push(value);
      }
      records.push(fields);
    }
  }
  return records;
}

function recordsOfLines(text: string): readonly Fields[] {
  const records: (readonly [string, string])[][] = [];
  let current: (readonly [string, string])[] = [];
  for (const line of text.split('\n', MAX_NODES)) {
    const field = /^(- |  )?([A-Za-z_][A-Za-z0-9_]{0,40}):\s*(.{0,200})$/.exec(line);
    if (field === null) continue;
    if (field[1] === '- ') {
      current = [];
      records.push(current);
    } else if (records.length === 0) records.push(current);
    current.push([field[2] ?? '', (field[3] ?? '').replace(/^['"]|['"]$/g, '')]);
  }
  return records;
}
