/** The door of the API: who may come in, and what is answered to a request that is not right. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createMemoryLog } from '@soloist/eventlog';
import { governanceService, openGovernanceInMemory } from '@soloist/governance';
import { defineService, startService } from '@soloist/service';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { call, type Answer } from './api-client.fixture.js';
import { catalog, openCompany, openGate, runIdOf, type Company } from './company.fixture.js';

let company: Company;
let next = 100;
const freshRun = (): string => runIdOf((next += 1));

beforeAll(async () => {
  company = await openCompany();
});
afterAll(() => company.stop());

const get = (path: string): Promise<Answer> => call(company, 'GET', path);
const decide = (gateId: string, body: unknown): Promise<Answer> => call(company, 'POST', `/v1/gates/${gateId}/decision`, { body });

describe('the door', () => {
  const routes = ['/v1/runs', '/v1/gates', '/v1/agents', '/v1/inbox', '/openapi.json', '/v1/nothing', '/health/', '/HEALTH', '/'];

  test.each(routes)('%s answers 401 without a token and with a wrong one, and says what to do', async (path) => {
    for (const token of [null, 'A'.repeat(43), company.governance.token.slice(0, -1), `${company.governance.token}A`]) {
      const { status, body, headers } = await call(company, 'GET', path, { token });
      expect([status, body.error.code, headers['www-authenticate']]).toEqual([401, 'token.needed', 'Bearer']);
      expect(body.error.next).toContain('api-token');
    }
  });

  test('a token in the address or under another scheme is none', async () => {
    expect((await call(company, 'GET', `/v1/runs?token=${company.governance.token}`, { token: null })).status).toBe(401);
    expect((await call(company, 'GET', '/v1/runs', { token: null, headers: { authorization: `Basic ${company.governance.token}` } })).status).toBe(401);
  });

  test('health is open, and the only route that is', async () => {
    expect(await call(company, 'GET', '/health', { token: null })).toMatchObject({ status: 200, body: { status: 'ok', service: 'governance' } });
    expect((await call(company, 'POST', '/health', { token: null })).status).toBe(401);
  });

  test.each(['evil.example', '127.0.0.1', '127.0.0.1:1', 'localhost.evil.example', '10.0.0.1:80', '0.0.0.0'])('a request for the host %s is refused, with a token too', async (host) => {
    for (const path of ['/v1/runs', '/health']) {
      expect(await call(company, 'GET', path, { headers: { host } })).toMatchObject({ status: 403, body: { error: { code: 'host.foreign' } } });
    }
  });

  test('pages of this address may call, pages elsewhere may not', async () => {
    expect((await call(company, 'GET', '/v1/runs', { headers: { origin: company.api } })).status).toBe(200);
    for (const origin of ['https://evil.example', 'null', 'http://localhost', company.api.replace('http', 'https')]) {
      expect(await call(company, 'GET', '/v1/runs', { headers: { origin } })).toMatchObject({ status: 403, body: { error: { code: 'origin.foreign' } } });
    }
  });

  test('answers are not cached, sniffed or framed, and name no framework', async () => {
    const { headers } = await get('/v1/runs');
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    expect(headers['x-powered-by']).toBeUndefined();
  });
});

describe('requests that are not right', () => {
  const code = ({ status, body }: Answer): unknown[] => [status, body.error.code];

  test('are answered in the one error form, with the field named', async () => {
    expect(code(await get('/v1/nothing'))).toEqual([404, 'route.unknown']);
    expect(code(await get(`/v1/runs/${runIdOf(9_999)}`))).toEqual([404, 'run.unknown']);
    expect(code(await get(`/v1/runs/${runIdOf(9_999)}/episode`))).toEqual([404, 'run.unknown']);
    expect(code(await get(`/v1/gates/${runIdOf(9_999)}-g1`))).toEqual([404, 'gate.unknown']);
    expect(code(await decide(`${runIdOf(9_999)}-g1`, { decision: 'approve', digest: 'a'.repeat(64) }))).toEqual([404, 'gate.unknown']);
    const wrong = await get('/v1/runs?limit=0&state=sleeping');
    expect(wrong.status).toBe(400);
    expect(wrong.body.error.message).toMatch(/limit: .*state: /);
    expect(code(await get('/v1/runs?order=up'))).toEqual([400, 'request.invalid']);
    expect(code(await get('/v1/gates/..%2f..%2fetc'))).toEqual([400, 'request.invalid']);
  });

  test('bodies that are no decision are refused before anything is published', async () => {
    const { gateId, digest } = await openGate(company.log, freshRun());
    const bodies = [{}, { decision: 'allow', digest }, { decision: 'approve' }, { decision: 'approve', digest: 'short' }, { decision: 'approve', digest, by: 'me' }, [], { decision: 'approve', digest, reason: 'x'.repeat(2_001) }];
    for (const body of bodies) expect(code(await decide(gateId, body))).toEqual([400, 'request.invalid']);
    expect(code(await call(company, 'POST', `/v1/gates/${gateId}/decision`, { raw: '{"decision":' }))).toEqual([400, 'request.invalid']);
    expect(code(await call(company, 'POST', `/v1/gates/${gateId}/decision`, { raw: JSON.stringify({ decision: 'approve', digest, reason: 'x'.repeat(300_000) }) }))).toEqual([413, 'request.too-large']);
    expect((await get(`/v1/gates/${gateId}`)).body.state).toBe('open');
  });
});

test('a port that is taken is named in the error', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const { port } = taken.address() as AddressInfo;
  const connection = createMemoryLog({ streams: 1 }).connect('governance');
  const service = defineService({ ...governanceService, open: () => Promise.resolve(openGovernanceInMemory(connection, catalog).opened) });
  const starting = startService(service, { SOLOIST_POSTGRES_URL: 'postgresql://nobody@127.0.0.1:1/none', SOLOIST_HTTP_PORT: String(port) }, connection);
  await expect(starting).rejects.toThrow(String(port));
  await new Promise((resolve) => taken.close(resolve));
});
