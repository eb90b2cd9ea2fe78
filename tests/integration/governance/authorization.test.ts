/**
 * Who may do what over the API. The matrix is made from the description that the API serves: every route, with every set
 * of scopes, and with tokens that are none. Whatever else a request has wrong, 401 and 403 are said if and only if due.
 */
import { createMemoryLog } from '@soloist/eventlog';
import { governanceService, openGovernanceInMemory, SCOPES, type Scope } from '@soloist/governance';
import { defineService, startService } from '@soloist/service';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { call, type Answer } from './api-client.fixture.js';
import { catalog, gateEvents, openGate, runIdOf, until, type Company } from './company.fixture.js';

/** Walks on a second with every look, so that no limit of requests is met here; the door's own tests meet them. */
let at = Date.parse('2026-11-25T00:00:00.000Z');
const rounds = { now: () => new Date((at += 1_000)).toISOString(), every: () => ({ stop: () => Promise.resolve() }) };

let company: Company;
beforeAll(async () => {
  const log = createMemoryLog({ streams: 8 });
  const connection = log.connect('governance');
  const governance = openGovernanceInMemory(connection, { ...catalog, companyDayLimit: { micros: 1_000_000_000, currency: 'USD' } }, undefined, rounds);
  const service = defineService({ ...governanceService, open: () => Promise.resolve(governance.opened) });
  const started = await startService(service, { SOLOIST_POSTGRES_URL: 'postgresql://nobody@127.0.0.1:1/none', SOLOIST_HTTP_PORT: '0' }, connection);
  if (started.address === null) throw new Error('governance has no address');
  company = { log, governance, connection, api: `http://127.0.0.1:${started.address.port}`, stop: () => started.stop() };
});
afterAll(() => company.stop());

let made = 0;
async function tokenWith(scopes: readonly Scope[], expiresInSeconds: number | null = null): Promise<{ name: string; token: string }> {
  const name = `bot-${(made += 1)}`;
  const { status, body } = await call(company, 'POST', '/v1/tokens', { body: { name, scopes, expiresInSeconds } });
  expect(status).toBe(200);
  return { name, token: body.token };
}

interface Route {
  readonly method: string;
  readonly path: string;
  readonly scope: string;
}

async function describedRoutes(): Promise<readonly Route[]> {
  const { paths } = (await call(company, 'GET', '/openapi.json')).body as { paths: Record<string, Record<string, Record<string, unknown>>> };
  return Object.entries(paths).flatMap(([path, verbs]) =>
    Object.entries(verbs).map(([verb, route]) => {
      expect([...SCOPES, 'owner', 'open'], `${verb} ${path}`).toContain(route['x-scope']);
      expect(route['security'], `${verb} ${path}`).toEqual(route['x-scope'] === 'open' ? [] : [{ bearer: [] }]);
      return { method: verb.toUpperCase(), path: path.replaceAll(/\{[^}]+\}/g, 'nothing-g1'), scope: String(route['x-scope']) };
    }),
  );
}

/** A body that no route takes: what gets past the door ends as 400 or 404, and changes nothing. */
const knock = ({ method, path }: Route, token: string | null): Promise<Answer> => call(company, method, path, { token, ...(method === 'GET' ? {} : { body: { unexpected: true } }) });

const scopeSets: readonly (readonly Scope[])[] = Array.from({ length: 2 ** SCOPES.length - 1 }, (_, mask) => SCOPES.filter((_scope, bit) => ((mask + 1) >> bit) & 1));

describe('the authorization matrix', () => {
  test('every route lets in whoever has its scope and nobody else, for every set of scopes', async () => {
    const routes = await describedRoutes();
    expect(routes.length).toBeGreaterThan(30);
    const seen = { let: 0, refused: 0 };
    for (const scopes of scopeSets) {
      const { token } = await tokenWith(scopes);
      for (const route of routes) {
        const mayEnter = route.scope === 'open' || scopes.some((scope) => scope === route.scope);
        const { status, body } = await knock(route, token);
        const title = `${route.method} ${route.path} (${route.scope}) with ${scopes.join('+')}`;
        if (mayEnter) expect([401, 403, 429, 500], title).not.toContain(status);
        else expect([status, body.error.code], title).toEqual([403, route.scope === 'owner' ? 'token.not-owner' : 'token.scope']);
        seen[mayEnter ? 'let' : 'refused'] += 1;
      }
    }
    expect(seen.let).toBeGreaterThan(200);
    expect(seen.refused).toBeGreaterThan(200);
  });

  test('no route but health lets in without a token, or with one that is unknown, expired or revoked', async () => {
    const expired = await tokenWith(SCOPES, 1);
    const revoked = await tokenWith(SCOPES);
    expect((await call(company, 'POST', `/v1/tokens/${revoked.name}/revoke`, { body: {} })).body.state).toBe('revoked');
    at += 60_000;
    const cases = [[null, 'token.needed'], ['A'.repeat(43), 'token.needed'], [expired.token, 'token.expired'], [revoked.token, 'token.revoked']] as const;
    for (const route of await describedRoutes()) {
      for (const [token, code] of cases) {
        const { status, body } = await knock(route, token);
        if (route.scope === 'open') expect(status).toBe(200);
        else expect([status, body.error.code], `${route.method} ${route.path}`).toEqual([401, code]);
      }
    }
  });

  test('the operator may do everything', async () => {
    for (const route of await describedRoutes()) expect([401, 403, 429, 500], `${route.method} ${route.path}`).not.toContain((await knock(route, company.governance.token)).status);
  });

  test('the description itself asks for read', async () => {
    expect((await call(company, 'GET', '/openapi.json', { token: (await tokenWith(['decide'])).token })).status).toBe(403);
    expect((await call(company, 'GET', '/openapi.json', { token: (await tokenWith(['read'])).token })).status).toBe(200);
  });
});

describe('who decided', () => {
  test('[G12] a decision by a token is on record under the name of the token, and the effect is authorized', async () => {
    const { name, token } = await tokenWith(['decide']);
    const runId = runIdOf(1);
    const { gateId, digest } = await openGate(company.log, runId);
    const decided = await call(company, 'POST', `/v1/gates/${gateId}/decision`, { token, body: { decision: 'approve', digest } });
    expect(decided).toMatchObject({ status: 200, body: { state: 'approved', decidedBy: { by: name, surface: 'api' }, authorized: true } });
    const event = (await gateEvents(company.log, runId)).find(({ type }) => type === 'governance.gate.decided');
    expect(event).toMatchObject({ data: { by: name, surface: 'api' } });
    const commit = (await company.log.log.history({ context: 'governance', entity: 'gate', key: runId })).find(({ events }) => events.some(({ type }) => type === 'governance.gate.decided'));
    expect(commit?.actor).toBe(name);
  });

  test('a body cannot say who decides, and a token that may only read decides nothing', async () => {
    const runId = runIdOf(2);
    const { gateId, digest } = await openGate(company.log, runId);
    const [reader, decider] = [await tokenWith(['read', 'operate', 'admin']), await tokenWith(['decide'])];
    expect((await call(company, 'POST', `/v1/gates/${gateId}/decision`, { token: decider.token, body: { decision: 'approve', digest, by: 'operator' } })).status).toBe(400);
    expect((await call(company, 'POST', `/v1/gates/${gateId}/decision`, { token: reader.token, body: { decision: 'approve', digest } })).status).toBe(403);
    expect((await gateEvents(company.log, runId)).filter(({ type }) => type === 'governance.gate.decided')).toEqual([]);
    expect((await call(company, 'POST', `/v1/gates/${gateId}/decision`, { body: { decision: 'reject', digest } })).body.decidedBy).toMatchObject({ by: 'operator' });
  });

  test('a token gets no link, with which it could decide in the name of the operator, and no further token', async () => {
    const { gateId } = await openGate(company.log, runIdOf(3));
    const { token } = await tokenWith(SCOPES);
    expect((await call(company, 'POST', `/v1/gates/${gateId}/link`, { token, body: {} })).status).toBe(403);
    expect((await call(company, 'POST', '/v1/tokens', { token, body: { name: 'child', scopes: ['read'] } })).status).toBe(403);
    expect((await call(company, 'POST', '/v1/tokens/bot-1/revoke', { token, body: {} })).status).toBe(403);
  });

  test('the company stop and a budget line name the token too', async () => {
    const { name, token } = await tokenWith(['operate', 'admin', 'read']);
    expect((await call(company, 'POST', '/v1/company/stop', { token, body: { because: 'a test' } })).body).toMatchObject({ isStopped: true, by: name });
    expect((await call(company, 'POST', '/v1/company/resume', { token, body: { because: 'a test' } })).body).toMatchObject({ isStopped: false, by: name });
    expect((await call(company, 'POST', '/v1/budget', { token, body: { line: 'company/day/money', limit: 900_000_000, mode: 'hard' } })).body.lines).toContainEqual(expect.objectContaining({ limit: 900_000_000, by: name }));
  });
});

describe('tokens', () => {
  test('are shown in clear once, and names are nobody else\'s', async () => {
    const { name, token } = await tokenWith(['read']);
    const { body } = await call(company, 'GET', '/v1/tokens');
    expect(body.tokens).toContainEqual(expect.objectContaining({ name, scopes: ['read'], state: 'valid' }));
    expect(JSON.stringify(body)).not.toContain(token);
    for (const taken of ['operator', 'governance', 'runtime', 'Bot', 'a b', '']) expect((await call(company, 'POST', '/v1/tokens', { body: { name: taken, scopes: ['read'] } })).status).toBe(400);
    for (const scopes of [[], ['owner'], ['everything']]) expect((await call(company, 'POST', '/v1/tokens', { body: { name: 'fresh', scopes } })).status).toBe(400);
    expect(await call(company, 'POST', '/v1/tokens', { body: { name, scopes: ['read'] } })).toMatchObject({ status: 409, body: { error: { code: 'token.name-taken' } } });
    expect(await call(company, 'POST', '/v1/tokens/nobody/revoke', { body: {} })).toMatchObject({ status: 404, body: { error: { code: 'token.unknown' } } });
  });

  test('a token that floods hears 429 with Retry-After while the operator decides', async () => {
    const { token } = await tokenWith(['read']);
    const { gateId, digest } = await openGate(company.log, runIdOf(4));
    const held = at;
    const stands = { now: () => new Date(held).toISOString() };
    const walks = rounds.now;
    rounds.now = stands.now;
    try {
      const flood = await Promise.all(Array.from({ length: 200 }, () => call(company, 'GET', '/v1/company', { token })));
      const limited = flood.filter(({ status }) => status === 429);
      expect(limited.length).toBeGreaterThan(50);
      for (const { headers, body } of limited) expect([Number(headers['retry-after']) >= 1, body.error.code]).toEqual([true, 'rate.limited']);
      expect(await call(company, 'POST', `/v1/gates/${gateId}/decision`, { body: { decision: 'reject', digest } })).toMatchObject({ status: 200, body: { state: 'rejected' } });
    } finally {
      rounds.now = walks;
    }
    await until(() => call(company, 'GET', '/v1/company', { token }), ({ status }) => status === 200);
  });
});
