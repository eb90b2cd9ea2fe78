/** The description of the API is checked in, and this is what keeps it true. SOLOIST_WRITE_OPENAPI=1 writes it anew. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { apiShapes } from '@soloist/governance';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openCompany, openGate, runIdOf, type Company } from './company.fixture.js';

const FILE = fileURLToPath(new URL('../../../docs/reference/openapi.json', import.meta.url));
let company: Company;
let served: any;

beforeAll(async () => {
  company = await openCompany();
  served = await (await fetch(`${company.api}/openapi.json`, { headers: { authorization: `Bearer ${company.governance.token}` } })).json();
});
afterAll(() => company.stop());

test('docs/reference/openapi.json is the description that the API serves', () => {
  if (process.env['SOLOIST_WRITE_OPENAPI'] === '1') writeFileSync(FILE, `${JSON.stringify(served, null, 2)}\n`);
  expect(JSON.parse(readFileSync(FILE, 'utf8'))).toEqual(served);
});

test('every route is described, asks for the token except health, and decides by POST only', () => {
  const routes = Object.entries(served.paths as Record<string, Record<string, any>>).flatMap(([path, verbs]) => Object.entries(verbs).map(([verb, route]) => ({ name: `${verb} ${path}`, route })));
  expect(routes.map(({ name }) => name).sort()).toEqual([
    'get /health',
    'get /v1/agents',
    'get /v1/budget',
    'get /v1/budget/asks',
    'get /v1/company',
    'get /v1/costs',
    'get /v1/dead',
    'get /v1/dead/{id}',
    'get /v1/events',
    'get /v1/gates',
    'get /v1/gates/{id}',
    'get /v1/inbox',
    'get /v1/mailing',
    'get /v1/policy',
    'get /v1/programs',
    'get /v1/runs',
    'get /v1/runs/{id}',
    'get /v1/runs/{id}/episode',
    'get /v1/tokens',
    'get /v1/webhooks',
    'get /v1/why/{id}',
    'post /v1/agents/{name}/pin',
    'post /v1/agents/{name}/unpin',
    'post /v1/budget',
    'post /v1/budget/asks/{id}',
    'post /v1/budget/corrections',
    'post /v1/company/resume',
    'post /v1/company/stop',
    'post /v1/dead/{id}/discard',
    'post /v1/dead/{id}/retry',
    'post /v1/gates/decisions',
    'post /v1/gates/{id}/decision',
    'post /v1/gates/{id}/link',
    'post /v1/gates/{id}/snooze',
    'post /v1/mailing',
    'post /v1/mailing/off',
    'post /v1/mailing/test',
    'post /v1/policy',
    'post /v1/policy/trial',
    'post /v1/programs/{name}/runs',
    'post /v1/runs/{id}/answer',
    'post /v1/runs/{id}/cancel',
    'post /v1/runs/{id}/events',
    'post /v1/runs/{id}/pause',
    'post /v1/runs/{id}/resume',
    'post /v1/tokens',
    'post /v1/tokens/{name}/revoke',
    'post /v1/webhooks',
    'post /v1/webhooks/{id}/remove',
    'post /v1/webhooks/{id}/test',
  ]);
  expect(served.security).toEqual([{ bearer: [] }]);
  expect(routes.filter(({ route }) => route.security !== undefined && !(route.security as object[]).some((one) => 'bearer' in one)).map(({ name }) => name)).toEqual(['get /health']);
  for (const { name, route } of routes) expect(route.responses['200']?.content?.['application/json']?.schema, name).toBeDefined();
});

test('what the routes answer has the described shape, with nothing more and nothing less', async () => {
  const headers = { authorization: `Bearer ${company.governance.token}`, 'content-type': 'application/json' };
  const ask = async (path: string, init: RequestInit = {}): Promise<unknown> => (await fetch(`${company.api}${path}`, { ...init, headers })).json();
  const runId = runIdOf(1);
  const { gateId, digest } = await openGate(company.log, runId);
  apiShapes.GateCard.parse(await ask(`/v1/gates/${gateId}`));
  apiShapes.GateList.parse(await ask('/v1/gates?state=open'));
  apiShapes.DecisionOutcome.parse(await ask(`/v1/gates/${gateId}/decision`, { method: 'POST', body: JSON.stringify({ decision: 'approve', digest }) }));
  const runs = apiShapes.RunList.parse(await ask('/v1/runs'));
  expect(runs.runs).toHaveLength(1);
  apiShapes.RunDetail.parse(await ask(`/v1/runs/${runId}`));
  expect(apiShapes.Episode.parse(await ask(`/v1/runs/${runId}/episode`)).commits.length).toBeGreaterThan(4);
  expect(apiShapes.AgentList.parse(await ask('/v1/agents')).agents).toHaveLength(1);
  apiShapes.Inbox.parse(await ask('/v1/inbox'));
  apiShapes.DeadLetterList.parse(await ask('/v1/dead'));
});
