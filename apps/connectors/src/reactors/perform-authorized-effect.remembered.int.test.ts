/** What a worker remembers of a run while it acts for it, and what becomes of it when others have written since. */
import type { Authorization } from '@soloist/contracts';
import { sha256Hex, type Commit, type LogConnection } from '@soloist/eventlog';
import { canonicalJson } from '@soloist/kernel';
import { Dispatcher, systemClock, type OpenPorts, type Service } from '@soloist/service';
import { silentLogger } from '@soloist/telemetry';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectorsService } from '../connectors.js';
import { claimed, goodAuthorization, openRig, runIdOf, typesOf, type Rig } from '../connectors.fixture.js';
import type { Connector } from '../ports/connector.port.js';
import type { ConnectorsPorts } from '../ports/connectors.ports.js';

const runId = runIdOf('remembered');
const ACTION = 'files.look';
const ARGS = { name: 'rates' };
let rig: Rig;
let looked = 0;
const opened: OpenPorts<ConnectorsPorts>[] = [];

beforeEach(async () => {
  rig = await openRig();
  looked = 0;
});
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
  await rig.close();
});

const files: Connector = {
  name: 'files',
  actions: [
    {
      action: ACTION,
      effectClass: 'read-only',
      prepare: async (args) => ({ digest: sha256Hex(canonicalJson({ action: ACTION, args: args as never })), send: async () => ({ found: (looked += 1) }) }),
      look: async () => ({ kind: 'cannot-tell', hint: '' }),
    },
  ],
};

interface Worker {
  act(commit: Commit): Promise<unknown>;
  /** The entities whose heads were read since the last look. */
  heads(): readonly string[];
  conflicts(): number;
}

async function worker(): Promise<Worker> {
  const own = rig.log.connect('connectors');
  const heads: string[] = [];
  let conflicts = 0;
  const log: LogConnection['log'] = {
    ...own.log,
    head: (address) => (heads.push(address.entity), own.log.head(address)),
    append: async (draft) => {
      const appended = await own.log.append(draft);
      if (appended.outcome === 'conflict') conflicts += 1;
      return appended;
    },
  };
  const open = await connectorsService.open({ config: rig.config, connection: own, clock: systemClock });
  opened.push(open);
  const ports = { ...open.ports, connectors: [...open.ports.connectors, files] };
  const dispatcher = new Dispatcher(connectorsService as Service<unknown, ConnectorsPorts>, { ...own, log }, ports, systemClock, silentLogger);
  return { act: (commit) => dispatcher.reactTo(commit, 1), heads: () => heads.splice(0).sort(), conflicts: () => conflicts };
}

const effectId = (number: number): string => `${runId.slice(0, 24)}-e${number}`;
const read = (number: number, changed: Partial<Authorization> = {}): Promise<Commit> =>
  rig.authorize(goodAuthorization(rig, runId, { effectId: effectId(number), nonce: `nonce-e${number}`, action: ACTION, args: ARGS, digest: sha256Hex(canonicalJson({ action: ACTION, args: ARGS })), effectClass: 'read-only', ...changed }));
const mail = (number: number, changed: Partial<Authorization> = {}): Promise<Commit> => rig.authorize(goodAuthorization(rig, runId, { effectId: effectId(number), nonce: `nonce-e${number}`, ...changed }));
const codes = async (): Promise<readonly string[]> => (await rig.effects(runId)).flatMap((event) => (event.type === 'connectors.effect.refused' ? [event.data.code] : []));

describe('a second read of a run that this worker knows', () => {
  it('is judged by the heads of loop and stop, and by nothing else that would have to be read', async () => {
    const one = await worker();
    await one.act(await read(1));
    expect(one.heads()).toEqual(expect.arrayContaining(['effect', 'gate', 'halt', 'loop']));
    await one.act(await read(2));
    expect(one.heads()).toEqual(['halt', 'loop']);
    expect(await rig.table(runId)).toMatchObject([{ effectId: effectId(1), state: 'succeeded' }, { effectId: effectId(2), state: 'succeeded' }]);
    expect(looked).toBe(2);
  });

  it('[G25] does not happen when the company was stopped in between', async () => {
    const one = await worker();
    await one.act(await read(1));
    await rig.setStop(runId, 'raised', 1);
    await one.act(await read(2));
    await rig.setStop(runId, 'lifted', 1);
    await one.act(await read(3));
    await one.act(await read(4, { stopGeneration: 1 }));
    expect(await codes()).toEqual(['halt.raised', 'authorization.before-stop']);
    expect(looked).toBe(2);
  });

  it.each([
    ['was taken over', 'authorization.epoch-stale', () => rig.write('runtime', 'loop', runId, claimed(runId, 2))],
    ['has ended', 'run.finished', () => rig.write('runtime', 'loop', runId, { type: 'runtime.loop.finished', data: { outcome: 'done', summary: 'Answered.', spentMicros: 10, steps: 1, dataSubject: 'someone' } })],
  ])('[G10] does not happen when the run %s in between', async (_what, code, happen) => {
    const one = await worker();
    await one.act(await read(1));
    const second = await read(2);
    await happen();
    await one.act(second);
    expect(await codes()).toEqual([code]);
    expect(looked).toBe(1);
  });

  it('is refused as ever when it is not signed, has expired or is for something else', async () => {
    const one = await worker();
    await one.act(await read(1));
    await one.act(await rig.authorize({ ...goodAuthorization(rig, runId, { effectId: effectId(2), action: ACTION, effectClass: 'read-only' }), signature: 'A'.repeat(86) }));
    await one.act(await read(3, { expiresAt: '2020-01-01T00:00:00.000Z' }));
    await one.act(await read(4, { digest: 'f'.repeat(64) }));
    await one.act(await read(5, { nonce: 'nonce-e1' }));
    expect(await codes()).toEqual(['authorization.signature-invalid', 'authorization.expired', 'effect.digest-differs', 'authorization.used']);
    expect(looked).toBe(1);
  });

  it('is recorded once when another worker has done it meanwhile', async () => {
    const [one, other] = [await worker(), await worker()];
    await one.act(await read(1));
    const second = await read(2);
    await other.act(second);
    await one.act(second);
    expect(one.conflicts()).toBe(1);
    expect(typesOf(await rig.effects(runId))).toEqual(['succeeded', 'succeeded']);
  });

  it('keeps in the table what another worker has written meanwhile', async () => {
    const [one, other] = [await worker(), await worker()];
    await one.act(await read(1));
    await other.act(await mail(2));
    await one.act(await read(3));
    expect(one.conflicts()).toBe(1);
    expect((await rig.table(runId)).map((line) => `${line.effectId.slice(25)} ${line.state}`)).toEqual(['e1 succeeded', 'e2 succeeded', 'e3 succeeded']);
  });
});

describe('[G8] a second mail of a run that this worker knows', () => {
  it('is claimed and armed behind what another worker has armed meanwhile, and the history stays whole', async () => {
    const [one, other] = [await worker(), await worker()];
    await one.act(await mail(1));
    one.heads();
    await other.act(await mail(2));
    await one.act(await mail(3));
    expect(one.heads()).not.toContain('arming');
    expect(typesOf(await rig.effects(runId))).toEqual(['attempted', 'armed', 'succeeded', 'attempted', 'armed', 'succeeded', 'attempted', 'armed', 'succeeded']);
    expect(await rig.log.log.history({ context: 'connectors', entity: 'arming', key: runId })).toHaveLength(3);
  });

  it('[G25] does not go out when the company was stopped in between', async () => {
    const one = await worker();
    await one.act(await mail(1));
    await rig.setStop(runId, 'raised', 1);
    await one.act(await mail(2));
    expect(await codes()).toEqual(['halt.raised']);
    expect(typesOf(await rig.effects(runId))).toEqual(['attempted', 'armed', 'succeeded', 'refused']);
  });
});
