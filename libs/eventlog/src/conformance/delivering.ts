import { streamOfKey, subjectOf } from '@soloist/contracts';
import { expect } from 'vitest';
import type { Delivery } from '../event-log.port.js';
import { committed, draftOf, gateAddress, gateRefused, loopAddress, newKey, suspended, writeHistory } from './drafts.js';
import { eventually, type LogHarness, type Suite } from './harness.js';

export const delivering: Suite = {
  'deliveries': {
    'reach the reactors of a service with position, count and commit': async (harness) => {
      const { deliveries } = await harness.connect('orchestrator');
      const { log } = await harness.connect('ops');
      const got: Delivery[] = [];
      const subscription = await deliveries.consume('orchestrator', 'reactors', acking(got));
      const address = loopAddress();
      const [commit] = await writeHistory(log, address, 1);
      const [delivery] = await eventually(() => of(got, address.key), (seen) => seen.length === 1);
      expect(delivery).toMatchObject({ kind: 'event', subject: subjectOf('evt', address), position: commit?.position, deliveryCount: 1 });
      expect(delivery?.commit()).toMatchObject({ id: commit?.id, hash: commit?.hash, events: commit?.events });
      await subscription.stop();
    },

    'only carry what a service reacts to': async (harness) => {
      const { deliveries } = await harness.connect('connectors');
      const { log } = await harness.connect('ops');
      const got: Delivery[] = [];
      const subscription = await deliveries.consume('connectors', 'reactors', acking(got));
      const address = loopAddress();
      await writeHistory(log, address, 1);
      await log.append(draftOf(gateAddress(address.key), [gateRefused()], null));
      await eventually(() => of(got, address.key), (seen) => seen.length > 0);
      expect(of(got, address.key).map((delivery) => delivery.address.entity)).toEqual(['gate']);
      await subscription.stop();
    },

    'come again until they are acked, and never after [G6]': async (harness) => {
      const { deliveries } = await harness.connect('orchestrator');
      const { log } = await harness.connect('ops');
      const address = loopAddress();
      const counts: number[] = [];
      const subscription = await deliveries.consume('orchestrator', 'reactors', (delivery) => {
        if (delivery.address.key !== address.key) return void delivery.ack();
        counts.push(delivery.deliveryCount);
        if (counts.length < 3) delivery.retryIn(20);
        else void delivery.ack();
      });
      await writeHistory(log, address, 1);
      await eventually(() => counts.length, (count) => count === 3);
      const other = loopAddress();
      await writeHistory(log, other, 1);
      expect(counts).toEqual([1, 2, 3]);
      await subscription.stop();
    },

    'that nobody acked come again after a crash [G6]': async (harness) => {
      const { deliveries } = await harness.connect('orchestrator');
      const { log } = await harness.connect('ops');
      const address = loopAddress();
      const counts: number[] = [];
      const subscription = await deliveries.consume('orchestrator', 'reactors', (delivery) => {
        if (delivery.address.key !== address.key) return void delivery.ack();
        counts.push(delivery.deliveryCount);
        if (delivery.deliveryCount > 1) void delivery.ack();
      });
      await writeHistory(log, address, 1);
      await eventually(() => counts.length, (count) => count === 1);
      await harness.provokeRedelivery();
      await eventually(() => counts.length, (count) => count === 2, 45_000);
      await subscription.stop();
    },

    'a terminated one does not come again': async (harness) => {
      const { deliveries } = await harness.connect('orchestrator');
      const { log } = await harness.connect('ops');
      const [bad, marker] = [loopAddress(), loopAddress(newKey())];
      const counts = { bad: 0, marker: 0 };
      const subscription = await deliveries.consume('orchestrator', 'reactors', (delivery) => {
        if (delivery.address.key === bad.key) {
          counts.bad += 1;
          delivery.terminate('test');
        } else {
          if (delivery.address.key === marker.key) counts.marker += 1;
          void delivery.ack();
        }
      });
      await writeHistory(log, bad, 1);
      await eventually(() => counts.bad, (count) => count === 1);
      await writeHistory(log, marker, 1);
      await eventually(() => counts.marker, (count) => count === 1);
      expect(counts.bad).toBe(1);
      await subscription.stop();
    },

    'of poison reach the consumer, who judges: commit() throws, the next message comes [G18]': async (harness) => {
      const { deliveries } = await harness.connect('orchestrator');
      const { log } = await harness.connect('ops');
      const poison = loopAddress();
      const good = loopAddress(keyInSameStream(poison.key, harness));
      const verdicts: string[] = [];
      const subscription = await deliveries.consume('orchestrator', 'reactors', (delivery) => {
        if (delivery.address.key === poison.key) verdicts.push(verdictOn(delivery));
        if (delivery.address.key === good.key) verdicts.push(verdictOn(delivery));
        delivery.terminate('judged');
      });
      await harness.publishRaw({ subject: subjectOf('evt', poison), headers: [['Soloist-Commit', newKey()]], body: Buffer.from('not json') });
      await writeHistory(log, good, 1);
      await eventually(() => verdicts, (seen) => seen.length === 2);
      expect(verdicts.sort()).toEqual(['good', 'log.bad-message']);
      await subscription.stop();
    },
  },

  'commands': {
    'reach the service they are addressed to, once it acks': async (harness) => {
      const { log } = await harness.connect('governance');
      const { deliveries } = await harness.connect('runtime');
      const got: Delivery[] = [];
      const subscription = await deliveries.consume('runtime', 'commands', acking(got));
      const address = loopAddress();
      const id = newKey();
      await log.command(address, { id, actor: 'operator', body: { type: 'runtime.loop.stop' } });
      const [delivery] = await eventually(() => of(got, address.key), (seen) => seen.length === 1);
      expect(delivery?.kind).toBe('command');
      expect(delivery?.command()).toMatchObject({ id, actor: 'operator', body: { type: 'runtime.loop.stop' }, address });
      await eventually(async () => (await harness.stored('COMMANDS')).filter((message) => message.subject.endsWith(address.key)), (left) => left.length === 0);
      await subscription.stop();
    },

    'are sent by governance only [G23]': async (harness) => {
      const { log } = await harness.connect('runtime');
      await expect(log.command(loopAddress(), { id: newKey(), actor: 'runtime', body: {} })).rejects.toMatchObject({ kind: 'transient' });
    },
  },

  'timers': {
    'are delivered to their own context once they are due, never before [G19]': async (harness) => {
      const { log, deliveries } = await harness.connect('runtime');
      const got: Delivery[] = [];
      const subscription = await deliveries.consume('runtime', 'timers', acking(got));
      const address = loopAddress();
      const dueAt = new Date(Date.now() + 300).toISOString();
      const timerId = newKey();
      await log.arm({ timerId, address, dueAt, body: { look: 'now' } });
      const [delivery] = await eventually(() => of(got, address.key), (seen) => seen.length === 1);
      expect(delivery?.kind).toBe('timer');
      expect(delivery?.due()).toMatchObject({ timerId, address, body: { look: 'now' } });
      expect(Date.parse(delivery?.due().firedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(dueAt));
      expect(() => delivery?.command()).toThrow();
      await subscription.stop();
    },

    'of the past are due at once, and one armed again under its id replaces the first [G19]': async (harness) => {
      const { log, deliveries } = await harness.connect('runtime');
      const got: Delivery[] = [];
      const subscription = await deliveries.consume('runtime', 'timers', acking(got));
      const [replaced, past] = [loopAddress(), loopAddress()];
      const timerId = newKey();
      await log.arm({ timerId, address: replaced, dueAt: new Date(Date.now() + 3_600_000).toISOString(), body: 'first' });
      await log.arm({ timerId, address: replaced, dueAt: new Date(Date.now() + 100).toISOString(), body: 'second' });
      await log.arm({ timerId: newKey(), address: past, dueAt: '2001-01-01T00:00:00.000Z', body: null });
      await eventually(() => got.map((delivery) => delivery.address.key), (keys) => keys.includes(past.key) && keys.includes(replaced.key));
      expect(of(got, replaced.key).map((delivery) => delivery.due().body)).toEqual(['second']);
      await subscription.stop();
    },

    'of another context cannot be armed [G23]': async (harness) => {
      const { log } = await harness.connect('runtime');
      await expect(log.arm({ timerId: newKey(), address: gateAddress(newKey()), dueAt: '2001-01-01T00:00:00.000Z', body: null })).rejects.toMatchObject({ kind: 'transient' });
    },
  },

  'dead letters': {
    'lie under the consumer who gave up, with the address of what failed inside [G18]': async (harness) => {
      const { log } = await harness.connect('runtime');
      const address = gateAddress(newKey());
      const letter = { consumer: 'runtime_reactors', address, position: { stream: 0, sequence: 7 }, commit: newKey(), reason: 'test', attempts: 5, at: '2026-01-02T03:04:05.000Z' };
      await log.dead(letter);
      await log.dead(letter);
      const stored = (await harness.stored('DEAD')).filter((message) => message.subject.endsWith(address.key));
      expect(stored.map((message) => message.subject)).toEqual(Array(2).fill(subjectOf('dead', { ...address, context: 'runtime' })));
      expect(JSON.parse(Buffer.from(stored[0]?.body ?? []).toString())).toEqual(letter);
      const ids = stored.map((message) => message.headers.find(([name]) => name === 'Soloist-Commit')?.[1]);
      expect(new Set(ids).size).toBe(1);
    },
  },

  'rights': {
    'a service writes its own facts and no others [G23]': async (harness) => {
      const { log } = await harness.connect('runtime');
      await expect(log.append(draftOf(gateAddress(newKey()), [gateRefused()], null))).rejects.toMatchObject({ kind: 'transient', code: 'log.no-right' });
    },

    'connectors read heads they are allowed and no histories [G23]': async (harness) => {
      const connectors = await harness.connect('connectors');
      const address = loopAddress();
      const commit = committed(await (await harness.connect('ops')).log.append(draftOf(address, [suspended('a')], null)));
      expect(await connectors.log.head(address)).toMatchObject({ id: commit.id });
      await expect(connectors.log.history(address)).rejects.toMatchObject({ kind: 'transient' });
      await expect(connectors.log.readAfter(commit.position.stream, 0, 1)).rejects.toMatchObject({ kind: 'transient' });
    },
  },
};

function acking(got: Delivery[]): (delivery: Delivery) => void {
  return (delivery) => {
    got.push(delivery);
    void delivery.ack();
  };
}

function of(got: readonly Delivery[], key: string): readonly Delivery[] {
  return got.filter((delivery) => delivery.address.key === key);
}

function verdictOn(delivery: Delivery): string {
  try {
    delivery.commit();
    return 'good';
  } catch (error) {
    return (error as { code?: string }).code ?? 'defect';
  }
}

function keyInSameStream(key: string, { streams }: LogHarness): string {
  for (;;) {
    const candidate = newKey();
    if (streamOfKey(candidate, streams) === streamOfKey(key, streams)) return candidate;
  }
}
