import { eventStreamName, parseSubject, subjectOf, type AnyEvent } from '@soloist/contracts';
import { expect } from 'vitest';
import { isErased } from '../codec/sealing.js';
import { committed, draftOf, loopAddress, newKey, recallRequested } from './drafts.js';
import { eventually, type Suite } from './harness.js';

export const sealing: Suite = {
  'what is personal': {
    'never lies in the broker in clear, and reads as it was written [G24]': async (harness) => {
      const { log } = await harness.connect('ops');
      const canary = `canary-${newKey()}`;
      const draft = draftOf(loopAddress(), [recallRequested(canary, newKey())], null);
      const commit = committed(await log.append(draft));
      const stored = await harness.stored(eventStreamName(commit.position.stream));
      expect(stored.some((message) => everything(message).includes(canary))).toBe(false);
      expect((await log.head(draft.address))?.events).toEqual(draft.events);
    },

    'is sealed to the same bytes by every attempt [G5]': async (harness) => {
      const { log } = await harness.connect('ops');
      const draft = draftOf(loopAddress(), [recallRequested('the same question', newKey())], null);
      const first = committed(await log.append(draft));
      const again = committed(await log.append(draft));
      expect(again.hash).toBe(first.hash);
      expect(again.position).toEqual(first.position);
      // The bytes are equal for another writer too, and yet the commit is not its own.
      expect((await (await harness.connect('ops')).log.append(draft)).outcome).toBe('conflict');
    },

    'reads as erased once the key is lost; the rest and the chain stay [G24]': async (harness) => {
      const { log } = await harness.connect('ops');
      const address = loopAddress();
      const forgotten = newKey();
      const first = committed(await log.append(draftOf(address, [recallRequested('of the forgotten', forgotten)], null)));
      await log.append(draftOf(address, [recallRequested('of another', newKey())], first));
      await harness.keys.erase(forgotten);
      const [before, after] = await log.history(address);
      const erased = fieldsOf(before?.events[0]);
      expect(isErased(erased['query'])).toBe(true);
      expect(erased).toMatchObject({ dataSubject: forgotten, limit: 3 });
      expect(fieldsOf(after?.events[0])['query']).toBe('of another');
    },

    'does not open in another place, and is not accepted in clear': async (harness) => {
      const { log } = await harness.connect('ops');
      const subject = newKey();
      const first = committed(await log.append(draftOf(loopAddress(), [recallRequested('mine', subject)], null)));
      const stored = (await harness.stored(eventStreamName(first.position.stream))).find((message) => message.sequence === first.position.sequence);
      if (stored === undefined) throw new Error('the commit is stored');
      const moved = loopAddress();
      const headers = stored.headers.filter(([name]) => !name.startsWith('Nats-'));
      const elsewhere = headers.map((pair) => (pair[0] === 'Soloist-Commit' ? (['Soloist-Commit', newKey()] as const) : pair));
      await harness.publishRaw({ subject: subjectLike(stored.subject, moved.key), headers: elsewhere, body: stored.body });
      await expect(log.head(moved)).rejects.toMatchObject({ code: 'log.bad-message', message: expect.stringContaining('events[0].query') });

      const clear = loopAddress();
      const body = Buffer.from(JSON.stringify([{ ...fieldsOf(first.events[0]) }]));
      await harness.publishRaw({ subject: subjectLike(stored.subject, clear.key), headers, body });
      await expect(log.head(clear)).rejects.toMatchObject({ code: 'log.bad-message', message: expect.stringContaining('must be sealed') });
    },
  },

  'working memory': {
    'keeps a value, sealed, until it is replaced or deleted [M1]': async (harness) => {
      const { working } = await harness.connect('memory');
      const key = `session.${newKey()}`;
      const canary = `canary-${newKey()}`;
      expect(await working.get(key)).toBeNull();
      await working.set(key, { turns: [canary] }, newKey(), 60_000);
      expect(await working.get(key)).toEqual({ turns: [canary] });
      const stored = await harness.stored('KV_WORKING');
      expect(stored.some((message) => everything(message).includes(canary))).toBe(false);
      await working.set(key, { turns: [] }, newKey(), 60_000);
      expect(await working.get(key)).toEqual({ turns: [] });
      await working.delete(key);
      expect(await working.get(key)).toBeNull();
    },

    'forgets after the time to live [M1] [M2]': async (harness) => {
      const { working } = await harness.connect('memory');
      const key = `session.${newKey()}`;
      await working.set(key, 'short', newKey(), 1_000);
      expect(await working.get(key)).toBe('short');
      await eventually(() => working.get(key), (value) => value === null);
    },

    'is read by runtime and written by memory only': async (harness) => {
      const memory = await harness.connect('memory');
      const runtime = await harness.connect('runtime');
      const key = `session.${newKey()}`;
      await memory.working.set(key, 1, newKey(), 60_000);
      expect(await runtime.working.get(key)).toBe(1);
      await expect(runtime.working.set(key, 2, newKey(), 60_000)).rejects.toMatchObject({ kind: 'transient' });
    },

    'refuses a key or a time to live it cannot keep': async (harness) => {
      const { working } = await harness.connect('memory');
      await expect(working.set('Session.>', 1, newKey(), 60_000)).rejects.toMatchObject({ code: 'log.working-invalid' });
      await expect(working.set('session', 1, newKey(), 10)).rejects.toMatchObject({ code: 'log.working-invalid' });
    },
  },
};

function everything(message: { subject: string; headers: readonly (readonly [string, string])[]; body: Uint8Array }): string {
  return `${message.subject} ${JSON.stringify(message.headers)} ${Buffer.from(message.body).toString('utf8')}`;
}

function fieldsOf(event: AnyEvent | undefined): Record<string, unknown> {
  return event?.data as Record<string, unknown>;
}

function subjectLike(subject: string, key: string): string {
  const address = parseSubject(subject);
  if (address === null) throw new Error(`${subject} is a subject of the log`);
  return subjectOf('evt', { ...address, key });
}
