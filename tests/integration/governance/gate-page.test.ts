/** The approval page as a phone sees it: what it says, what it lets through, and what it does not. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { call } from './api-client.fixture.js';
import { claimed, effectRequested, eventsOf, gateEvents, mailArgs, openCompany, openGate, requestRun, runIdOf, say, until, type Company } from './company.fixture.js';
import { codeIn, linkTo, submit, visit } from './gate-page.fixture.js';

let company: Company;
let next = 4_000;
const freshRun = (): string => runIdOf((next += 1));

beforeAll(async () => {
  company = await openCompany();
});
afterAll(() => company.stop());

async function opened(args?: typeof mailArgs): Promise<{ runId: string; gateId: string; digest: string; path: string }> {
  const runId = freshRun();
  if (args === undefined) {
    const { gateId, digest } = await openGate(company.log, runId);
    return { runId, gateId, digest, path: await linkTo(company, gateId) };
  }
  await requestRun(company.log, runId);
  await until(() => eventsOf(company.log, 'hold', runId), (events) => events.length > 0);
  await say(company.log, 'runtime', 'loop', runId, claimed(runId), effectRequested(runId, 1, { args }));
  const events = await until(() => gateEvents(company.log, runId), (found) => found.some(({ type }) => type === 'governance.gate.opened'));
  const card = events.flatMap((event) => (event.type === 'governance.gate.opened' ? [event.data] : []))[0];
  if (card === undefined) throw new Error('no gate');
  return { runId, gateId: card.gateId, digest: card.digest, path: await linkTo(company, card.gateId) };
}

const typesOf = async (runId: string): Promise<readonly string[]> => (await gateEvents(company.log, runId)).map(({ type }) => type.replace('governance.gate.', ''));

describe('the page', () => {
  test('[V4] [V6] says what, to whom, why, the cost, the way back, the confidence and the end, under a policy that loads and runs nothing', async () => {
    const { path, digest } = await opened();
    const { status, text, headers } = await visit(company, path);
    expect(status).toBe(200);
    const words = text.replace(/<[^>]+>/g, '');
    for (const word of ['Send a mail to client@acme.example?', 'The hourly rate is 95 EUR.', 'The owner reads mail first.', 'cannot be called back', 'Cost so far', 'Unknown:', 'then the answer is no', digest]) expect(words).toContain(word);
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/);
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'same-origin', 'x-robots-tag': 'noindex, nofollow, noarchive' });
    expect(text).not.toMatch(/<script|<link|<img|src=|@import|url\(|style=/);
    expect(headers['set-cookie']).toBeUndefined();
  });

  test('[V12] below ten decisions about an action its confidence is unknown', async () => {
    const { gateId } = await opened();
    const { confidence } = (await call(company, 'GET', `/v1/gates/${gateId}`)).body;
    expect(confidence.share).toBeNull();
    expect(confidence.decisions).toBeLessThan(10);
  });

  test('words of the action are text, whatever they look like, and what cannot be seen is shown by its number', async () => {
    const hostile = { ...mailArgs, subject: '"><script>alert(1)</script>', text: `</div></form><form method="post" action="//evil.example"><button>OK</button>\u202Egnp.exe` };
    const { text } = await visit(company, (await opened(hostile)).path);
    expect(text).not.toContain('<script');
    expect(text).not.toContain('action="//evil');
    expect(text).toContain('&lt;/form&gt;');
    expect(text).toContain('[U+202E]gnp.exe');
  });

  test('[V6] an approval by the form decides once; double clicks, reloads and replays show the same end', async () => {
    const { runId, path } = await opened();
    const code = codeIn(await visit(company, path));
    const answers = await Promise.all([submit(company, path, { code, decision: 'approve' }), submit(company, path, { code, decision: 'approve' })]);
    for (const { status, headers } of answers) expect([status, headers.location]).toEqual([303, path]);
    expect(await typesOf(runId)).toEqual(['judged', 'opened', 'decided', 'authorized']);
    expect((await submit(company, path, { code, decision: 'reject' })).status).toBe(303);
    const after = await visit(company, path);
    expect(after.text).toContain('Approved.');
    expect(after.text).not.toContain('name="code"');
    expect(await typesOf(runId)).toEqual(['judged', 'opened', 'decided', 'authorized']);
  });

  test('[V6] a rejection keeps its reason', async () => {
    const { runId, path } = await opened();
    const code = codeIn(await visit(company, path));
    expect((await submit(company, path, { code, decision: 'reject', reason: 'not like this' })).status).toBe(303);
    expect((await gateEvents(company.log, runId)).find(({ type }) => type === 'governance.gate.decided')?.data).toMatchObject({ decision: 'reject', reason: 'not like this', surface: 'page' });
  });

  test('[V6] [G12] a changed text is approved under its own digest, and what was changed is on record', async () => {
    const { runId, path, digest } = await opened();
    const code = codeIn(await visit(company, path));
    const fields = { code, decision: 'approve-edited', to: 'client@acme.example', subject: mailArgs.subject, text: 'The hourly rate is 105 EUR.\r\nBest regards' };
    expect((await submit(company, path, fields)).status).toBe(303);
    const events = await gateEvents(company.log, runId);
    const edited = events.find(({ type }) => type === 'governance.gate.edited')?.data as Record<string, unknown>;
    const authorized = events.find(({ type }) => type === 'governance.gate.authorized')?.data as Record<string, unknown>;
    const args = { ...mailArgs, text: 'The hourly rate is 105 EUR.\nBest regards' };
    expect(edited).toMatchObject({ label: 'edited by operator', fields: ['text'], args, digestBefore: digest, digestAfter: authorized['digest'], verdict: 'gate' });
    expect(authorized).toMatchObject({ args, generation: 1 });
    expect(authorized['digest']).not.toBe(digest);
    expect((await visit(company, path)).text).toContain('Edited by operator: text');
  });

  test('an edit that may not stand decides nothing, says why, and keeps what was typed', async () => {
    const { runId, path } = await opened();
    const shown = await visit(company, path);
    const fields = { code: codeIn(shown), decision: 'approve-edited', to: 'not an address', subject: 'Re: rate', text: 'kept words' };
    const { status, text } = await submit(company, path, fields);
    expect(status).toBe(400);
    expect(text).toContain('is no mail address');
    expect(text).toContain('kept words');
    expect(await typesOf(runId)).toEqual(['judged', 'opened']);
  });

  test('a form that changed nothing is told so, and the gate stays open', async () => {
    const { runId, path } = await opened();
    const fields = { code: codeIn(await visit(company, path)), decision: 'approve-edited', to: mailArgs.to.join(', '), subject: mailArgs.subject, text: mailArgs.text };
    expect((await submit(company, path, fields)).text).toContain('changes nothing');
    expect((await typesOf(runId)).filter((type) => type === 'decided' || type === 'authorized')).toEqual([]);
  });
});

describe('who may not', () => {
  test('[G12] without its link nobody learns whether a gate exists', async () => {
    const [one, other] = [await opened(), await opened()];
    const wrong = [`/approve/${one.gateId}/${other.path.split('/')[3]}`, `/approve/${one.gateId}/x`, `/approve/${runIdOf(1)}-g1/${one.path.split('/')[3]}`, `${one.path}A`, one.path.slice(0, -1), `/approve/..%2f..%2fv1/gates`];
    const answers = await Promise.all(wrong.map((path) => visit(company, path)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([404]));
    expect(new Set(answers.slice(0, 5).map(({ text }) => text)).size).toBe(1);
    expect((await visit(company, `/approve/${one.gateId}`)).status).toBe(404);
  });

  test('[G12] the code of one gate is worth nothing at another, a link is no code, and no code is no decision', async () => {
    const [one, other] = [await opened(), await opened()];
    const code = codeIn(await visit(company, other.path));
    const shown = codeIn(await visit(company, one.path));
    for (const forged of [code, one.path.split('/')[3] ?? '', '', `${shown}A`, shown.slice(0, -1), shown.replace(/^[^.]+/, 'zzzzzzzz')]) {
      expect((await submit(company, one.path, { code: forged, decision: 'approve' })).status).toBe(403);
    }
    expect((await submit(company, one.path, { decision: 'approve' })).status).toBe(403);
    expect(await typesOf(one.runId)).toEqual(['judged', 'opened']);
  });

  test('[G12] a page elsewhere cannot send the form, and a form by another name is not heard', async () => {
    const { runId, path } = await opened();
    const code = codeIn(await visit(company, path));
    for (const origin of ['https://evil.example', 'null']) expect((await submit(company, path, { code, decision: 'approve' }, { origin })).status).toBe(403);
    expect((await submit(company, path, { code, decision: 'approve' }, { host: 'evil.example' })).status).toBe(403);
    expect((await submit(company, path, { code, decision: 'yes' })).status).toBe(400);
    expect(await typesOf(runId)).toEqual(['judged', 'opened']);
  });
});

describe('many at once', () => {
  test('[V9] gates of one class are decided by one word, each by its own event; one wrong digest spoils no other', async () => {
    const gates = await Promise.all(Array.from({ length: 50 }, () => opened()));
    const asked = gates.map(({ gateId, digest }, index) => ({ gateId, digest: index === 7 ? 'f'.repeat(64) : digest }));
    const { status, body } = await call(company, 'POST', '/v1/gates/decisions', { body: { decision: 'approve', gates: asked } });
    expect(status).toBe(200);
    const done = (body.gates as { outcome: { state: string } | null; error: { code: string } | null }[]).map(({ outcome, error }) => outcome?.state ?? error?.code);
    expect(done).toEqual(asked.map((_, index) => (index === 7 ? 'gate.digest-mismatch' : 'approved')));
    for (const [index, { runId }] of gates.entries()) expect((await typesOf(runId)).slice(2)).toEqual(index === 7 ? ['decision-refused'] : ['decided', 'authorized']);
    // By now there are more than ten decisions about this action.
    const { confidence } = (await call(company, 'GET', `/v1/gates/${(await opened()).gateId}`)).body;
    expect(confidence.decisions).toBeGreaterThanOrEqual(49);
    expect(confidence.share).toBeGreaterThan(0);
  });
});
