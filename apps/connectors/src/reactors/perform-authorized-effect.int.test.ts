import { rename } from 'node:fs/promises';
import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import type { Authorization } from '@soloist/contracts';
import { Dispatcher, systemClock, type Service } from '@soloist/service';
import { silentLogger } from '@soloist/telemetry';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MAIL_ARGS, newSigner, authorizationFor } from '../authorization.fixture.js';
import { connectorsService } from '../connectors.js';
import { claimed, goodAuthorization, openRig, runIdOf, typesOf, until, watched, type Rig } from '../connectors.fixture.js';
import { HOLDS_FOR_MS } from '../effects/holding.js';
import type { ConnectorsPorts } from '../ports/connectors.ports.js';

const runId = runIdOf('one');
let rig: Rig;
beforeEach(async () => {
  rig = await openRig();
});
afterEach(() => rig.close());

const good = (changed: Partial<Authorization> = {}): Authorization => goodAuthorization(rig, runId, changed);

describe('an authorized mail', () => {
  it('[G8] is claimed, armed, sent once and recorded, in this order', async () => {
    await rig.start();
    await rig.authorize(good());
    const said = await rig.untilSettled(runId);
    expect(typesOf(said)).toEqual(['attempted', 'armed', 'succeeded']);
    expect(said[2]?.data).toMatchObject({ knownBy: 'wire', receipt: { messageId: `<${runId.slice(0, 24)}-e1-g1@soloist.local>`, accepted: ['jane@client.example'], rejected: [] } });
    expect(await rig.sent(good())).toMatchObject([{ box: 'outside' }]);
    expect(await rig.table(runId)).toMatchObject([{ state: 'succeeded', action: 'mail.send', idempotencyKey: `${runId.slice(0, 24)}-e1-g1` }]);
  });

  it('[F2] [G8] delivered three times more: nothing is sent and nothing is written', async () => {
    const running = await rig.start();
    const commit = await rig.authorize(good());
    const said = await rig.untilSettled(runId);
    for (let count = 2; count < 5; count += 1) await running.services[0]?.dispatcher.reactTo(commit, count);
    expect(await rig.effects(runId)).toEqual(said);
    expect(await rig.sent(good())).toHaveLength(1);
  });

  it('[G8] [G12] taken up by two workers at once: one claims it, one mail goes out', async () => {
    const running = await Promise.all([rig.start(), rig.start()]);
    const commit = await rig.authorize(good());
    const hands = running.flatMap(({ services }, worker) => [1, 2, 3].map((count) => services[0]?.dispatcher.reactTo(commit, worker * 10 + count)));
    await Promise.allSettled(hands);
    await rig.untilSettled(runId);
    await until(async () => ((await rig.table(runId))[0]?.state === 'succeeded' ? true : null), 'success');
    expect(typesOf(await rig.effects(runId)).filter((type) => type === 'attempted')).toHaveLength(1);
    expect(await rig.sent(good())).toHaveLength(1);
  });
});

describe('two workers holding one message', () => {
  /** Lets a worker pass when the other stands at the same point, or has gone home. */
  function meetingPoint(): { arrive: (worker: number) => Promise<void>; leave: (worker: number) => void } {
    const here = new Map<number, () => void>();
    const gone = new Set<number>();
    const open = (): void => {
      if (here.size + gone.size < 2) return;
      for (const pass of here.values()) pass();
      here.clear();
    };
    return {
      arrive: (worker) =>
        new Promise((pass) => {
          here.set(worker, pass);
          open();
        }),
      leave: (worker) => {
        gone.add(worker);
        open();
      },
    };
  }

  it.each([
    ['as the broker counts', [1, 2]],
    ['by a broker that forgot how often it handed it out', [1, 1]],
  ] as const)('[G8] side by side at each step, delivered %s: one claims, arms and sends; the other keeps its message', async (_how, counts) => {
    const points = { attempted: meetingPoint(), armed: meetingPoint() };
    const commit = await rig.authorize(good());
    const opened = await connectorsService.open({ config: rig.config, connection: rig.log.connect('connectors'), clock: systemClock });
    const work = counts.map(async (deliveryCount, worker) => {
      const connection = watched(rig.log.connect('connectors'), {
        before: async (type) => {
          if (type === 'attempted' || type === 'armed') await points[type].arrive(worker);
        },
      });
      const dispatcher = new Dispatcher(connectorsService as Service<unknown, ConnectorsPorts>, connection, opened.ports, systemClock, silentLogger);
      try {
        return await dispatcher.reactTo(commit, deliveryCount);
      } finally {
        points.attempted.leave(worker);
        points.armed.leave(worker);
      }
    });
    const ends = await Promise.allSettled(work);
    await opened.close();
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(ends.find((end) => end.status === 'rejected')?.reason).toMatchObject({ kind: 'transient', code: 'effect.claimed-elsewhere' });
    expect(typesOf(await rig.effects(runId))).toEqual(['attempted', 'armed', 'succeeded']);
    expect(await rig.sent(good())).toHaveLength(1);
  });
});

describe('an authorization that must not be acted on', () => {
  async function refused(authorization: Authorization, code: string): Promise<void> {
    const running = await rig.start();
    await rig.write('runtime', 'loop', runId, claimed(runId, 1));
    const commit = await rig.write('governance', 'gate', runId, { type: 'governance.gate.authorized', data: authorization });
    const said = await rig.untilSettled(runId);
    expect(said).toMatchObject([{ type: 'connectors.effect.refused', data: { effectId: authorization.effectId, generation: authorization.generation, code } }]);
    await running.services[0]?.dispatcher.reactTo(commit, 2);
    expect(await rig.effects(runId)).toHaveLength(1);
    expect(await rig.sent(authorization)).toEqual([]);
  }

  it('[G12] signed by nobody', () => refused(authorizationFor(runId, { signature: Buffer.alloc(64).toString('base64url') }), 'authorization.signature-invalid'));
  it('[G12] signed by somebody else', () => refused(newSigner().sign(authorizationFor(runId)), 'authorization.signature-invalid'));
  it('[G12] expired', () => refused(good({ expiresAt: new Date(Date.now() - 1).toISOString() }), 'authorization.expired'));
  it('[G12] for other arguments than those it carries', () => refused({ ...good(), args: { ...MAIL_ARGS, text: 'It is 950 EUR an hour.' } }, 'effect.digest-differs'));
  it('[G12] for another run', () => refused(good({ runId: runIdOf('other') }), 'authorization.other-run'));
  it('for an action nobody does', () => refused(good({ action: 'fax.send' }), 'effect.action-unknown'));
  it('with a class the connector does not declare', () => refused(good({ effectClass: 'natural' }), 'effect.class-differs'));
  it('with arguments that cannot be sent', () => refused(good({ args: { ...MAIL_ARGS, to: [] } }), 'effect.args-invalid'));
  it('[G10] of an epoch that is not the last', () => refused(good({ epoch: 2 }), 'authorization.epoch-stale'));

  it('[G12] used before, for another effect', async () => {
    await rig.start();
    await rig.authorize(good());
    await rig.untilSettled(runId);
    await rig.authorize(good({ effectId: `${runId.slice(0, 24)}-e2` }));
    expect((await rig.untilSettled(runId, 2)).at(-1)).toMatchObject({ type: 'connectors.effect.refused', data: { code: 'authorization.used' } });
    expect(await rig.sent(good({ effectId: `${runId.slice(0, 24)}-e2` }))).toEqual([]);
  });

  it('[G8] for a generation that was attempted, under a fresh nonce', async () => {
    await rig.start();
    await rig.authorize(good());
    await rig.untilSettled(runId);
    await rig.authorize(good({ nonce: 'fresh' }));
    expect((await rig.untilSettled(runId, 2)).at(-1)).toMatchObject({ data: { code: 'effect.generation-attempted' } });
    expect(await rig.sent(good())).toHaveLength(1);
  });

  it('waits while governance has not published its key, and goes out once it has', async () => {
    const file = rig.config.governancePublicKeyFile;
    await rename(file, `${file}.away`);
    await rig.start();
    await rig.authorize(good());
    expect(await rig.effects(runId)).toEqual([]);
    await rename(`${file}.away`, file);
    expect(typesOf(await rig.untilSettled(runId))).toEqual(['attempted', 'armed', 'succeeded']);
  });
});

describe('the fence', () => {
  it('[G10] a newer claim that lands after the heads were read and before the attempt makes it fail, and it is refused', async () => {
    let isRaced = false;
    await rig.start({
      connection: (own) =>
        watched(own, {
          before: async (type) => {
            if (type !== 'attempted' || isRaced) return;
            isRaced = true;
            await rig.write('runtime', 'loop', runId, claimed(runId, 2));
          },
        }),
    });
    await rig.authorize(good());
    expect(await rig.untilSettled(runId)).toMatchObject([{ type: 'connectors.effect.refused', data: { code: 'authorization.epoch-stale' } }]);
    expect(isRaced).toBe(true);
    expect(await rig.sent(good())).toEqual([]);
  });

  it('a newer fact of the run that it may not read is told by the log, and expected after looking again', async () => {
    const authorization = good();
    await rig.authorize(authorization);
    await rig.write('governance', 'hold', runId, { type: 'governance.hold.refused', data: { runId, code: 'late', because: 'newer than all heads' } });
    await rig.start();
    expect(typesOf(await rig.untilSettled(runId))).toEqual(['attempted', 'armed', 'succeeded']);
  });

  it('[G25] while the company is stopped nothing is attempted', async () => {
    await rig.setStop(runId, 'raised', 1);
    await rig.start();
    await rig.authorize(good({ stopGeneration: 1 }));
    expect(await rig.untilSettled(runId)).toMatchObject([{ data: { code: 'halt.raised' } }]);
    expect(await rig.sent(good())).toEqual([]);
  });

  it('[G25] after a stop was lifted, an authorization from before it stays void, and a new one goes out', async () => {
    await rig.setStop(runId, 'raised', 1);
    await rig.setStop(runId, 'lifted', 1);
    await rig.start();
    await rig.authorize(good());
    expect(await rig.untilSettled(runId)).toMatchObject([{ data: { code: 'authorization.before-stop' } }]);
    await rig.authorize(good({ stopGeneration: 1, nonce: 'after-stop', generation: 2 }));
    expect(typesOf(await rig.untilSettled(runId, 2))).toEqual(['refused', 'attempted', 'armed', 'succeeded']);
  });

  it('[G8] nothing goes out under a generation that was refused, whatever comes for it later: the run was told that nothing was done', async () => {
    await rig.start();
    await rig.authorize(good({ expiresAt: '2000-01-01T00:00:00.000Z' }));
    expect(await rig.untilSettled(runId)).toMatchObject([{ data: { code: 'authorization.expired' } }]);
    await rig.authorize(good({ nonce: 'later' }));
    await rig.authorize(good({ nonce: 'next', generation: 2 }));
    expect(typesOf(await rig.untilSettled(runId, 2))).toEqual(['refused', 'attempted', 'armed', 'succeeded']);
    expect(await rig.sent(good())).toEqual([]);
  });

  it('[G25] a stop that lands between attempted and armed wins: not armed, not sent, and the log says so', async () => {
    await rig.start({ connection: (own) => watched(own, { after: (type) => (type === 'attempted' ? rig.setStop(runId, 'raised', 1) : undefined) }) });
    await rig.authorize(good());
    const said = await rig.untilSettled(runId);
    expect(typesOf(said)).toEqual(['attempted', 'failed']);
    expect(said[1]?.data).toMatchObject({ faultKind: 'halted', code: 'halt.raised' });
    expect(await rig.sent(good())).toEqual([]);
  });

  it('[G10] a worker that slept longer than its lease sends nothing, whenever it slept', async () => {
    for (const [index, point] of (['attempted', 'armed'] as const).entries()) {
      let nowMs = 0;
      const sleeper = await rig.start({
        connection: (own) => watched(own, { after: (type) => void (type === point && (nowMs += HOLDS_FOR_MS)) }),
        ports: (own) => ({ ...own, stopwatch: () => nowMs }),
      });
      const run = runIdOf(point);
      await rig.authorize(goodAuthorization(rig, run));
      const said = await rig.untilSettled(run);
      expect(typesOf(said)).toEqual(['attempted', 'armed', 'failed']);
      expect(said[2]?.data).toMatchObject({ code: 'effect.claim-too-old' });
      expect(await rig.sent(goodAuthorization(rig, run)), `${index}`).toEqual([]);
      await sleeper.stop();
    }
  });
});

it('lists exactly the reactors of its folder', () => {
  const files = readdirSync(new URL('./', import.meta.url)).filter((file) => !file.includes('.test.'));
  expect(connectorsService.reactors.map(({ name }) => name).sort()).toEqual(files.map((file) => basename(file, '.ts')).sort());
});
