/**
 * npm hoists packages, so a missing dependency works until another project drops it; and a range would let two installs
 * differ. Hence: what a project imports it declares, and every version is exact.
 */
import { builtinModules } from 'node:module';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { manifestOf, projects, sourcesOf, textOf, type Manifest } from './workspace.js';

const EXACT = /^(npm:@?[\w./-]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/;
/** Tools of the whole workspace, declared at the root. */
const OF_THE_ROOT = ['vitest', 'typescript', 'vite'];

const everyVersion = (manifest: Manifest): [string, string][] => Object.entries({ ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies });
const isExact = (name: string, version: string): boolean => (name.startsWith('@soloist/') ? version === '*' : EXACT.test(version));

/** The package an import speaks of, or undefined for a relative path or a module of Node. */
function packageOf(specifier: string): string | undefined {
  if (/^[.#]/.test(specifier) || specifier.startsWith('node:') || builtinModules.includes(specifier)) return undefined;
  return specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}

function undeclaredIn(project: string): string[] {
  const manifest = manifestOf(project);
  const declared = new Set([manifest.name, ...OF_THE_ROOT, ...everyVersion(manifest).map(([name]) => name)]);
  return sourcesOf(project).flatMap((file) => {
    const names = ts.preProcessFile(textOf(file), true, true).importedFiles.map(({ fileName }) => packageOf(fileName));
    return names.filter((name) => name !== undefined && !declared.has(name)).map((name) => `${file} imports ${name}`);
  });
}

describe.each(projects())('%s', (project) => {
  test('declares what it imports', () => {
    expect(undeclaredIn(project)).toEqual([]);
  });

  test('pins every version', () => {
    expect(everyVersion(manifestOf(project)).filter(([name, version]) => !isExact(name, version))).toEqual([]);
  });
});

describe('the root', () => {
  test('pins every version', () => {
    expect(everyVersion(manifestOf('.')).filter(([name, version]) => !isExact(name, version))).toEqual([]);
  });

  test('knows an exact version from a range', () => {
    expect(['^1.0.0', '~1.0.0', '1.x', 'latest', '*', '>=1.0.0'].filter((version) => isExact('zod', version))).toEqual([]);
    expect(['1.0.0', '18.4.0-beta.17', 'npm:@typescript/typescript6@6.0.2'].filter((version) => !isExact('zod', version))).toEqual([]);
  });

  test('names no registry in the lock file, so that it works behind any mirror', () => {
    expect(textOf('package-lock.json')).not.toMatch(/"resolved": "https?:/);
  });
});
