/** What the operator types many times a day answers at once: a service's code takes longer to load than they take. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FakeInstance } from './fake-instance.js';

const HEAVY = /\/apps\/(?:governance|runtime|connectors|memory|orchestrator)\/|\/node_modules\/(?:@nestjs|@mikro-orm|openai)\//;
/** Tells at the end of the process what was loaded into it. */
const WATCH = `
import { registerHooks } from 'node:module';
import { writeFileSync } from 'node:fs';
const loaded = [];
registerHooks({
  resolve: (specifier, context, next) => {
    const found = next(specifier, context);
    loaded.push(found.url);
    return found;
  },
});
process.on('exit', () => writeFileSync(process.env.LOADED_FILE, loaded.join('\\n')));
`;

let instance: FakeInstance;
beforeEach(async () => {
  instance = await FakeInstance.start();
});
afterEach(() => instance.stop());

async function loadedBy(words: readonly string[]): Promise<readonly string[]> {
  const watch = join(instance.folder, 'watch.mjs');
  const loadedFile = join(instance.folder, 'loaded.txt');
  await writeFile(watch, WATCH);
  await instance.cli(words, { env: { NODE_OPTIONS: `--import ${watch}`, LOADED_FILE: loadedFile } });
  return (await readFile(loadedFile, 'utf8')).split('\n');
}

it.each(['status', 'gate list', 'run list', 'stop', 'budget list'])('%s loads no service, no framework and no client of a model', async (words) => {
  const loaded = await loadedBy(words.split(' '));
  expect(loaded.filter((url) => url.includes('/apps/cli/src/commands/'))).not.toEqual([]);
  expect(loaded.filter((url) => HEAVY.test(url))).toEqual([]);
});

it('what needs a service is seen to load it', async () => {
  const loaded = await loadedBy(['webhook', 'remove', 'none']);
  expect(loaded.some((url) => HEAVY.test(url))).toBe(true);
});
