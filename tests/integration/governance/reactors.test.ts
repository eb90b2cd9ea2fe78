/** What governance writes when the others speak. On the in-memory log, with the rights of each service. */
import { generateKeyPairSync } from 'node:crypto';
import type { BudgetEvent, HoldEvent } from '@soloist/contracts';
import { isAuthentic, recordedSigner, signedBytes, signerOf } from '@soloist/governance';
import { afterEach, describe, expect, test } from 'vitest';
import { catalog, claimed, effectRequested, eventsOf, finished, gateEvents, mailArgs, openGate, openInProcess, requestRun, runIdOf, say, until, type Gate } from './company.fixture.js';

let stop = (): Promise<void> => Promise.resolve();
afterEach(() => stop());

async function open(custom = catalog): ReturnType<typeof openInProcess> {
  const opened = await openInProcess(custom);
  stop = () => opened.running.stop();
  return opened;
}
type Log = Awaited<ReturnType<typeof open>>['log'];

async function holdOf(log: Log, runId: string, type: HoldEvent['type']): Promise<HoldEvent> {
  const events = await until(() => eventsOf(log, 'hold', runId), (found) => found.some((event) => event.type === type));
  return events.find((event) => event.type === type) as HoldEvent;
}
async function verdictOn(log: Log, runId: string): Promise<readonly Gate[]> {
  return until(() => gateEvents(log, runId), (events) => events.length > 1);
}
async function admitted(log: Log, runId: string): Promise<void> {
  await requestRun(log, runId);
  await holdOf(log, runId, 'governance.hold.granted');
}
const shortTypes = (events: readonly { type: string }[]): string[] => events.map((event) => event.type.replace(/^governance\.[a-z]+\./, ''));

describe('admission', () => {
  test('[V3] a run is granted its envelope and pinned to the versions of now', async () => {
    const { log } = await open();
    await requestRun(log, runIdOf(1));
    const { data } = await holdOf(log, runIdOf(1), 'governance.hold.granted');
    expect(data).toEqual({ runId: runIdOf(1), agent: 'desk', definitionVersion: catalog.agents[0]?.version, policyVersion: catalog.policy.version, envelopeMicros: 200_000, currency: 'USD', client: 'subject-1' });
  });

  test('an agent that nobody defined is refused with what to do', async () => {
    const { log } = await open();
    await requestRun(log, runIdOf(1), 'ghost');
    expect((await holdOf(log, runIdOf(1), 'governance.hold.refused')).data).toMatchObject({ code: 'agent.unknown', because: expect.stringContaining('ghost') });
    expect(shortTypes(await eventsOf(log, 'budget', 'company'))).not.toContain('reserved');
  });

  test('[G11] 24 runs at once on a limit of five envelopes: five are granted, and no prefix of the ledger passes the limit', async () => {
    const { log } = await open();
    const runs = Array.from({ length: 24 }, (_, number) => runIdOf(number));
    await Promise.all(runs.map((runId) => requestRun(log, runId)));
    const holds = await Promise.all(runs.map((runId) => until(() => eventsOf(log, 'hold', runId), (events) => events.length > 0)));
    expect(shortTypes(holds.flat()).filter((type) => type === 'granted')).toHaveLength(5);
    expect(holds.flat().filter((event) => event.type === 'governance.hold.refused').every((event) => (event.data as { code: string }).code === 'budget.exhausted')).toBe(true);
    let committed = 0;
    for (const event of (await eventsOf(log, 'budget', 'company')) as readonly BudgetEvent[]) {
      if (event.type === 'governance.budget.reserved') committed += event.data.micros;
      expect(committed).toBeLessThanOrEqual(1_000_000);
    }
    expect(committed).toBe(1_000_000);
  });

  test('[G11] what a run did not spend is free for the next one, and the ledger survives its snapshots', async () => {
    const { log } = await open();
    for (let number = 0; number < 60; number += 1) {
      const runId = runIdOf(number);
      await admitted(log, runId);
      await say(log, 'runtime', 'loop', runId, claimed(runId), finished(1_000));
      expect((await holdOf(log, runId, 'governance.hold.released')).data).toMatchObject({ spentMicros: 1_000, releasedMicros: 199_000 });
    }
    const types = shortTypes(await eventsOf(log, 'budget', 'company'));
    expect([types.filter((type) => type === 'settled').length, types.filter((type) => type === 'snapshotted').length]).toEqual([60, 2]);
  });

  test('[G11] a run that reports more than its envelope is settled in full, and the fact says so', async () => {
    const { log } = await open();
    await admitted(log, runIdOf(1));
    await say(log, 'runtime', 'loop', runIdOf(1), claimed(runIdOf(1)), finished(200_001));
    expect((await holdOf(log, runIdOf(1), 'governance.hold.released')).data).toMatchObject({ spentMicros: 200_001, releasedMicros: 0 });
    const ledger = await eventsOf(log, 'budget', 'company');
    expect(shortTypes(ledger)).toEqual(['limited', 'reserved', 'overspent', 'settled']);
    expect(ledger.at(-2)?.data).toMatchObject({ runId: runIdOf(1), envelopeMicros: 200_000, spentMicros: 200_001 });
  });
});

describe('judging', () => {
  test('[V10] an outward effect opens a gate with exactly what was asked; nothing is authorized', async () => {
    const { log } = await open();
    const card = await openGate(log, runIdOf(1));
    expect(card).toMatchObject({ gateId: `${runIdOf(1)}-g1`, action: 'mail.send', args: mailArgs, policyVersion: catalog.policy.version, kind: 'outward-effect' });
    expect(shortTypes(await gateEvents(log, runIdOf(1)))).toEqual(['judged', 'opened']);
  });

  test('a read that the policy allows is authorized at once, signed by governance', async () => {
    const { log, governance } = await open();
    await admitted(log, runIdOf(1));
    await say(log, 'runtime', 'loop', runIdOf(1), claimed(runIdOf(1)), effectRequested(runIdOf(1), 1, { action: 'mail.search', args: { text: 'rate' }, effectClass: 'read-only' }));
    const authorized = (await verdictOn(log, runIdOf(1)))[1];
    expect(authorized?.type).toBe('governance.gate.authorized');
    expect(isAuthentic(authorized?.data as never, governance.publicKey)).toBe(true);
  });

  test.each([
    ['a digest of other arguments', { digest: 'f'.repeat(64) }, 'effect.digest-mismatch'],
    ['an older epoch', { epoch: 1 }, 'effect.stale-epoch'],
    ['an action the agent may not ask for', { action: 'bank.pay' }, 'agent.action-not-listed'],
  ])('[G12] %s is refused, whatever the request says about itself', async (_name, change, code) => {
    const { log } = await open();
    await admitted(log, runIdOf(1));
    await say(log, 'runtime', 'loop', runIdOf(1), claimed(runIdOf(1)));
    await say(log, 'runtime', 'loop', runIdOf(1), claimed(runIdOf(1), 2), effectRequested(runIdOf(1), 1, { epoch: 2, ...change }));
    const events = await verdictOn(log, runIdOf(1));
    expect(shortTypes(events)).toEqual(['judged', 'refused']);
    expect(events[1]?.data).toMatchObject({ code });
  });

  test('a run without a hold gets nothing out', async () => {
    const { log } = await open();
    await say(log, 'runtime', 'loop', runIdOf(7), claimed(runIdOf(7)), effectRequested(runIdOf(7)));
    expect((await verdictOn(log, runIdOf(7)))[1]?.data).toMatchObject({ code: 'hold.missing' });
  });
});

describe('an unknown outcome', () => {
  test('opens a gate, and only an approval authorizes the next generation', async () => {
    const { log, governance } = await open();
    const runId = runIdOf(1);
    const card = await openGate(log, runId);
    await decide(log, runId, card.gateId, card.digest, 'c-1');
    await until(() => gateEvents(log, runId), (events) => events.some((event) => event.type === 'governance.gate.authorized'));
    const which = { effectId: card.effectId, generation: 1 };
    const line = { ...which, state: 'unknown' as const, digest: card.digest, idempotencyKey: 'k', nonce: 'n', action: 'mail.send', effectClass: 'check-first' as const };
    const unknown = { type: 'connectors.effect.unknown', data: { ...which, because: 'the connection ended', reconcileHint: 'look into the outbox' } };
    await say(log, 'connectors', 'effect', runId, unknown, { type: 'connectors.effect.snapshotted', data: { lines: [line], refusals: [] } });
    await until(() => gateEvents(log, runId), (events) => events.filter((event) => event.type === 'governance.gate.opened').length === 2);
    await decide(log, runId, `${runId}-g2`, card.digest, 'c-2');
    const events = await until(() => gateEvents(log, runId), (found) => found.filter((event) => event.type === 'governance.gate.authorized').length === 2);
    const authorizations = events.flatMap((event) => (event.type === 'governance.gate.authorized' ? [event.data] : []));
    expect(authorizations.map(({ generation }) => generation)).toEqual([1, 2]);
    expect(new Set(authorizations.map(({ nonce }) => nonce)).size).toBe(2);
    expect(authorizations.every((one) => isAuthentic(one, governance.publicKey))).toBe(true);
  });

  test('whose answer has come in the meantime is not sent again', async () => {
    const { log } = await open();
    const runId = runIdOf(1);
    const card = await openGate(log, runId);
    await decide(log, runId, card.gateId, card.digest, 'c-1');
    await until(() => gateEvents(log, runId), (events) => events.some((event) => event.type === 'governance.gate.authorized'));
    const which = { effectId: card.effectId, generation: 1 };
    await say(log, 'connectors', 'effect', runId, { type: 'connectors.effect.unknown', data: { ...which, because: 'x', reconcileHint: 'y' } });
    await until(() => gateEvents(log, runId), (events) => events.filter((event) => event.type === 'governance.gate.opened').length === 2);
    const line = { ...which, state: 'succeeded' as const, digest: card.digest, idempotencyKey: 'k', nonce: 'n', action: 'mail.send', effectClass: 'check-first' as const };
    await say(log, 'connectors', 'effect', runId, { type: 'connectors.effect.snapshotted', data: { lines: [line], refusals: [] } });
    await decide(log, runId, `${runId}-g2`, card.digest, 'c-2');
    const events = await until(() => gateEvents(log, runId), (found) => found.at(-1)?.type === 'governance.gate.decision-refused');
    expect(events.at(-1)?.data).toMatchObject({ code: 'effect.settled' });
  });
});

describe('commands', () => {
  test('[V6] [G12] 200 mutated and replayed commands: none is accepted, nothing goes out', async () => {
    const { log } = await open();
    const runId = runIdOf(1);
    const other = await openGate(log, runIdOf(2));
    const card = await openGate(log, runId);
    const good = { type: 'governance.gate.decide', runId, gateId: card.gateId, decision: 'approve', digest: card.digest, by: 'operator', surface: 'cli', reason: null };
    const mutations: readonly ((n: number) => Record<string, unknown>)[] = [
      (n) => ({ ...good, digest: `${card.digest.slice(0, 60)}${String(n).padStart(4, '0')}` }),
      () => ({ ...good, digest: other.digest.replace(/^./, (first) => (first === '0' ? '1' : '0')) }),
      () => ({ ...good, gateId: other.gateId }),
      (n) => ({ ...good, gateId: `${runId}-g${n + 2}` }),
      () => ({ ...good, runId: runIdOf(2) }),
      () => ({ ...good, decision: 'allow' }),
      () => ({ ...good, extra: true }),
      () => ({ ...good, surface: 'model' }),
      () => ({ ...good, digest: card.digest.toUpperCase() === card.digest ? 'x' : card.digest.toUpperCase() }),
      () => ({ type: good.type }),
    ];
    for (let n = 0; n < 120; n += 1) await command(log, runId, `bad-${n}`, mutations[n % mutations.length]?.(n));
    await decide(log, runId, card.gateId, card.digest, 'good');
    const events = await until(() => gateEvents(log, runId), (found) => found.some((event) => event.type === 'governance.gate.authorized'));
    const decided = events.filter((event) => event.type === 'governance.gate.decided');
    expect(decided.map((event) => event.type === 'governance.gate.decided' && event.data.commandId)).toEqual(['good']);
    // Replays of the good one, under its own id and under others, after the fact.
    const before = (await gateEvents(log, runId)).length;
    for (let n = 0; n < 80; n += 1) await command(log, runId, n % 2 === 0 ? 'good' : `again-${n}`, good);
    await decide(log, runIdOf(2), other.gateId, other.digest, 'fence');
    await until(() => gateEvents(log, runIdOf(2)), (found) => found.some((event) => event.type === 'governance.gate.authorized'));
    await decide(log, runId, card.gateId, 'f'.repeat(64), 'last');
    const after = await until(() => gateEvents(log, runId), (found) => found.some((event) => event.type === 'governance.gate.decision-refused' && event.data.commandId === 'last'));
    expect(after.length).toBe(before + 1);
    expect(after.filter((event) => event.type === 'governance.gate.authorized')).toHaveLength(1);
  });
});

describe('signatures', () => {
  test('[G12] 600 mutations of a signed authorization: none is authentic, and no other key signs for governance', async () => {
    const { log, governance } = await open();
    const card = await openGate(log, runIdOf(1));
    await decide(log, runIdOf(1), card.gateId, card.digest, 'c-1');
    const events = await until(() => gateEvents(log, runIdOf(1)), (found) => found.some((event) => event.type === 'governance.gate.authorized'));
    const authorization = events.flatMap((event) => (event.type === 'governance.gate.authorized' ? [event.data] : []))[0];
    if (authorization === undefined) throw new Error('nothing was authorized');
    expect(isAuthentic(authorization, governance.publicKey)).toBe(true);
    const covered = Object.keys(authorization).filter((field) => field !== 'args');
    for (let n = 0; n < 600; n += 1) {
      const field = covered[n % covered.length] as keyof typeof authorization;
      const value = authorization[field];
      const changed = typeof value === 'number' ? value + 1 + n : mutate(String(value), n);
      expect(isAuthentic({ ...authorization, [field]: changed }, governance.publicKey), `${field} as ${String(changed)}`).toBe(false);
    }
    const foreign = signerOf(generateKeyPairSync('ed25519').privateKey);
    expect(isAuthentic({ ...authorization, ...foreign.sign(authorization) }, governance.publicKey)).toBe(false);
    expect(isAuthentic({ ...authorization, signature: foreign.sign(authorization).signature }, governance.publicKey)).toBe(false);
    expect(signedBytes(authorization).toString()).not.toContain('95 EUR');
    const episode = await log.log.episode(runIdOf(1));
    expect(recordedSigner(episode).sign(authorization)).toEqual({ keyId: authorization.keyId, signature: authorization.signature });
  });
});

/** Another character somewhere; base64 of the same bytes in another spelling would be no mutation. */
function mutate(text: string, n: number): string {
  const at = n % Math.max(1, text.length - 1);
  return `${text.slice(0, at)}${text[at] === 'a' ? 'b' : 'a'}${text.slice(at + 1)}`;
}

async function decide(log: Log, runId: string, gateId: string, digest: string, id: string): Promise<void> {
  await command(log, runId, id, { type: 'governance.gate.decide', runId, gateId, decision: 'approve', digest, by: 'operator', surface: 'cli', reason: null });
}

async function command(log: Log, runId: string, id: string, body: unknown): Promise<void> {
  await log.connect('governance').log.command({ context: 'governance', entity: 'gate', key: runId }, { id, actor: 'operator', body });
}
