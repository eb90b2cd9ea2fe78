/**
 * No file reaches itself through its relative imports, type-only ones included: two files that need each other are one
 * file, or a third is missing. (Cycles between projects are Nx's to find.)
 */
import { readFileSync, statSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import ts from 'typescript';

/** Parsed imports by file, valid while the file's time stamp stands: an editor keeps this module loaded for hours. */
const known = new Map();

function targetOf(from, specifier) {
  if (!specifier.startsWith('.')) return undefined;
  return resolve(dirname(from), specifier.replace(/\.js$/, '.ts'));
}

function targetsIn(file, text) {
  const { importedFiles } = ts.preProcessFile(text, true, true);
  return importedFiles.map(({ fileName }) => targetOf(file, fileName)).filter((target) => target !== undefined);
}

function targetsOf(file) {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (!stat?.isFile()) return [];
  const entry = known.get(file);
  if (entry?.modifiedMs === stat.mtimeMs) return entry.targets;
  const targets = targetsIn(file, readFileSync(file, 'utf8'));
  known.set(file, { modifiedMs: stat.mtimeMs, targets });
  return targets;
}

/** The way from `start` back to `goal`, without `goal` itself, or undefined when there is none. */
function wayTo(goal, start) {
  const cameFrom = new Map([[start, undefined]]);
  const open = [start];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (file === goal) return pathOf(cameFrom, file);
    for (const next of targetsOf(file)) {
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, file);
      open.push(next);
    }
  }
  return undefined;
}

function pathOf(cameFrom, last) {
  const path = [];
  for (let file = cameFrom.get(last); file !== undefined; file = cameFrom.get(file)) path.unshift(file);
  return path;
}

export const noCycle = {
  meta: { type: 'problem', schema: [], messages: { cycle: 'import cycle: {{path}}' } },
  create(context) {
    const file = context.filename;
    const check = (node) => {
      const target = node.source && targetOf(file, node.source.value);
      const way = target && wayTo(file, target);
      if (!way) return;
      const path = [file, ...way, file].map((step) => relative(context.cwd, step)).join(' → ');
      context.report({ node: node.source, messageId: 'cycle', data: { path } });
    };
    return { ImportDeclaration: check, ExportNamedDeclaration: check, ExportAllDeclaration: check };
  },
};
