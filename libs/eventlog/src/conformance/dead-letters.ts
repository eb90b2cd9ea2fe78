import { subjectOf } from '@soloist/contracts';
import { expect } from 'vitest';
import type { DeadLetter, LetterOutcome, LetterRecord } from '../event-log.port.js';
import { committed, draftOf, gateAddress, gateRefused, loopAddress, newKey, recallRequested, suspended } from './drafts.js';
import type { LogHarness, Suite } from './harness.js';

const AT = '2026-01-02T03:04:05.000Z';

function letterOf(key: string, more: Partial<DeadLetter> = {}): DeadLetter {
  return { consumer: 'runtime_reactors', address: { context: 'runtime', entity: 'loop', key }, position: { stream: 0, sequence: 7 }, commit: newKey(), reason: 'test', attempts: 5, at: AT, ...more };
}

function outcomeOf(settles: string, key: string, more: Partial<LetterOutcome> = {}): LetterOutcome {
  return { settles, address: { context: 'runtime', entity: 'loop', key }, outcome: 'redelivered', reason: 'done', by: 'runtime', commandId: newKey(), at: AT, ...more };
}

async function recordsOf(harness: LogHarness, key: string): Promise<readonly LetterRecord[]> {
  return (await (await harness.connect('governance')).log.letters()).filter(({ subject }) => subject.endsWith(`.${key}`));
}

export const deadLetters: Suite = {
  'letters of the dead': {
    'are read by governance in their order, with what became of them [G18]': async (harness) => {
      const { log } = await harness.connect('runtime');
      const key = newKey();
      const letter = letterOf(key, { command: { id: 'c1', actor: 'operator', body: { type: 'test' } } });
      await log.dead(letter);
      const [found] = await recordsOf(harness, key);
      expect(found).toMatchObject({ kind: 'letter', id: expect.stringMatching(/^[0-9a-f]{32}$/), letter });
      const outcome = outcomeOf(found?.kind === 'letter' ? found.id : '', key);
      await log.settle(outcome);
      expect((await recordsOf(harness, key))[1]).toMatchObject({ kind: 'outcome', outcome });
    },

    'are read by nobody else [G23]': async (harness) => {
      await expect((await harness.connect('runtime')).log.letters()).rejects.toMatchObject({ kind: 'transient', code: 'log.no-right' });
      await expect((await harness.connect('replay')).log.letters()).rejects.toMatchObject({ kind: 'transient', code: 'log.no-right' });
    },

    'cannot be written or settled in the name of another service [G23]': async (harness) => {
      const { log } = await harness.connect('runtime');
      const key = newKey();
      await expect(log.settle(outcomeOf('a', key, { address: { context: 'memory', entity: 'fact', key } }))).rejects.toMatchObject({ code: 'log.no-right' });
      const subject = subjectOf('dead', { context: 'runtime', entity: 'loop', key });
      const said = (body: unknown): Promise<void> => harness.publishRaw({ subject, headers: [['Soloist-Commit', 'a'.repeat(32)], ['Soloist-Actor', 'runtime']], body: Buffer.from(JSON.stringify(body)) });
      await said(letterOf(key, { consumer: 'memory_reactors' }));
      await said(outcomeOf('a', key, { address: { context: 'memory', entity: 'fact', key } }));
      expect((await recordsOf(harness, key)).map(({ kind }) => kind)).toEqual(['unreadable', 'unreadable']);
    },

    'are told where they cannot be read, and hide no others': async (harness) => {
      const key = newKey();
      const subject = subjectOf('dead', { context: 'runtime', entity: 'loop', key });
      await harness.publishRaw({ subject, headers: [], body: Buffer.from([0xff]) });
      await (await harness.connect('runtime')).log.dead(letterOf(key));
      expect((await recordsOf(harness, key)).map(({ kind }) => kind)).toEqual(['unreadable', 'letter']);
    },
  },

  'a commit at a position': {
    'is read by who may read the log, and null where nothing lies': async (harness) => {
      const { log } = await harness.connect('runtime');
      const commit = committed(await log.append(draftOf(loopAddress(), [suspended('a'), recallRequested('who?', newKey())], null)));
      expect(await log.commitAt(commit.position)).toEqual(commit);
      expect(await log.commitAt({ ...commit.position, sequence: commit.position.sequence + 1_000_000 })).toBeNull();
    },

    'is carried to who may not, and taken only as the log has it [G23]': async (harness) => {
      const governance = await harness.connect('governance');
      const connectors = await harness.connect('connectors');
      const address = gateAddress(newKey());
      const first = committed(await governance.log.append(draftOf(address, [gateRefused()], null)));
      const carried = await governance.log.carry(first.position);
      if (carried === null) throw new Error('the commit lies there');
      await expect(connectors.log.commitAt(first.position)).rejects.toMatchObject({ kind: 'transient' });
      expect(await connectors.log.openCarried(carried)).toEqual(first);
      await expect(connectors.log.openCarried({ ...carried, body: carried.body.replace('test', 'made') })).rejects.toMatchObject({ code: 'log.not-carried' });
      await expect(connectors.log.openCarried({ ...carried, sequence: carried.sequence + 1 })).rejects.toMatchObject({ code: 'log.not-carried' });
      // Once its entity has gone on, the head is another one and the carried commit stands behind it.
      committed(await governance.log.append(draftOf(address, [gateRefused()], first)));
      expect(await connectors.log.openCarried(carried)).toEqual(first);
    },
  },
};
