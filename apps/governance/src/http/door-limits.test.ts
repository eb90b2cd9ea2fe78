/** What the door lets in from whom, and how much of it. */
import { beforeEach, describe, expect, test } from 'vitest';
import { DoorRig, OPERATOR_TOKEN, type Answered } from './door.fixture.js';
import { RATES } from './door.js';

let rig: DoorRig;
const made = async (name: string, expiresAt: string | null = null): Promise<string> => {
  const creation = await rig.tokens.create({ name, scopes: ['read'], expiresAt }, rig.now());
  if (creation.outcome !== 'created') throw new Error(creation.outcome);
  return creation.token;
};
const times = async (count: number, token?: string, from = '127.0.0.1'): Promise<readonly Answered[]> => {
  const answers: Answered[] = [];
  for (let n = 0; n < count; n += 1) answers.push(await rig.knock(token === undefined ? { from } : { token, from }));
  return answers;
};
const count = (answers: readonly Answered[], status: Answered['status']): number => answers.filter((answer) => answer.status === status).length;

beforeEach(() => {
  rig = new DoorRig();
});

describe('I4 limits', () => {
  test('a token that floods gets its burst, then 429 with the seconds to wait, and goes on after them', async () => {
    const token = await made('bot');
    const answers = await times(RATES.token.burst + 50, token);
    expect([count(answers, 'in'), count(answers, 429)]).toEqual([RATES.token.burst, 50]);
    expect(answers.at(-1)).toMatchObject({ retryAfter: '1', body: { error: { code: 'rate.limited' } } });
    rig.at += 1_000;
    expect(count(await times(RATES.token.perSecond + 10, token), 'in')).toBe(RATES.token.perSecond);
  });

  test('no flood of a token, and none of failures, keeps the operator or another token out', async () => {
    const [bot, other] = [await made('bot'), await made('other')];
    await times(RATES.token.burst * 3, bot);
    await times(RATES.failure.burst * 3, 'B'.repeat(43));
    expect(count(await times(200, OPERATOR_TOKEN), 'in')).toBe(200);
    expect(count(await times(50, other), 'in')).toBe(50);
  });

  test('tokens of one address share its limit, and the operator has no part in it', async () => {
    const bots = await Promise.all(['a', 'b', 'c'].map((name) => made(name)));
    let entered = 0;
    for (const bot of bots) entered += count(await times(RATES.token.burst, bot, '127.0.0.9'), 'in');
    expect(entered).toBe(RATES.address.burst);
    expect(count(await times(100, OPERATOR_TOKEN, '127.0.0.9'), 'in')).toBe(100);
    rig.at += 60_000;
    expect(count(await times(10, bots[2], '127.0.0.9'), 'in')).toBe(10);
  });

  test('failed authentications are limited by address, whatever they try', async () => {
    const revoked = await made('gone');
    await rig.tokens.revoke('gone', rig.now());
    const answers = [...(await times(RATES.failure.burst / 2)), ...(await times(RATES.failure.burst / 2, revoked)), ...(await times(30, 'B'.repeat(43)))];
    expect([count(answers, 401), count(answers, 429)]).toEqual([RATES.failure.burst, 30]);
    expect((await rig.knock({ from: '127.0.0.2' })).status).toBe(401);
  });

  test('approval pages and health have a limit of their own, which no token touches', async () => {
    await times(RATES.token.burst * 3, await made('bot'));
    expect((await rig.knock({ path: '/approve/g/c' })).status).toBe('in');
    expect((await rig.knock({ path: '/health' })).status).toBe('in');
  });
});

describe('I2 tokens', () => {
  test('one is good until the moment of its end, and not at it', async () => {
    const token = await made('brief', '2026-11-25T00:00:10.000Z');
    rig.at += 9_999;
    expect((await rig.knock({ token })).status).toBe('in');
    rig.at += 1;
    expect(await rig.knock({ token })).toMatchObject({ status: 401, body: { error: { code: 'token.expired' } } });
  });

  test('a revoked one is refused by the next request', async () => {
    const token = await made('gone');
    expect((await rig.knock({ token })).status).toBe('in');
    await rig.tokens.revoke('gone', rig.now());
    expect(await rig.knock({ token })).toMatchObject({ status: 401, body: { error: { code: 'token.revoked' } } });
  });
});
