import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { governanceService } from './governance.js';

const filesIn = (folder: string): string[] =>
  readdirSync(new URL(folder, import.meta.url))
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => name.replace(/\.ts$/, ''))
    .sort();

test('every file in reactors/ and sources/ is in the service, under its own name', () => {
  const { reactors, commands, timers = [], sources } = governanceService;
  expect([...reactors, ...commands, ...timers].map(({ name }) => name).sort()).toEqual(filesIn('reactors'));
  expect(sources.map(({ name }) => name).sort()).toEqual(filesIn('sources'));
});
