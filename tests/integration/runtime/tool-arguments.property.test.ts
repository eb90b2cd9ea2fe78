/** The runtime checks a tool call before anybody is asked about it, the connectors check what really goes out: the first must not let through what the second refuses. */
import { SendMailArguments } from '@soloist/connectors';
import { allTools, openPorts, RuntimeConfig } from '@soloist/runtime';
import fc from 'fast-check';
import { expect, it } from 'vitest';

const { checkArgs } = openPorts(RuntimeConfig.parse({}));
const [mailSend] = allTools();
if (mailSend?.name !== 'mail.send') throw new Error('mail.send is not in the catalogue');

const piece = fc.constantFrom('a', 'ada', '.', '@', 'client.example', 'example', '-', '+', "'", '<', '>', ' ', '\n', '\r', '\u0000', '\u007f', '漢', '"');
const text = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''));
const address = fc.oneof(text, { arbitrary: fc.constant('ada@client.example'), weight: 8 }, fc.tuple(text, text).map(([left, right]) => `${left}@${right}`), fc.emailAddress());
const args = fc.record(
  { to: fc.oneof({ arbitrary: fc.array(address, { maxLength: 2 }), weight: 5 }, address), subject: text, text, inReplyTo: fc.oneof(fc.constant(null), text, text.map((id) => `<${id}>`), fc.constant('<q@client.example>')), cc: text },
  { requiredKeys: ['to', 'subject', 'text'] },
);

it('[D2] what the runtime lets through as mail.send, the connectors take', () => {
  let taken = 0;
  fc.assert(
    fc.property(args, (one) => {
      if (checkArgs(mailSend, one as never) !== null) return;
      taken += 1;
      expect(SendMailArguments.safeParse(one).data).toEqual(one);
    }),
    { numRuns: 5_000, examples: [[{ to: ['ada@client.example'], subject: 's', text: 't', inReplyTo: null, cc: undefined as never }], [{ to: ['ada@client.example'], subject: 's', text: 't' } as never]] },
  );
  expect(taken).toBeGreaterThan(20);
});

it('and what the connectors take with plain addresses, the runtime lets through', () => {
  fc.assert(
    fc.property(args, (one) => {
      if (SendMailArguments.safeParse(one).success) expect(checkArgs(mailSend, one as never)).toBeNull();
    }),
    { numRuns: 5_000 },
  );
});
