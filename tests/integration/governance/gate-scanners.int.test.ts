/** Who else fetches an approval link: mail scanners, previewers, prefetchers, two people at once, and forgers. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { call } from './api-client.fixture.js';
import { finished, gateEvents, openCompany, openGate, runIdOf, say, type Company } from './company.fixture.js';
import { codeIn, linkTo, submit, visit } from './gate-page.fixture.js';

/** As they introduce themselves. Some do not: a browser of the scanner's own, or nothing at all. */
const AGENTS: Readonly<Record<string, string>> = {
  'Outlook SafeLinks': 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0',
  'Microsoft Office link discovery': 'Microsoft Office Existence Discovery',
  'Microsoft Teams preview': 'Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5 skype-url-preview@microsoft.com',
  Slackbot: 'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)',
  'Slack images': 'Slack-ImgProxy (+https://api.slack.com/robots)',
  WhatsApp: 'WhatsApp/2.23.20.0 A',
  Telegram: 'TelegramBot (like TwitterBot)',
  Signal: 'WhatsApp/2',
  'Google image proxy': 'Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)',
  Googlebot: 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
  'Google Safe Browsing': 'Mozilla/5.0 (compatible; Google-Safety; +http://www.google.com/bot.html)',
  Barracuda: 'BarracudaCentral Link Scanner',
  'Proofpoint URL Defense': 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/79.0.3945.130 Safari/537.36',
  Mimecast: 'Mozilla/5.0 (compatible; Mimecast URL Protect)',
  'Cisco IronPort': 'Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; Trident/4.0; Cisco IronPort)',
  'Apple Mail privacy proxy': 'Mozilla/5.0',
  'Apple iMessage preview': 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like Gecko) Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0',
  Facebook: 'facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)',
  LinkedIn: 'LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)',
  Discord: 'Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)',
  bingbot: 'Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)',
  curl: 'curl/8.5.0',
  'no name': '',
};
const METHODS = ['GET', 'GET', 'GET', 'GET', 'GET', 'HEAD', 'OPTIONS'] as const;
const PURPOSES: readonly Record<string, string>[] = [{}, {}, { purpose: 'prefetch' }, { 'sec-purpose': 'prefetch;prerender' }, { 'x-moz': 'prefetch' }, { 'x-purpose': 'preview' }];
const QUERIES = ['', '', '?decision=approve', '?utm_source=mail', '?decision=approve&code=x&_method=POST'];
const FETCHES = 10_000;
const AT_ONCE = 16;

let company: Company;
beforeAll(async () => {
  company = await openCompany();
});
afterAll(() => company.stop());

/** Every number up to `count`, some at a time. */
async function each(count: number, work: (number: number) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let number = next++; number < count; number = next++) await work(number);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}

test('[V6] [G12] 10,000 fetches by scanners, previewers and prefetchers decide nothing, and the link still works after them', { timeout: 600_000 }, async () => {
  const runId = runIdOf(20_000);
  const { gateId } = await openGate(company.log, runId);
  const path = await linkTo(company, gateId);
  const agents = Object.values(AGENTS);
  let answered = 0;
  await each(FETCHES, async (number) => {
    const headers = { 'user-agent': agents[number % agents.length] ?? '', ...PURPOSES[number % PURPOSES.length], ...(number % 3 === 0 ? { 'x-http-method-override': 'POST' } : {}) };
    const { status } = await visit(company, `${path}${QUERIES[number % QUERIES.length] ?? ''}`, { method: METHODS[number % METHODS.length] ?? 'GET', headers });
    if (status < 500) answered += 1;
  });
  expect(answered).toBe(FETCHES);
  expect((await gateEvents(company.log, runId)).map(({ type }) => type)).toEqual(['governance.gate.judged', 'governance.gate.opened']);
  expect((await submit(company, path, { code: codeIn(await visit(company, path)), decision: 'approve' })).status).toBe(303);
  expect((await gateEvents(company.log, runId)).map(({ type }) => type).slice(2)).toEqual(['governance.gate.decided', 'governance.gate.authorized']);
});

test('[V6] [G12] two surfaces at once, 1,000 times: exactly one decision each, and both hear the same end', { timeout: 600_000 }, async () => {
  const wins = { page: 0, cli: 0 };
  await each(1_000, async (number) => {
    const runId = runIdOf(30_000 + number);
    const { gateId, digest } = await openGate(company.log, runId);
    const path = await linkTo(company, gateId);
    const code = codeIn(await visit(company, path));
    const [page, cli] = await Promise.all([
      submit(company, path, { code, decision: number % 2 === 0 ? 'approve' : 'reject' }),
      call(company, 'POST', `/v1/gates/${gateId}/decision`, { body: { decision: number % 3 === 0 ? 'approve' : 'reject', digest, surface: 'cli' } }),
    ]);
    expect([page.status, cli.status]).toEqual([303, 200]);
    const decided = (await gateEvents(company.log, runId)).filter(({ type }) => type === 'governance.gate.decided');
    expect(decided).toHaveLength(1);
    const { surface } = decided[0]?.data as { surface: 'page' | 'cli' };
    wins[surface] += 1;
    expect(cli.body.decidedBy.surface).toBe(surface);
    // So that its money is free for the next.
    await say(company.log, 'runtime', 'loop', runId, finished(0));
  });
  expect(wins.page + wins.cli).toBe(1_000);
});

test('[G12] 2,000 mutated, replayed and foreign approvals over HTTP: none is taken', { timeout: 600_000 }, async () => {
  const gates = await Promise.all(Array.from({ length: 20 }, async (_, index) => {
    const runId = runIdOf(40_000 + index);
    const { gateId, digest } = await openGate(company.log, runId);
    const path = await linkTo(company, gateId);
    return { runId, gateId, digest, path, code: codeIn(await visit(company, path)) };
  }));
  let refused = 0;
  await each(2_000, async (number) => {
    const [own, other] = [gates[number % gates.length], gates[(number + 1 + (number % 7)) % gates.length]];
    if (own === undefined || other === undefined) throw new Error('no gates');
    const at = number % own.code.length;
    const changed = `${own.code.slice(0, at)}${own.code[at] === 'A' ? 'B' : 'A'}${own.code.slice(at + 1)}`;
    const tries = [
      () => submit(company, own.path, { code: changed, decision: 'approve' }),
      () => submit(company, own.path, { code: other.code, decision: 'approve' }),
      () => submit(company, `${own.path.slice(0, -43)}${other.path.slice(-43)}`, { code: own.code, decision: 'approve' }),
      () => submit(company, own.path, { code: own.code, decision: 'approve' }, { origin: 'https://gates.evil.example' }),
      () => call(company, 'POST', `/v1/gates/${own.gateId}/decision`, { body: { decision: 'approve', digest: own.digest }, token: changed.slice(0, 43) }),
      () => call(company, 'POST', `/v1/gates/${own.gateId}/decision`, { body: { decision: 'approve', digest: other.digest.replace(/^./, (first) => (first === 'a' ? 'b' : 'a')) } }),
    ];
    const { status } = await (tries[number % tries.length] as (typeof tries)[0])();
    if (status >= 400 && status < 500) refused += 1;
  });
  expect(refused).toBe(2_000);
  for (const { runId } of gates) expect((await gateEvents(company.log, runId)).filter(({ type }) => type === 'governance.gate.decided' || type === 'governance.gate.authorized')).toEqual([]);
});
