/** From a path in a value to the place of its node in the file. */
import { isMap, isNode, isPair, isScalar, isSeq, type Document, type LineCounter, type Pair } from 'yaml';

export interface Place {
  readonly line: number;
  readonly column: number;
}

/** The place of the value at `path`; where the path ends early, that of the innermost node there is. */
export function placeOf(document: Document.Parsed, lines: LineCounter, path: readonly PropertyKey[]): Place {
  let node: unknown = document.contents;
  let last = offsetOf(node) ?? 0;
  for (const part of path) {
    node = childOf(node, part);
    if (node === undefined) break;
    last = offsetOf(node) ?? last;
  }
  return placeAt(lines, last);
}

/** The place of the key `key` itself in the map at `path`. */
export function placeOfKey(document: Document.Parsed, lines: LineCounter, path: readonly PropertyKey[], key: string): Place {
  let node: unknown = document.contents;
  for (const part of path) node = childOf(node, part);
  const offset = offsetOf(pairOf(node, key)?.key);
  return offset === undefined ? placeOf(document, lines, path) : placeAt(lines, offset);
}

function childOf(node: unknown, part: PropertyKey): unknown {
  if (isSeq(node) && typeof part === 'number') return node.items[part];
  const pair = pairOf(node, part);
  return pair === undefined ? undefined : (pair.value ?? pair.key);
}

function pairOf(node: unknown, key: PropertyKey): Pair | undefined {
  if (!isMap(node)) return undefined;
  return node.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(key));
}

function offsetOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}

function placeAt(lines: LineCounter, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}
