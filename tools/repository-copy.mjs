/**
 * A copy of the sources in a temporary folder, for whoever changes them to see what happens. Third-party packages are
 * linked, our own packages are linked to the copy.
 */
import { cpSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';

const LEFT_OUT = new Set(['node_modules', 'dist', '.git', '.nx', '.soloist', 'coverage']);
const OWN = '@soloist';

export function copyRepository(root) {
  const copy = mkdtempSync(join(tmpdir(), 'soloist-copy-'));
  cpSync(root, copy, { recursive: true, filter: (from) => !LEFT_OUT.has(basename(from)) && !from.endsWith('.tsbuildinfo') });
  linkPackages(root, copy);
  for (const group of ['apps', 'libs']) {
    for (const name of readdirSync(join(root, group))) linkNested(join(root, group, name), join(copy, group, name));
  }
  for (const name of ['tests', 'bench']) linkNested(join(root, name), join(copy, name));
  return { folder: copy, remove: () => rmSync(copy, { recursive: true, force: true }) };
}

function linkPackages(root, copy) {
  const from = join(root, 'node_modules');
  const to = join(copy, 'node_modules');
  mkdirSync(join(to, OWN), { recursive: true });
  for (const name of readdirSync(from)) if (name !== OWN && !name.startsWith('.vite')) symlinkSync(join(from, name), join(to, name));
  for (const name of readdirSync(join(from, OWN))) {
    const target = resolve(join(from, OWN), readlinkSync(join(from, OWN, name)));
    symlinkSync(join(copy, target.slice(root.length + 1)), join(to, OWN, name));
  }
}

function linkNested(from, to) {
  const nested = join(from, 'node_modules');
  if (lstatSync(nested, { throwIfNoEntry: false })?.isDirectory() === true) symlinkSync(nested, join(to, 'node_modules'));
}
