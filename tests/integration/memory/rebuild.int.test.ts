import { createMemoryKeyTable, type LogConnection } from '@soloist/eventlog';
import { Fault } from '@soloist/kernel';
import { openFactRows } from '@soloist/memory/fact-rows';
import type { TableChecksum } from '@soloist/service';
import { silentLogger } from '@soloist/telemetry';
import { startPostgres, type TestPostgres } from '@soloist/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { MAILS } from './client-mails.fixture.js';
import { eventually, memoryLog, MemoryRig, type LogUnderTest } from './memory-rig.fixture.js';

let postgres: TestPostgres;
let log: LogUnderTest;
let rig: MemoryRig;
let schemas = 0;
const tables = (sums: readonly TableChecksum[]): string[] => sums.map((sum) => sum.table);

beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(async () => {
  await postgres?.stop();
});
afterEach(async () => {
  await rig?.stop();
  await log?.stop();
});

async function startRig(): Promise<void> {
  log = memoryLog();
  schemas += 1;
  rig = new MemoryRig(log, postgres.url, `rebuild_${schemas}`);
  await rig.start();
}

/** Another set of rows of the same log, made in one go, to compare with. */
async function rebuiltElsewhere(batch: number): Promise<readonly TableChecksum[]> {
  const connection = await rig.as('memory');
  const rows = await openFactRows({ url: postgres.url, schema: `${rig.schema}_b${batch}`, connectWithinMs: 20_000, logger: silentLogger, batch });
  try {
    await (await rows.projector.start(connection)).stop();
    return await rows.store.checksums();
  } finally {
    await rows.store.close();
  }
}

/** The same connection, with something happening before each batch is read. */
function withEachRead(connection: LogConnection, before: () => Promise<void>): LogConnection {
  const { log } = connection;
  const readAfter: typeof log.readAfter = async (...args) => {
    await before();
    return log.readAfter(...args);
  };
  return { ...connection, log: Object.assign(Object.create(log) as typeof log, { readAfter }) };
}

describe('fact rows', () => {
  it('[M6] come back equal, table by table, after they were dropped and after PostgreSQL lost all data', async () => {
    await startRig();
    for (const mail of MAILS) await rig.receive(mail);
    const facts = await rig.settled();
    const before = await rig.checksums();
    expect(tables(before)).toEqual(['facts', 'inputs', 'soloist_position']);
    expect(before.map((sum) => sum.rows).slice(0, 2)).toEqual([facts, MAILS.length]);
    await rig.stop();

    const store = await rig.openStore();
    await store.dropAll();
    expect((await store.checksums()).map((sum) => sum.rows)).toEqual([0, 0, 0]);
    await store.close();
    await rig.start();
    expect(await rig.checksums()).toEqual(before);
    await rig.stop();

    await postgres.wipe();
    await rig.start();
    expect(await rig.checksums()).toEqual(before);
    expect((await rig.askAndRead('acme', 'Which hourly rate did we agree for changes?')).facts[0]?.text).toContain('95 EUR');
  });

  it('[M6] [G15] come back equal when PostgreSQL is killed again and again in the middle of the rebuild', async () => {
    await startRig();
    for (const mail of MAILS) await rig.receive(mail);
    await rig.settled();
    const before = await rig.checksums();
    await rig.stop();
    const store = await rig.openStore();
    await store.dropAll();
    await store.close();
    const steps: number[] = [];
    for (let survived = 3; ; survived += 4) {
      const rows = await openFactRows({ url: postgres.url, schema: rig.schema, connectWithinMs: 20_000, logger: silentLogger, batch: 2 });
      const connection = await rig.as('memory');
      let reads = 0;
      const killing = async (): Promise<void> => ((reads += 1) === survived ? postgres.kill9() : undefined);
      const outcome = await rows.projector.start(withEachRead(connection, killing)).then((started) => started, (error: unknown) => error as Fault);
      await rows.store.close();
      steps.push(reads);
      if (!(outcome instanceof Fault)) {
        await outcome.stop();
        break;
      }
      expect(outcome.kind).toBe('transient');
      await postgres.restart();
    }
    expect(steps.length).toBeGreaterThanOrEqual(4);
    expect(await rig.checksums()).toEqual(before);
  });

  it('[G15] are equal with any batch size, and equal to those that grew with the log', async () => {
    await startRig();
    for (const mail of MAILS.slice(0, 12)) await rig.receive(mail);
    await rig.settled();
    const grown = await rig.checksums();
    for (const batch of [1, 2, 7, 500]) expect(await rebuiltElsewhere(batch)).toEqual(grown);
  });

  it('[G6] neither miss nor repeat a fact when PostgreSQL is killed while mail comes in', async () => {
    await startRig();
    for (const [index, mail] of MAILS.slice(0, 20).entries()) {
      await rig.receive(mail);
      if (index % 5 === 2) {
        await postgres.kill9();
        await rig.receive({ ...mail, subject: `${mail.subject} (again)` });
        await postgres.restart();
      }
    }
    const facts = await rig.settled();
    const grown = await rig.checksums();
    expect(grown[0]).toMatchObject({ table: 'facts', rows: facts });
    expect(await rebuiltElsewhere(500)).toEqual(grown);
  });

  it('refuse a log that was cut back behind what they have seen', async () => {
    await startRig();
    for (const mail of MAILS.slice(0, 3)) await rig.receive(mail);
    await rig.settled();
    await rig.checksums();
    await rig.stop();
    await log.stop();
    log = memoryLog();
    const cut = new MemoryRig(log, postgres.url, rig.schema);
    await expect(cut.start()).rejects.toThrow(/no longer holds that commit.*restore it from a backup/s);
    // A log that is as long, but another one, is refused as well.
    for (const mail of MAILS.slice(10, 20)) await cut.receive(mail);
    await expect(cut.start()).rejects.toMatchObject({ code: 'projection.log-regressed', kind: 'invalid' });
    rig = cut;
  });

  it('hold nothing of a data subject that was erased', async () => {
    const keys = createMemoryKeyTable();
    log = memoryLog({ keys });
    schemas += 1;
    rig = new MemoryRig(log, postgres.url, `rebuild_${schemas}`);
    await rig.start();
    const [first] = MAILS;
    if (first === undefined) throw new Error('no mail');
    await rig.receive(first);
    await rig.receive({ ...first, client: 'harbor' });
    const facts = await rig.settled();
    await rig.stop();
    keys.erase(await rig.subjectOf('acme'));
    const store = await rig.openStore();
    await store.dropAll();
    await store.close();
    await rig.start();
    const sums = await rig.checksums();
    expect(sums.map(({ table, rows }) => [table, rows]).slice(0, 2)).toEqual([['facts', facts / 2], ['inputs', 1]]);
    expect((await rig.askAndRead('harbor', 'hourly rate')).facts).not.toEqual([]);
  });

  it('are waited for: a question asked while PostgreSQL is down is answered once it is back', async () => {
    await startRig();
    await postgres.kill9();
    const { runId } = await rig.ask('acme', 'hourly rate for changes', { inputId: inputIdOf(await rig.receive(MAILS[0] ?? expect.fail())) });
    await postgres.restart();
    const answer = await eventually('answer', async () => rig.answer(runId));
    expect(answer.facts.map(({ text }) => text)).toContain('Changes outside of the scope are billed at an hourly rate of 95 EUR.');
  });
});

function inputIdOf(commit: { readonly address: { readonly key: string } }): string {
  return commit.address.key;
}
