import { expect, test } from 'vitest';
import { askedIdOf } from './asked-id.js';

const RUN = 'a'.repeat(32);
const SHORT = 'a'.repeat(24);

test.each([
  [RUN, { kind: 'run-or-commit', id: RUN }],
  [`${RUN}-g1`, { kind: 'gate', gateId: `${RUN}-g1`, runId: RUN }],
  [`${SHORT}-e2`, { kind: 'effect', effectId: `${SHORT}-e2`, runPrefix: SHORT }],
  [`<${SHORT}-e2-g3@soloist.local>`, { kind: 'sent-mail', messageId: `<${SHORT}-e2-g3@soloist.local>`, effectId: `${SHORT}-e2`, runPrefix: SHORT, generation: 3 }],
  [`${SHORT}-e2-g3@soloist.local`, { kind: 'sent-mail', messageId: `<${SHORT}-e2-g3@soloist.local>`, effectId: `${SHORT}-e2`, runPrefix: SHORT, generation: 3 }],
  ['<m@acme.example>', { kind: 'received-mail', messageId: '<m@acme.example>' }],
  [`<${SHORT}-e2-g3@elsewhere.example>`, { kind: 'received-mail', messageId: `<${SHORT}-e2-g3@elsewhere.example>` }],
  ['EVENTS-3:17', { kind: 'position', stream: 3, sequence: 17 }],
  ['3:17', { kind: 'position', stream: 3, sequence: 17 }],
])('I1 %s is told by its form', (text, id) => {
  expect(askedIdOf(text)).toEqual(id);
});

test.each(['', 'NO ID', 'a b', 'a/b', '3:0', 'x'.repeat(65), '%', 'a_b'])('I1 %j is no id', (text) => {
  expect(askedIdOf(text)).toBeNull();
});
