/** ARCHITECTURE.md names five files that explain how a run works, and an app lists every reactor it has. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

describe('the way into the code', () => {
  it('is five files of together under 600 lines', () => {
    const files = [...read('ARCHITECTURE.md').matchAll(/^\d\. `([^`]+)`/gm)].map(([, file]) => file ?? '');
    expect(files).toHaveLength(5);
    const lines = files.map((file) => read(file).trimEnd().split('\n').length);
    expect(lines.reduce((sum, count) => sum + count, 0)).toBeLessThan(600);
  });

  it('is told in a README of at most 80 lines', () => {
    expect(read('README.md').trimEnd().split('\n').length).toBeLessThanOrEqual(80);
  });

  it('names only places that exist', () => {
    const places = [...read('ARCHITECTURE.md').matchAll(/`((?:apps|libs|tests|docs)\/[^`<>]+)`/g)].map(([, place]) => place ?? '');
    expect(places.length).toBeGreaterThan(15);
    expect(places.filter((place) => !existsSync(join(ROOT, place)))).toEqual([]);
  });
});

describe('a service value', () => {
  it.each(['orchestrator', 'runtime', 'memory', 'connectors', 'governance'])('of %s lists every reactor of its folder', (app) => {
    const value = read(`apps/${app}/src/${app}.ts`);
    const imported = new Set([...value.matchAll(/from '\.\/reactors\/([^']+)\.js'/g)].map(([, name]) => name));
    const folder = join(ROOT, 'apps', app, 'src', 'reactors');
    const reactors = readdirSync(folder).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && declaresReactor(join(folder, file)));
    expect(reactors.length).toBeGreaterThan(0);
    expect(reactors.map((file) => file.slice(0, -3)).filter((name) => !imported.has(name))).toEqual([]);
  });
});

function declaresReactor(file: string): boolean {
  return /\b(reactor<|: CommandReactor<)/.test(readFileSync(file, 'utf8'));
}
