/** An agent is pinned to one of its versions: over the API, on the in-memory log, by two at once, across restarts. */
import { AgentDefinition } from '@soloist/contracts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { call, type Answer } from './api-client.fixture.js';
import { catalog, desk, eventsOf, openCompany, openInProcess, requestRun, runIdOf, until, type Company } from './company.fixture.js';

const OLD = catalog.agents[0]?.version ?? '';
const NEW = 'b'.repeat(16);
const NEWER = 'c'.repeat(16);
const roomy = { ...catalog, companyDayLimit: { micros: 1_000_000_000, currency: 'USD' } };
const published = (version: string, change: Partial<AgentDefinition> = {}) => ({ ...roomy, agents: [{ name: 'desk', version, definition: { ...desk, purpose: version, ...change }, origin: 'test' }] });

let company: Company;
let next = 300;
beforeEach(async () => {
  // The first start publishes the old version, the second the new one, as after an upgrade.
  company = await openCompany(roomy);
  await publish(NEW, { budget: { perRunMicros: 7, currency: 'USD' } });
});
afterEach(() => company.stop());

async function publish(version: string, change: Partial<AgentDefinition> = {}): Promise<void> {
  const { running } = await openInProcess(published(version, change), { log: company.log });
  await running.stop();
}

const post = (path: string, body: unknown): Promise<Answer> => call(company, 'POST', path, { body });
const pin = (version: string, because?: string): Promise<Answer> => post('/v1/agents/desk/pin', because === undefined ? { version } : { version, because });
const agent = async (): Promise<Record<string, unknown>> => (await call(company, 'GET', '/v1/agents')).body.agents[0];
const pins = async () => (await eventsOf(company.log.connect('governance'), 'definition', 'desk')).filter(({ type }) => !type.endsWith('.published'));

async function versionOfNewRun(): Promise<unknown> {
  const runId = runIdOf((next += 1));
  await requestRun(company.log, runId);
  const events = await until(() => eventsOf(company.connection, 'hold', runId), (found) => found.length > 0);
  return { runId, ...(events[0]?.data as object) };
}

describe('[V13] [L2] an agent that is pinned to a version', () => {
  test('gives it to the very next run, with its budget; unpinned, the next takes the latest; on record with who and why', async () => {
    expect(await versionOfNewRun()).toMatchObject({ definitionVersion: NEW, envelopeMicros: 7 });
    expect(await pin(OLD, 'The new one is rude.')).toMatchObject({ status: 200, body: { name: 'desk', version: OLD, latest: NEW, isPinned: true, isOnRecord: true } });
    expect(await versionOfNewRun()).toMatchObject({ definitionVersion: OLD, envelopeMicros: 200_000 });
    expect(await agent()).toMatchObject({ version: OLD, latest: NEW, purpose: desk.purpose, perRunMicros: 200_000, pin: { by: 'operator', because: 'The new one is rude.' } });
    expect(await post('/v1/agents/desk/unpin', { because: 'Mended.' })).toMatchObject({ status: 200, body: { version: NEW, isPinned: false } });
    expect(await versionOfNewRun()).toMatchObject({ definitionVersion: NEW });
    expect(await agent()).toMatchObject({ version: NEW, latest: NEW, purpose: NEW, perRunMicros: 7, pin: null });
    expect((await pins()).map(({ type, data }) => [type, (data as { by: string }).by, (data as { because: string }).because])).toEqual([
      ['governance.definition.pinned', 'operator', 'The new one is rude.'],
      ['governance.definition.unpinned', 'operator', 'Mended.'],
    ]);
  });

  test('keeps it when another version is published, and over restarts of everything but the log', async () => {
    await pin(OLD);
    await publish(NEWER);
    expect(await agent()).toMatchObject({ version: OLD, latest: NEWER, pin: { by: 'operator' } });
    expect(await versionOfNewRun()).toMatchObject({ definitionVersion: OLD });
    const { log } = company;
    await company.stop();
    const { running, governance } = await openInProcess(published(NEWER), { log });
    const runId = runIdOf((next += 1));
    await requestRun(log, runId);
    const [held] = await until(() => eventsOf(log.connect('governance'), 'hold', runId), (found) => found.length > 0);
    expect(held?.data).toMatchObject({ definitionVersion: OLD });
    await governance.opened.ports.view.refresh();
    expect(await governance.opened.ports.view.agents()).toMatchObject([{ version: OLD, latest: NEWER, pin: { by: 'operator' } }]);
    await running.stop();
    company = await openCompany(published(NEWER));
  });

  test('by two at once, to two versions: the last on record counts for the next run, and one of both is told that it is', async () => {
    for (let round = 0; round < 5; round += 1) {
      const before = (await pins()).length;
      const answers = await Promise.all([pin(OLD), pin(NEW)]);
      expect(answers.map(({ status, body }) => [status, body.isOnRecord, body.isPinned])).toEqual([[200, true, true], [200, true, true]]);
      const made = (await until(pins, (all) => all.length >= before + 1)).slice(before);
      const last = (await pins()).at(-1)?.data as { version: string };
      expect(made.length).toBeGreaterThan(0);
      expect(answers.map(({ body }) => body.version)).toContain(last.version);
      expect(await versionOfNewRun()).toMatchObject({ definitionVersion: last.version });
    }
  });

  test('by a wish that is delivered again after it was unpinned: stays unpinned', async () => {
    const command = { id: 'pin-once', actor: 'operator', body: { type: 'governance.definition.pin', agent: 'desk', version: OLD, by: 'operator', because: 'x' } };
    const send = () => company.connection.log.command({ context: 'governance', entity: 'definition', key: 'desk' }, command);
    await send();
    await until(pins, (all) => all.length === 1);
    await post('/v1/agents/desk/unpin', {});
    await send();
    // What is wished for after it is done after it.
    await pin(NEW);
    expect((await pins()).map(({ type }) => type.split('.').at(-1))).toEqual(['pinned', 'unpinned', 'pinned']);
    expect(await agent()).toMatchObject({ version: NEW });
  });

  test('to a version that was never published, or an agent that is none, is refused by name; nothing is written', async () => {
    expect(await pin(NEWER)).toMatchObject({ status: 404, body: { error: { code: 'agent.version-unknown', message: expect.stringContaining(`${OLD}, ${NEW}`) } } });
    expect(await post('/v1/agents/nobody/pin', { version: OLD })).toMatchObject({ status: 404, body: { error: { code: 'agent.unknown' } } });
    expect(await pin('latest')).toMatchObject({ status: 400 });
    expect(await pins()).toEqual([]);
    expect(await post('/v1/agents/desk/unpin', {})).toMatchObject({ status: 200, body: { version: NEW, isPinned: false } });
  });

  test('tells why: the chain of a run names the pin it was admitted under, and no other', async () => {
    const before = (await versionOfNewRun()) as { runId: string };
    await pin(OLD, 'The new one is rude.');
    const { runId } = (await versionOfNewRun()) as { runId: string };
    const lines = async (id: string) => (await call(company, 'GET', `/v1/why/${id}`)).body.lines.map(({ text }: { text: string }) => text) as readonly string[];
    expect(await lines(runId)).toContain(`The agent desk was pinned to ${OLD} by operator: The new one is rude.`);
    expect((await lines(before.runId)).filter((text) => text.includes('was pinned to'))).toEqual([]);
  });
});
