import { defineEntity, p, type EntityManager } from '@mikro-orm/postgresql';
import { isFault } from '@soloist/kernel';
import { openProjectionStore, storableText, type PostgresProjectionStore } from '@soloist/service';
import { silentLogger } from '@soloist/telemetry';
import { startPostgres, type TestPostgres } from '@soloist/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

const Notes = defineEntity({
  name: 'NoteRow',
  tableName: 'notes',
  properties: { id: p.string().columnType('text').primary(), text: p.text() },
});

let postgres: TestPostgres;
const opened: PostgresProjectionStore[] = [];

beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(async () => {
  await postgres?.stop();
});
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
});

async function open(schema: string, more: { version?: number; url?: string; connectWithinMs?: number } = {}): Promise<PostgresProjectionStore> {
  const store = await openProjectionStore({
    url: more.url ?? postgres.url,
    schema,
    entities: [Notes],
    version: more.version ?? 1,
    logger: silentLogger,
    connectWithinMs: more.connectWithinMs ?? 10_000,
  });
  opened.push(store);
  return store;
}

const put = (id: string, text: string) => async (rows: EntityManager): Promise<void> => {
  await rows.upsertMany(Notes, [{ id, text }]);
};
const notes = (store: PostgresProjectionStore): Promise<string[]> => store.read(async (rows) => (await rows.find(Notes, {}, { orderBy: { id: 'asc' } })).map((row) => row.id));
const at = (sequence: number) => ({ sequence, hash: `hash-${sequence}` });
const faultOf = (work: Promise<unknown>): Promise<{ kind: string; code: string; message: string }> =>
  work.then(
    () => expect.fail('must not succeed'),
    (error: unknown) => (isFault(error) ? { kind: error.kind, code: error.code, message: error.message } : Promise.reject(error)),
  );

describe('projection store', () => {
  it('starts empty and moves rows and position together', async () => {
    const store = await open('together');
    expect(await store.position(0)).toEqual({ sequence: 0, hash: '' });
    await store.advance(0, at(3), put('a', 'one'));
    await store.advance(0, at(9_007_199_254_740_991), put('b', 'two'));
    expect(await store.position(0)).toEqual(at(9_007_199_254_740_991));
    expect(await store.position(1)).toEqual({ sequence: 0, hash: '' });
    expect(await notes(store)).toEqual(['a', 'b']);
  });

  it('[G6] keeps neither rows nor position of a projection that fails half way', async () => {
    const store = await open('halfway');
    await store.advance(0, at(1), put('a', 'one'));
    const failing = store.advance(0, at(2), async (rows) => {
      await put('b', 'two')(rows);
      throw new TypeError('a defect');
    });
    await expect(failing).rejects.toThrow(TypeError);
    expect(await store.position(0)).toEqual(at(1));
    expect(await notes(store)).toEqual(['a']);
  });

  it('[G6] keeps neither rows nor position when PostgreSQL is killed inside the transaction', async () => {
    const store = await open('killed');
    await store.advance(0, at(1), put('a', 'one'));
    const fault = await faultOf(
      store.advance(0, at(2), async (rows) => {
        await put('b', 'two')(rows);
        expect(await rows.count(Notes)).toBe(2);
        await postgres.kill9();
        await put('c', 'three')(rows);
      }),
    );
    expect(fault.kind).toBe('transient');
    await postgres.restart();
    expect(await store.position(0)).toEqual(at(1));
    expect(await notes(store)).toEqual(['a']);
    await store.advance(0, at(2), put('b', 'two'));
    expect(await notes(store)).toEqual(['a', 'b']);
  });

  it('notices a second projector on the same rows instead of projecting twice', async () => {
    const first = await open('contended');
    const second = await open('contended');
    await first.position(0);
    await second.position(0);
    await first.advance(0, at(5), put('a', 'one'));
    expect(await faultOf(second.advance(0, at(3), put('b', 'two')))).toMatchObject({ kind: 'transient', code: 'projection.moved' });
    expect(await second.position(0)).toEqual(at(5));
    await second.advance(0, at(6), put('b', 'two'));
    expect(await faultOf(first.advance(0, at(6), put('c', 'three')))).toMatchObject({ code: 'projection.moved' });
    expect(await notes(first)).toEqual(['a', 'b']);
  });

  it('checksums content, not the order of writing, and every table', async () => {
    const [left, right] = [await open('left'), await open('right')];
    await left.advance(0, at(2), async (rows) => (await put('a', 'one')(rows), put('b', 'two')(rows)));
    await right.advance(0, at(1), put('b', 'two'));
    await right.advance(0, at(2), put('a', 'one'));
    expect(await left.checksums()).toEqual(await right.checksums());
    expect((await left.checksums()).map((sum) => [sum.table, sum.rows])).toEqual([['notes', 2], ['soloist_position', 1]]);
    await right.read((rows) => rows.execute(`update ${right.table('notes')} set text = 'One' where id = 'a'`));
    expect(await left.checksums(['notes'])).not.toEqual(await right.checksums(['notes']));
  });

  it('drops everything on request and is empty and usable at once', async () => {
    const store = await open('dropped');
    await store.advance(0, at(2), put('a', 'one'));
    await store.dropAll();
    expect(await store.position(0)).toEqual({ sequence: 0, hash: '' });
    expect(await notes(store)).toEqual([]);
    await store.advance(0, at(1), put('b', 'two'));
    expect(await notes(store)).toEqual(['b']);
  });

  it('keeps rows over a restart and makes them again when their meaning moved', async () => {
    await (await open('versioned')).advance(0, at(2), put('a', 'one'));
    expect(await notes(await open('versioned'))).toEqual(['a']);
    const next = await open('versioned', { version: 2 });
    expect(await notes(next)).toEqual([]);
    expect((await next.position(0)).sequence).toBe(0);
  });

  it('lays the tables once when two processes start at once', async () => {
    const both = await Promise.all([open('at_once'), open('at_once')]);
    await both[0].advance(0, at(1), put('a', 'one'));
    expect(await notes(both[1])).toEqual(['a']);
  });

  it('refuses a schema with tables of somebody else and leaves them alone', async () => {
    const store = await open('mine');
    await store.read((rows) => rows.execute('create schema theirs; create table theirs.books (id int)'));
    expect(await faultOf(open('theirs'))).toMatchObject({ kind: 'invalid', code: 'projection.schema-foreign', message: expect.stringContaining('books') });
    await store.read((rows) => rows.execute('select * from theirs.books'));
  });

  it('says the row content in no error, and stores text that PostgreSQL could not', async () => {
    const store = await open('quiet');
    await store.advance(0, at(1), put('a', storableText('nul \u0000 here')));
    const twice = store.advance(0, at(2), async (rows) => {
      await rows.execute(`insert into ${store.table('notes')} (id, text) values (?, ?)`, ['a', 'a very private sentence']);
    });
    await expect(twice).rejects.toThrow(/SQLSTATE 23505/);
    await expect(twice).rejects.not.toThrow(/private/);
  });
});

describe('opening a projection store', () => {
  it('waits for a PostgreSQL that is still away', async () => {
    await postgres.kill9();
    const opening = open('patient', { connectWithinMs: 20_000 });
    await postgres.restart();
    expect(await notes(await opening)).toEqual([]);
  });

  it('gives up in time and names host and port, never the password', async () => {
    const fault = await faultOf(open('nowhere', { url: 'postgresql://me:geheim@127.0.0.1:1/postgres', connectWithinMs: 200 }));
    expect(fault).toMatchObject({ kind: 'transient', code: 'projection.postgres-unreachable' });
    expect(fault.message).toContain('127.0.0.1:1');
    expect(fault.message).not.toContain('geheim');
  });

  it('does not wait for what will not pass: wrong password, missing database, unreadable address', async () => {
    const url = new URL(postgres.url);
    const wrong = Object.assign(new URL(url), { password: 'falsch' }).href;
    expect(await faultOf(open('wrong', { url: wrong }))).toMatchObject({ kind: 'unauthorized', code: 'projection.postgres-refused' });
    const missing = Object.assign(new URL(url), { pathname: '/elsewhere' }).href;
    expect(await faultOf(open('missing', { url: missing }))).toMatchObject({ kind: 'invalid', code: 'projection.database-missing' });
    for (const unreadable of ['', 'localhost', 'mysql://a:b@c/d', 'postgresql://me:geheim@host']) {
      const fault = await faultOf(open('unreadable', { url: unreadable }));
      expect(fault.code).toBe('projection.url-invalid');
      expect(fault.message).not.toContain('geheim');
    }
  });
});
