/**
 * `npm run golden`: archives the stored bytes of every event type and version that is not archived yet
 * (tests/golden/events.jsonl). To be run for a release; lines that are there are never changed.
 */
import './register.mjs';
import { appendFileSync } from 'node:fs';
import { resolve } from 'node:path';

const { ARCHIVE, archived, missingEvents, nameOf, releaseOf } = await import('../tests/golden/archive.ts');

const added = await missingEvents(archived(), releaseOf(resolve(import.meta.dirname, '..')));
for (const golden of added) appendFileSync(ARCHIVE, `${JSON.stringify(golden)}\n`);
process.stdout.write(`${added.length === 0 ? 'nothing new' : added.map(nameOf).join('\n')}\n`);
