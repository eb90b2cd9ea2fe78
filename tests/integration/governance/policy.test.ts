/** The policy through the API: shown, tried on what happened, put into force; and what an approval makes known. */
import type { ContactEvent, GateEvent, PolicyDocument } from '@soloist/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { document, openCompany, openGate, runIdOf, type Company } from './company.fixture.js';

let company: Company;
beforeAll(async () => {
  company = await openCompany();
});
afterAll(() => company.stop());

async function ask(path: string, body?: unknown): Promise<{ status: number; answer: any }> {
  const headers = { authorization: `Bearer ${company.governance.token}`, 'content-type': 'application/json' };
  const response = await fetch(`${company.api}${path}`, { headers, ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }) });
  return { status: response.status, answer: await response.json() };
}

const judgedOf = async (runId: string) => {
  const commits = await company.connection.log.read({ context: 'governance', entity: 'gate', key: runId });
  return (commits.flatMap((commit) => commit.events) as readonly GateEvent[]).find((event) => event.type === 'governance.gate.judged')?.data;
};

describe('the policy', () => {
  const stricter: PolicyDocument = { ...document, actions: [{ action: 'mail.send', verdict: 'refuse', because: 'No mail this week.' }] };

  test('[D4] a verdict records its policy, its rule and the facts it saw', async () => {
    const runId = runIdOf(901);
    await openGate(company.log, runId);
    expect(await judgedOf(runId)).toMatchObject({ code: 'policy.gate', policyVersion: (await ask('/v1/policy')).answer.version, facts: { effect: 'external', hasNewRecipient: true } });
  });

  test('[V3] is tried on recorded judgements without changing anything', async () => {
    const before = (await ask('/v1/policy')).answer;
    const { status, answer } = await ask('/v1/policy/trial', { document: stricter });
    expect(status).toBe(200);
    expect(answer).toMatchObject({ untried: 0, changed: [{ action: 'mail.send', before: 'gate', after: 'refuse' }] });
    expect((await ask('/v1/policy')).answer).toEqual(before);
    expect((await ask('/v1/policy/trial', { document })).answer.changed).toEqual([]);
  });

  test('[D4] is replaced only where the operator saw it, and old verdicts keep their version', async () => {
    const { version } = (await ask('/v1/policy')).answer;
    const old = await judgedOf(runIdOf(901));
    expect((await ask('/v1/policy', { document: stricter, replaces: '0'.repeat(16) })).status).toBe(409);
    expect((await ask('/v1/policy', { document: { ...stricter, rules: [{ name: 'x', then: 'allow', when: { contextBelow: 'owner' }, because: 'x' }] }, replaces: version })).status).toBe(400);
    const { status, answer } = await ask('/v1/policy', { document: stricter, replaces: version });
    expect(status).toBe(200);
    expect(answer).toMatchObject({ origin: 'operator', document: stricter });
    expect(await judgedOf(runIdOf(901))).toEqual(old);
    expect(old?.policyVersion).toBe(version);
  });
});

test('[V7] an approval makes the recipient known in the matter of that person, and nobody else', async () => {
  const other = await openCompany();
  try {
    const { gateId, digest } = await openGate(other.log, runIdOf(902));
    const headers = { authorization: `Bearer ${other.governance.token}`, 'content-type': 'application/json' };
    await fetch(`${other.api}/v1/gates/${gateId}/decision`, { method: 'POST', headers, body: JSON.stringify({ decision: 'approve', digest, surface: 'cli', reason: null }) });
    const card = (await (await fetch(`${other.api}/v1/gates/${gateId}`, { headers })).json()) as { args: { to: string[] } };
    const gate = (await other.connection.log.read({ context: 'governance', entity: 'gate', key: runIdOf(902) })).flatMap((commit) => commit.events) as readonly GateEvent[];
    const opened = gate.find((event) => event.type === 'governance.gate.opened')?.data;
    const deadline = Date.now() + 5_000;
    let contacts: readonly ContactEvent[] = [];
    while (contacts.length === 0 && Date.now() < deadline) {
      contacts = (await other.connection.log.read({ context: 'governance', entity: 'contact', key: opened?.dataSubject ?? '' })).flatMap((commit) => commit.events) as readonly ContactEvent[];
    }
    expect(contacts).toMatchObject([{ data: { gateId, recipients: card.args.to } }]);
  } finally {
    await other.stop();
  }
});
