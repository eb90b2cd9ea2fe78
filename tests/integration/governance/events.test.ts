/** The stream of notices over HTTP: heard as it happens, resumed exactly, by whichever replica, bounded, and ended with a word. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { createMemoryLog } from '@soloist/eventlog';
import { apiShapes } from '@soloist/governance';
import { afterEach, describe, expect, test } from 'vitest';
import { call } from './api-client.fixture.js';
import { openGate, runIdOf, until } from './company.fixture.js';
import { ask, listen, remind, startReplica, type Listening, type Replica } from './event-stream.fixture.js';

const started: Replica[] = [];
async function replica(log = createMemoryLog({ streams: 8 })): Promise<Replica> {
  const one = await startReplica(log);
  started.push(one);
  return one;
}
afterEach(async () => {
  for (const one of started.splice(0)) await one.stop();
});

/** Looks at the log until the listener has heard so many. */
async function heard(company: Replica, listening: Listening, count: number): Promise<readonly string[]> {
  const seen = await until(async () => (await company.look(), { count: listening.ids.length, isOver: listening.isOver }), (now) => now.count >= count || now.isOver);
  if (seen.count < count) throw new Error(`over after ${seen.count} of ${count}: ${listening.comments.at(-1)}`);
  return listening.ids;
}

async function body({ response }: { response: AsyncIterable<Buffer> }): Promise<any> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString());
}

async function tokenWith(company: Replica, name: string, scopes: readonly string[]): Promise<string> {
  return (await call(company, 'POST', '/v1/tokens', { body: { name, scopes } })).body.token;
}

describe('the stream', () => {
  test('tells of a run, its gate and the decision as they happen, links that can be followed, and nobody\'s words', async () => {
    const company = await replica();
    const listening = await listen(company);
    expect(listening.response.headers).toMatchObject({ 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    const runId = runIdOf(1);
    const { gateId, digest } = await openGate(company.log, runId);
    expect((await call(company, 'POST', `/v1/gates/${gateId}/decision`, { body: { decision: 'approve', digest, reason: 'a reason of mine' } })).status).toBe(200);
    await call(company, 'POST', '/v1/company/stop', { body: { because: 'a storm' } });
    await call(company, 'POST', '/v1/company/resume', { body: { because: 'a storm' } });
    await heard(company, listening, 5);
    expect(listening.types.toSorted()).toEqual(['company.resumed', 'company.stopped', 'gate.decided', 'gate.opened', 'run.started']);
    expect(listening.types.filter((type) => !type.startsWith('company'))).toEqual(['run.started', 'gate.opened', 'gate.decided']);
    for (const { notice } of listening.heard) expect((await call(company, 'GET', notice.data.link)).status, notice.data.link).toBe(200);
    const text = JSON.stringify(listening.heard);
    for (const words of ['95 EUR', 'acme.example', 'a reason of mine', 'a storm', 'Re: rate']) expect(text).not.toContain(words);
    listening.hangUp();
  });

  test('begins now without a token, at the first notice with after=start, and hears of the types it asked for', async () => {
    const company = await replica();
    await remind(company.log, runIdOf(1), 2);
    const [late, early, chosen] = [await listen(company), await listen(company, { query: '?after=start' }), await listen(company, { query: '?after=start&types=gate.opened,run.started' })];
    await openGate(company.log, runIdOf(2));
    expect(await heard(company, early, 4)).toHaveLength(4);
    expect([late.types, chosen.types]).toEqual([['run.started', 'gate.opened'], ['run.started', 'gate.opened']]);
    for (const one of [late, early, chosen]) one.hangUp();
  });

  test('goes on where it was cut, at every point, with the other replica, with one that was started since, by header and by query', async () => {
    const log = createMemoryLog({ streams: 8 });
    const [one, two] = [await replica(log), await replica(log)];
    for (let number = 1; number <= 12; number += 1) await remind(log, runIdOf(number), 1 + (number % 3));
    const whole = await listen(one, { query: '?after=start' });
    const all = [...(await heard(one, whole, 24))];
    whole.hangUp();
    await two.stop();
    const three = await replica(log);
    started.splice(started.indexOf(two), 1);
    for (const [cut, { token }] of whole.heard.entries()) {
      const place = [{ company: one, options: { lastEventId: token } }, { company: three, options: { lastEventId: token, query: '?after=start' } }, { company: three, options: { query: `?after=${token}` } }][cut % 3] as { company: Replica; options: object };
      const rest = await listen(place.company, place.options);
      await heard(place.company, rest, all.length - cut - 1);
      expect([...all.slice(0, cut + 1), ...rest.ids].toSorted()).toEqual(all.toSorted());
      rest.hangUp();
    }
    const last = await listen(three, { lastEventId: whole.heard.at(-1)?.token ?? '' });
    await remind(log, runIdOf(99));
    expect(await heard(three, last, 1)).toHaveLength(1);
    last.hangUp();
  });

  test('ends with a word when governance goes down, while others listen slowly, and goes on after the restart', async () => {
    const log = createMemoryLog({ streams: 8 });
    const first = await replica(log);
    await remind(log, runIdOf(1), 3);
    const listening = await listen(first, { query: '?after=start' });
    await heard(first, listening, 3);
    started.splice(0);
    await first.stop();
    await listening.until(({ isOver }) => isOver);
    expect(listening.comments.at(-1)).toMatch(/^: ended, governance is going down; come back with Last-Event-ID/);
    await remind(log, runIdOf(1), 2);
    const second = await replica(log);
    const rest = await listen(second, { lastEventId: listening.lastId });
    await heard(second, rest, 2);
    expect(new Set([...listening.ids, ...rest.ids]).size).toBe(5);
    rest.hangUp();
  });

  test('a listener that reads nothing is given no more than its connection holds, is cut, and comes back', async () => {
    const company = await replica();
    // Some six megabytes: more than the kernel buffers for who sends (tcp_wmem, four) and for who has stopped reading.
    const notices = 24_000;
    for (let number = 0; number < notices / 500; number += 1) await remind(company.log, runIdOf(number), 500);
    // With its own three the slow one has all places of its token: there is one again when it was cut.
    const token = await tokenWith(company, 'slow', ['read']);
    const { port } = new URL(company.api);
    const socket = connect({ host: '127.0.0.1', port: Number(port) });
    await once(socket, 'connect');
    socket.write(`GET /v1/events?after=start HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${token}\r\nAccept: text/event-stream\r\n\r\n`);
    // Its answer has begun; nothing more is taken from here on than what fills its buffer.
    await once(socket, 'readable');
    const others = [await listen(company, { token }), await listen(company, { token }), await listen(company, { token })];
    const refused = await ask(company, { token });
    expect([refused.status, (await body(refused)).error.code]).toEqual([429, 'events.too-many']);
    const again = await until(async () => (await company.makeRounds(), ask(company, { token })), ({ status, response }) => (status === 200 ? true : (response.destroy(), false)));
    for (const one of [...others, again]) one.response.destroy();
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.resume();
    await once(socket, 'close');
    const text = Buffer.concat(chunks).toString();
    const seen = [...text.matchAll(/^id: (\S+)\ndata: (.*)$/gm)];
    expect(seen.length).toBeGreaterThan(0);
    expect(seen.length).toBeLessThan(notices);
    const rest = await listen(company, { lastEventId: seen.at(-1)?.[1] ?? '' });
    for (let count = 0; count < notices - seen.length; count = rest.ids.length) await heard(company, rest, Math.min(count + 2_000, notices - seen.length));
    expect(new Set([...seen.map(([, , notice]) => (JSON.parse(notice ?? '') as { id: string }).id), ...rest.ids]).size).toBe(notices);
    expect(rest.ids).toHaveLength(notices - seen.length);
    rest.hangUp();
  });
});

describe('who may listen', () => {
  test('needs the scope read, one of our hosts and origins, and is refused before a place is taken', async () => {
    const company = await replica();
    const decider = await tokenWith(company, 'decider', ['decide', 'operate', 'admin']);
    for (let attempt = 0; attempt < 20; attempt += 1) {
      const refused = await ask(company, { token: decider });
      expect([refused.status, (await body(refused)).error.code]).toEqual([403, 'token.scope']);
    }
    expect((await ask(company, { token: 'A'.repeat(43) })).status).toBe(401);
    expect((await ask(company, { headers: { host: 'evil.example' } })).status).toBe(403);
    expect((await ask(company, { headers: { origin: 'https://evil.example' } })).status).toBe(403);
    expect((await call(company, 'HEAD', '/v1/events', { headers: { accept: 'text/event-stream' } })).status).toBe(200);
    const reader = await listen(company, { token: await tokenWith(company, 'reader', ['read']), headers: { origin: company.api } });
    reader.hangUp();
  });

  test('a token has its few streams, all tokens have theirs, and what they hold takes none of the operator\'s', async () => {
    const company = await replica();
    const open: Listening[] = [];
    const token = await tokenWith(company, 'greedy', ['read']);
    for (let number = 0; number < 4; number += 1) open.push(await listen(company, { token }));
    const own = await ask(company, { token });
    expect([own.status, Number(own.response.headers['retry-after']) > 0, (await body(own)).error.code]).toEqual([429, true, 'events.too-many']);
    for (let holder = 1; holder < 8; holder += 1) {
      const other = await tokenWith(company, `holder-${holder}`, ['read']);
      for (let number = 0; number < 4; number += 1) open.push(await listen(company, { token: other }));
    }
    const late = await tokenWith(company, 'late', ['read']);
    const all = await ask(company, { token: late });
    expect([all.status, Number(all.response.headers['retry-after']) > 0, (await body(all)).error.code]).toEqual([503, true, 'events.full']);
    expect((await call(company, 'GET', '/v1/events', { token: late })).status).toBe(200);
    open.push(await listen(company));
    open[0]?.hangUp();
    const afterwards = await until(() => ask(company, { token: late }), ({ status }) => status === 200);
    afterwards.response.destroy();
    for (const one of open) one.hangUp();
  });

  test('a token that is revoked hears nothing more from the next beat on', async () => {
    const company = await replica();
    const token = await tokenWith(company, 'leaver', ['read']);
    const [listening, operator] = [await listen(company, { token }), await listen(company)];
    await company.makeRounds();
    await call(company, 'POST', '/v1/tokens/leaver/revoke', { body: {} });
    await company.makeRounds();
    await listening.until(({ isOver }) => isOver);
    expect(listening.comments.at(-1)).toContain('the token is over or was revoked');
    expect(operator.isOver).toBe(false);
    operator.hangUp();
  });
});

describe('what is not right is said', () => {
  test.each([
    ['?after=nonsense', undefined, 'events.token-invalid'],
    ['', 'AQgAAAA', 'events.token-invalid'],
    ['?types=gate.opened,gate.exploded', undefined, 'request.invalid'],
    ['?types=', undefined, 'request.invalid'],
    ['?order=up', undefined, 'request.invalid'],
    ['?limit=0', undefined, 'request.invalid'],
  ])('%s %s is answered 400, for a stream and for a page', async (query, lastEventId, code) => {
    const company = await replica();
    const refused = await ask(company, { query, ...(lastEventId === undefined ? {} : { lastEventId }) });
    expect(refused.status).toBe(400);
    const { error } = await body(refused);
    expect([error.code, error.next.length > 20]).toEqual([code, true]);
    expect((await call(company, 'GET', `/v1/events${query}`, lastEventId === undefined ? {} : { headers: { 'last-event-id': lastEventId } })).body.error.code).toBe(code);
  });

  test('a token of a log that is another by now is refused, and holds no place', async () => {
    const [company, other] = [await replica(), await replica()];
    for (let number = 0; number < 8; number += 1) await remind(company.log, runIdOf(number), 2);
    const { after } = (await call(company, 'GET', '/v1/events')).body;
    for (let attempt = 0; attempt < 20; attempt += 1) {
      const refused = await ask(other, { lastEventId: after });
      expect([refused.status, (await body(refused)).error.code]).toEqual([400, 'events.token-stale']);
    }
    const good = await listen(company, { lastEventId: after });
    good.hangUp();
  });
});

describe('a page', () => {
  test('holds what lies behind its token, at most as many as asked for, until the end', async () => {
    const company = await replica();
    for (let number = 1; number <= 10; number += 1) await remind(company.log, runIdOf(number), 3);
    const ids: string[] = [];
    for (let after = 'start', isEnd = false; !isEnd; ) {
      const page = apiShapes.NoticePage.parse((await call(company, 'GET', `/v1/events?after=${after}&limit=7`)).body);
      expect(page.events.length).toBeLessThanOrEqual(7);
      ids.push(...page.events.map(({ id }) => id));
      ({ after, isEnd } = page);
    }
    expect([ids.length, new Set(ids).size]).toEqual([30, 30]);
    const now = (await call(company, 'GET', '/v1/events')).body;
    expect(now).toMatchObject({ events: [], isEnd: true });
    await remind(company.log, runIdOf(1));
    expect((await call(company, 'GET', `/v1/events?after=${now.after}`)).body.events).toHaveLength(1);
  });
});
