import { eventStreamName, MAX_COMMIT_BYTES, streamOfKey, type StreamCount } from '@soloist/contracts';
import { expect } from 'vitest';
import type { Commit, LogConnection } from '../event-log.port.js';
import { committed, draftOf, gateAddress, gateRefused, haltAddress, halted, loopAddress, newKey, recallRequested, suspended, writeHistory } from './drafts.js';
import type { LogHarness, Suite } from './harness.js';

export const appending: Suite = {
  'append': {
    'stores a commit at the position its writer saw and answers it as it reads it [G4]': async (harness) => {
      const { log } = await harness.connect('ops');
      const address = loopAddress();
      const first = committed(await log.append(draftOf(address, [suspended('a'), suspended('b')], null)));
      expect(first.prev).toBeNull();
      expect(first.from).toBe(first.position.sequence);
      const second = committed(await log.append(draftOf(address, [suspended('c')], first)));
      expect(second.prev).toBe(first.hash);
      expect(second.from).toBe(first.position.sequence);
      expect(await log.read(address)).toMatchObject([first, second]);
    },

    'answers conflict, with the present sequence, to a writer that saw less [G4]': async (harness) => {
      const { log } = await harness.connect('ops');
      const address = loopAddress();
      const [first, second] = await writeHistory(log, address, 2);
      expect(await log.append(draftOf(address, [suspended('late')], null))).toEqual({ outcome: 'conflict', lastSequence: second?.position.sequence });
      expect(await log.append(draftOf(address, [suspended('late')], first ?? null))).toMatchObject({ outcome: 'conflict' });
      expect(await log.read(address)).toHaveLength(2);
    },

    'takes the same commit again for what it is: committed, one copy [G5]': async (harness) => {
      const { log } = await harness.connect('ops');
      const draft = draftOf(loopAddress(), [suspended('once')], null);
      const first = committed(await log.append(draft));
      expect(committed(await log.append(draft)).position).toEqual(first.position);
      expect(await log.read(draft.address)).toHaveLength(1);
    },

    'finds its commit behind the one that was written after it [G5]': async (harness) => {
      const { log } = await harness.connect('ops');
      const draft = draftOf(loopAddress(), [suspended('once')], null);
      const first = committed(await log.append(draft));
      await log.append(draftOf(draft.address, [suspended('next')], first));
      expect(committed(await log.append(draft)).position).toEqual(first.position);
      expect(await log.read(draft.address)).toHaveLength(2);
    },

    'does not take an equal id with another body for its own [G5]': async (harness) => {
      const { log } = await harness.connect('ops');
      const draft = draftOf(loopAddress(), [suspended('one-answer')], null);
      await log.append(draft);
      expect(await log.append({ ...draft, events: [suspended('another-answer')] })).toMatchObject({ outcome: 'conflict' });
    },

    'keeps eight writers of one entity gap-free and the chain whole [G4]': async (harness) => {
      const address = loopAddress();
      const writers = await Promise.all(Array.from({ length: 8 }, () => harness.connect('ops')));
      await Promise.all(writers.map((writer, index) => insist(writer, address, `writer-${index}`, 5)));
      const history = await (await harness.connect('ops')).log.history(address);
      expect(history).toHaveLength(40);
      const ids = history.flatMap((commit) => commit.events.map((event) => (event.data as { id: string }).id));
      expect(new Set(ids).size).toBe(40);
    },

    'refuses a body above the limit and names both sizes': async (harness) => {
      const { log } = await harness.connect('ops');
      const draft = draftOf(loopAddress(), [recallRequested('x'.repeat(MAX_COMMIT_BYTES), newKey())], null);
      await expect(log.append(draft)).rejects.toMatchObject({ kind: 'invalid', code: 'log.too-large', message: expect.stringContaining(String(MAX_COMMIT_BYTES)) });
      expect(await log.head(draft.address)).toBeNull();
    },

    'refuses an event that breaks its contract and names the field': async (harness) => {
      const { log } = await harness.connect('ops');
      const draft = draftOf(loopAddress(), [{ type: 'runtime.loop.suspended', data: { waitingFor: 'nobody', id: 'a' } }], null);
      await expect(log.append(draft)).rejects.toMatchObject({ kind: 'invalid', code: 'log.bad-draft', message: expect.stringContaining('events[0].waitingFor') });
    },

    'refuses an event of another entity': async (harness) => {
      const { log } = await harness.connect('ops');
      await expect(log.append(draftOf(loopAddress(), [halted()], null))).rejects.toMatchObject({ code: 'log.bad-draft' });
    },
  },

  'fence': {
    'on the episode holds while nothing of the run was written [G10]': async (harness) => {
      const { log } = await harness.connect('ops');
      const address = loopAddress();
      const [loop] = await writeHistory(log, address, 1);
      const gate = committed(await log.append(draftOf(gateAddress(address.key), [gateRefused()], null)));
      const fence = { kind: 'episode', runId: address.key, sequence: gate.position.sequence } as const;
      const won = committed(await log.append(draftOf(address, [suspended('fenced')], loop ?? null, { fence })));
      expect(won.position.sequence).toBeGreaterThan(gate.position.sequence);
    },

    'on the episode falls with any commit of the run [G10]': async (harness) => {
      const { log } = await harness.connect('ops');
      const address = loopAddress();
      const [loop] = await writeHistory(log, address, 1);
      const seen = loop?.position.sequence ?? 0;
      const gate = committed(await log.append(draftOf(gateAddress(address.key), [gateRefused()], null)));
      const draft = draftOf(address, [suspended('fenced')], loop ?? null, { fence: { kind: 'episode', runId: address.key, sequence: seen } });
      expect(await log.append(draft)).toEqual({ outcome: 'conflict', lastSequence: gate.position.sequence });
    },

    'on a subject holds for a subject never written, and falls when it is [G25]': async (harness) => {
      const { log } = await harness.connect('ops');
      const address = loopAddress();
      const guarded = haltAddress(address.key, harness.streams);
      const before = (await log.head(guarded))?.position.sequence ?? 0;
      const fence = { kind: 'subject', address: guarded, sequence: before } as const;
      const [first] = await writeHistory(log, address, 1);
      const won = committed(await log.append(draftOf(address, [suspended('armed')], first ?? null, { fence })));
      const halt = committed(await log.append(draftOf(guarded, [halted()], await log.head(guarded))));
      expect(await log.append(draftOf(address, [suspended('too-late')], won, { fence }))).toEqual({
        outcome: 'conflict',
        lastSequence: halt.position.sequence,
      });
    },

    'leaves a readable chain when another commit slipped in before a fenced one': async (harness) => {
      const { log } = await harness.connect('ops');
      const address = loopAddress();
      const guarded = haltAddress(address.key, harness.streams);
      const fence = { kind: 'subject', address: guarded, sequence: (await log.head(guarded))?.position.sequence ?? 0 } as const;
      const [first] = await writeHistory(log, address, 1);
      const between = committed(await log.append(draftOf(address, [suspended('another-worker')], first ?? null)));
      const late = committed(await log.append(draftOf(address, [suspended('sleeper')], first ?? null, { fence })));
      const next = committed(await log.append(draftOf(address, [suspended('next')], late)));
      expect((await log.history(address)).map((commit) => commit.id)).toEqual([first?.id, between.id, late.id, next.id]);
    },

    'leaves a readable chain when a fenced commit was decided before there was any and lands behind another': async (harness) => {
      const { log } = await harness.connect('ops');
      const address = loopAddress();
      const guarded = haltAddress(address.key, harness.streams);
      const fence = { kind: 'subject', address: guarded, sequence: (await log.head(guarded))?.position.sequence ?? 0 } as const;
      const other = committed(await log.append(draftOf(address, [suspended('another-worker')], null, { fence, snapshot: true })));
      const late = committed(await log.append(draftOf(address, [suspended('sleeper')], null, { fence, snapshot: true })));
      const next = committed(await log.append(draftOf(address, [suspended('next')], late)));
      expect((await log.history(address)).map((commit) => commit.id)).toEqual([other.id, late.id, next.id]);
      expect((await log.episode(address.key)).map((commit) => commit.id)).toEqual([other.id, late.id, next.id]);
    },

    'on a subject of another stream is refused, for there it would see nothing': async (harness) => {
      const { log } = await harness.connect('ops');
      const { streams } = harness;
      const address = loopAddress();
      const foreign = otherStreamKey(address.key, streams);
      const fence = { kind: 'subject', address: loopAddress(foreign), sequence: 0 } as const;
      await expect(log.append(draftOf(address, [suspended('a')], null, { fence }))).rejects.toMatchObject({
        code: 'log.bad-draft',
        message: expect.stringContaining('fence.address'),
      });
    },
  },

  'an answer that gets lost': {
    'is resolved by reading back: committed, one copy [G5]': async (harness) => {
      const { connection, loseAnswers } = await harness.connectLossy('runtime');
      const draft = draftOf(loopAddress(), [recallRequested('a question', newKey())], null);
      loseAnswers(1);
      const commit = committed(await connection.log.append(draft));
      expect(commit.events).toEqual(draft.events);
      expect(await storedOn(harness, commit)).toBe(1);
    },

    'is resolved for a commit fenced on another subject too [G5]': async (harness) => {
      const { connection, loseAnswers } = await harness.connectLossy('runtime');
      const address = loopAddress();
      const guarded = haltAddress(address.key, harness.streams);
      const sequence = (await connection.log.head(guarded))?.position.sequence ?? 0;
      loseAnswers(1);
      const commit = committed(await connection.log.append(draftOf(address, [suspended('a')], null, { fence: { kind: 'subject', address: guarded, sequence } })));
      expect(await storedOn(harness, commit)).toBe(1);
    },

    'of a writer that saw too little is a conflict': async (harness) => {
      const { connection, loseAnswers } = await harness.connectLossy('runtime');
      const address = loopAddress();
      await writeHistory(connection.log, address, 1);
      loseAnswers(1);
      expect(await connection.log.append(draftOf(address, [suspended('late')], null))).toMatchObject({ outcome: 'conflict' });
    },
  },
};


function otherStreamKey(key: string, streams: StreamCount): string {
  for (;;) {
    const candidate = newKey();
    if (streamOfKey(candidate, streams) !== streamOfKey(key, streams)) return candidate;
  }
}

async function insist({ log }: LogConnection, address: ReturnType<typeof loopAddress>, name: string, times: number): Promise<void> {
  for (let index = 0; index < times; index += 1) {
    for (;;) {
      const answer = await log.append(draftOf(address, [suspended(`${name}-${index}`)], await log.head(address)));
      if (answer.outcome === 'committed') break;
    }
  }
}

async function storedOn(harness: LogHarness, commit: Commit): Promise<number> {
  const messages = await harness.stored(eventStreamName(commit.position.stream));
  return messages.filter((message) => message.subject === commit.subject).length;
}
