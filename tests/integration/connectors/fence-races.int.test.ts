/** The fence of outward effects against real races: a company stop and a newer claim, pressed while effects start. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectorsService, listMailboxes, mailboxRoot } from '@soloist/connectors';
import { haltKeyOfStream, streamOfKey, type Address, type AnyEvent, type Authorization, type Context } from '@soloist/contracts';
import { commitIdOf, connectLog, derivedId, type Commit, type LogConnection } from '@soloist/eventlog';
import { part, readConfig, runInProcess, systemClock, type InProcess } from '@soloist/service';
import { startBroker, type TestBroker } from '@soloist/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimedLoop, newSigner } from './signed-authorization.fixture.js';

const signer = newSigner();
let broker: TestBroker;
let folder: string;
let running: InProcess;
const owners = new Map<Context | 'ops', LogConnection>();

beforeAll(async () => {
  [broker, folder] = await Promise.all([startBroker(), mkdtemp(join(tmpdir(), 'connectors-races-'))]);
  await mkdir(join(folder, 'secrets'), { mode: 0o700 });
  const config = readConfig(connectorsService, { SOLOIST_DATA_DIR: folder, SOLOIST_SMTP_PORT: '0' });
  await signer.writePublicKey(config.governancePublicKeyFile);
  for (const owner of ['ops', 'runtime', 'governance', 'connectors'] as const) {
    owners.set(owner, await connectLog({ servers: broker.url, seedFile: broker.seedFile(owner), service: owner, streams: broker.streams, keys: broker.keys, name: `test ${owner}` }));
  }
  const connection = as('connectors');
  running = await runInProcess([part(connectorsService, connection, await connectorsService.open({ config, connection, clock: systemClock }))]);
}, 120_000);
afterAll(async () => {
  await running.stop();
  for (const owner of owners.values()) await owner.close();
  await broker.stop();
  await rm(folder, { recursive: true, force: true });
});

function as(owner: Context | 'ops'): LogConnection {
  const connection = owners.get(owner);
  if (connection === undefined) throw new Error(`${owner} is not connected`);
  return connection;
}
async function write(context: Context, entity: string, key: string, event: AnyEvent): Promise<Commit> {
  const address: Address = { context, entity, key };
  const { log } = as(context);
  const head = await log.head(address);
  const appended = await log.append({
    address,
    id: commitIdOf(`${head?.id ?? ''}`, event.type, key),
    cause: null,
    actor: context,
    policy: null,
    at: new Date().toISOString(),
    traceparent: null,
    events: [event],
    after: head === null ? null : { sequence: head.position.sequence, hash: head.hash, from: head.from },
    snapshot: false,
  });
  if (appended.outcome !== 'committed') throw new Error(`${event.type}: ${appended.outcome}`);
  return appended.commit;
}
const claim = (runId: string, epoch: number): Promise<Commit> => write('runtime', 'loop', runId, claimedLoop(runId, epoch));
const authorize = (runId: string, changed: Partial<Authorization> = {}): Promise<Commit> => write('governance', 'gate', runId, signer.authorized(runId, changed));

interface Story {
  readonly runId: string;
  readonly commits: readonly Commit[];
  readonly types: readonly string[];
  readonly mails: number;
}
/** What became of each run, once every one of them has an end. */
async function stories(runIds: readonly string[]): Promise<readonly Story[]> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const episodes = await Promise.all(runIds.map((runId) => as('ops').log.episode(runId)));
    const histories = episodes.map((commits) => commits.filter(({ address }) => address.context === 'connectors'));
    const ends = /\.(succeeded|failed|unknown|refused)$/;
    if (histories.every((commits) => commits.some((commit) => commit.events.some(({ type }) => ends.test(type))))) {
      const listed = await listMailboxes(mailboxRoot(folder));
      return histories.map((commits, index) => {
        const runId = runIds[index] ?? '';
        const types = commits.flatMap((commit) => commit.events).flatMap(({ type }) => (type.endsWith('.snapshotted') ? [] : [type.slice(type.lastIndexOf('.') + 1)]));
        return { runId, commits, types, mails: listed.filter(({ headers }) => headers?.messageId.includes(runId.slice(0, 24)) === true).length };
      });
    }
    if (Date.now() > deadline) throw new Error('not every effect came to an end in time');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
function sequenceOf(story: Story, name: string): number | null {
  return story.commits.find((commit) => commit.events.some(({ type }) => type.endsWith(`.${name}`)))?.position.sequence ?? null;
}

describe('races on a real broker', () => {
  it('[G25] no effect is armed behind a stop of its stream, and none goes out that was not armed', async () => {
    const counted = { sent: 0, stopped: 0 };
    for (let round = 1; round <= 6; round += 1) {
      const runIds = Array.from({ length: 30 }, (_, index) => derivedId('run', `stop-${round}-${index}`));
      await Promise.all(runIds.map((runId) => claim(runId, 1)));
      const pressAfter = Math.floor((runIds.length * round) / 8);
      const raised = new Map<number, number>();
      const press = async (): Promise<void> => {
        for (let stream = 0; stream < broker.streams; stream += 1) {
          const commit = await write('governance', 'halt', haltKeyOfStream(stream, broker.streams), { type: 'governance.halt.raised', data: { generation: round, by: 'operator', because: 'race' } });
          raised.set(stream, commit.position.sequence);
        }
      };
      let pressed: Promise<void> | null = null;
      await Promise.all(
        runIds.map(async (runId, index) => {
          await authorize(runId, { stopGeneration: round - 1 });
          if (index === pressAfter) pressed = press();
        }),
      );
      await pressed;
      for (const story of await stories(runIds)) {
        const armed = sequenceOf(story, 'armed');
        const stop = raised.get(streamOfKey(story.runId, broker.streams)) ?? 0;
        if (armed !== null) expect(armed).toBeLessThan(stop);
        else expect(story.types.at(-1)).toMatch(/failed|refused/);
        expect(story.mails).toBe(armed === null ? 0 : 1);
        counted[armed === null ? 'stopped' : 'sent'] += 1;
      }
      for (let stream = 0; stream < broker.streams; stream += 1) {
        await write('governance', 'halt', haltKeyOfStream(stream, broker.streams), { type: 'governance.halt.lifted', data: { generation: round, by: 'operator', because: 'race' } });
      }
    }
    // A race that only ever goes one way proves nothing.
    expect(counted.sent).toBeGreaterThan(0);
    expect(counted.stopped).toBeGreaterThan(0);
  }, 180_000);

  it('[G10] no effect is attempted for an epoch behind a newer claim of its run', async () => {
    const counted = { sent: 0, refused: 0 };
    const runIds = Array.from({ length: 120 }, (_, index) => derivedId('run', `claim-${index}`));
    const newer = new Map<string, number>();
    await Promise.all(runIds.map((runId) => claim(runId, 1)));
    // All of this round's stops are lifted; their generation is the last one raised.
    const stopGeneration = 6;
    // A few at a time, and the newer claim after ever more round trips, so that it meets every moment of the claim.
    for (let from = 0; from < runIds.length; from += 4) {
      await Promise.all(
        runIds.slice(from, from + 4).map(async (runId) => {
          await authorize(runId, { stopGeneration });
          for (let trips = 0; trips < from / 4; trips += 1) await as('ops').log.head({ context: 'runtime', entity: 'loop', key: runId });
          newer.set(runId, (await claim(runId, 2)).position.sequence);
        }),
      );
    }
    for (const story of await stories(runIds)) {
      const attempted = sequenceOf(story, 'attempted');
      if (attempted === null) expect(story.types).toEqual(['refused']);
      else expect(attempted).toBeLessThan(newer.get(story.runId) ?? 0);
      expect(story.mails).toBe(attempted === null ? 0 : 1);
      counted[attempted === null ? 'refused' : 'sent'] += 1;
    }
    expect(counted.sent).toBeGreaterThan(0);
    expect(counted.refused).toBeGreaterThan(0);
  }, 180_000);
});
