import type { GateEvent } from '@soloist/contracts';
import { createMemoryLog, type EventLog } from '@soloist/eventlog';
import { headOf } from '@soloist/service';
import { expect, test } from 'vitest';
import { asked, DIGEST, GATE, NOW, RUN, seal, terms, wish } from '../domain/gate.fixture.js';
import { decideGate } from '../domain/gate.js';
import { evolveGates, noGates } from '../domain/gate-state.js';
import { GateDecisions } from './gate-decisions.js';

const approve = { decision: 'approve', digest: DIGEST, reason: null, surface: 'api' } as const;

/** A log with this history of gates on which nobody consumes commands, and the commands that were put on it. */
async function logWith(...commits: (readonly GateEvent[])[]): Promise<{ log: EventLog; commands: unknown[] }> {
  const { log } = createMemoryLog({ streams: 1 });
  const address = { context: 'governance', entity: 'gate', key: RUN } as const;
  for (const [number, events] of commits.entries()) {
    const head = await log.head(address);
    const draft = { address, id: `commit-${number}`, cause: null, actor: 'governance', policy: null, at: NOW, traceparent: null, events, snapshot: false };
    await log.append({ ...draft, after: head === null ? null : headOf(head) });
  }
  const commands: unknown[] = [];
  return { log: { ...log, command: async (_address, command) => void commands.push(command) }, commands };
}

const decided = (now: string): readonly GateEvent[] => decideGate(asked().reduce(evolveGates, noGates), 'c0', wish(), terms, null, now, seal);

test('I2 a gate that is closed is answered from the record, and nothing is published', async () => {
  const { log, commands } = await logWith(asked(), decided(NOW));
  const outcome = await new GateDecisions(log).decide(GATE, approve, 'operator');
  expect(outcome).toEqual({ gateId: GATE, state: 'approved', decidedBy: { by: 'operator', surface: 'cli' }, alreadyDecided: true, authorized: true });
  expect(commands).toEqual([]);
});

test('a gate that closed by expiring is a conflict, and nothing is published', async () => {
  const { log, commands } = await logWith(asked(), decided('2027-01-01T00:00:00.000Z'));
  await expect(new GateDecisions(log).decide(GATE, approve, 'operator')).rejects.toMatchObject({ status: 409, code: 'gate.expired' });
  expect(commands).toEqual([]);
});

test('I3 a wait is bounded: what is not on record by then is answered as open, and the command stays', async () => {
  const { log, commands } = await logWith(asked());
  expect(await new GateDecisions(log, 40).decide(GATE, approve, 'operator')).toBeNull();
  expect(commands).toEqual([expect.objectContaining({ actor: 'operator', body: { type: 'governance.gate.decide', runId: RUN, gateId: GATE, by: 'operator', ...approve } })]);
});

test('I1 each decision is a command of its own', async () => {
  const { log, commands } = await logWith(asked());
  const decisions = new GateDecisions(log, 10);
  await decisions.decide(GATE, approve, 'operator');
  await decisions.decide(GATE, approve, 'operator');
  expect(new Set(commands.map((command) => (command as { id: string }).id)).size).toBe(2);
});
