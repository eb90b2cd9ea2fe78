/**
 * The leaves of a call's arguments, each with its place and role.
 *
 * I1 total on any JSON, however deep; what exceeds the limits is told (`isCut`), never passed over
 */
import type { Json } from '@soloist/kernel';
import { roleOf, type ArgumentRole } from './roles.js';

export const MAX_LEAVES = 1_000;
const MAX_DEPTH = 32;

export interface Leaf {
  readonly path: string;
  readonly role: ArgumentRole;
  readonly value: string | number | boolean;
}

export interface Leaves {
  readonly leaves: readonly Leaf[];
  readonly isCut: boolean;
}

/** To whom a message with these arguments goes. */
export function recipientsIn(args: Json | undefined): string[] {
  return recipientsOf(leavesOf(args).leaves);
}

export function recipientsOf(leaves: readonly Leaf[]): string[] {
  return leaves.flatMap(({ role, value }) => (role === 'recipient' ? [String(value)] : []));
}

interface Open {
  readonly node: Json | undefined;
  readonly path: string;
  readonly names: readonly string[];
}

export function leavesOf(args: Json | undefined): Leaves {
  const leaves: Leaf[] = [];
  const open: Open[] = [{ node: args, path: '', names: [] }];
  let isCut = false;
  while (open.length > 0) {
    const { node, path, names } = open.pop() as Open;
    if (node === null || node === undefined) continue;
    if (typeof node !== 'object') {
      if (leaves.length >= MAX_LEAVES) isCut = true;
      else leaves.push({ path: path.slice(0, 200), role: roleOf(names, node), value: node });
      continue;
    }
    if (names.length >= MAX_DEPTH || open.length > 4 * MAX_LEAVES) {
      isCut = true;
      continue;
    }
    if (Array.isArray(node)) {
      const items = node as readonly Json[];
      for (let index = Math.min(items.length, MAX_LEAVES + 1) - 1; index >= 0; index -= 1) open.push({ node: items[index], path: `${path}[${index}]`, names });
    } else {
      for (const [name, value] of Object.entries(node as { readonly [key: string]: Json }).reverse()) open.push({ node: value, path: path === '' ? name : `${path}.${name}`, names: [...names, name] });
    }
  }
  return { leaves, isCut };
}
