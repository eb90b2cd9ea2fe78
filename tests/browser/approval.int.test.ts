/** The approval page in a real browser: phone and desktop, light and dark, by keyboard, and with no script at all. */
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import axe from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gateEvents, openCompany, until, type Company } from '../integration/governance/company.fixture.js';
import { linkTo } from '../integration/governance/gate-page.fixture.js';
import { startBrowser } from './browser.fixture.js';
import { openLifelikeGate } from './lifelike-gate.fixture.js';

const FOLDER = fileURLToPath(new URL('../../docs/screenshots/', import.meta.url));
const SCREENS = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 900 } } as const;
const SCHEMES = ['light', 'dark'] as const;

let company: Company;
let browser: Browser;
let run = 9_000;

beforeAll(async () => {
  company = await openCompany();
  browser = await startBrowser();
});
afterAll(async () => {
  await browser?.close();
  await company?.stop();
});

async function opened(): Promise<{ runId: string; url: string }> {
  const { runId, gateId } = await openLifelikeGate(company, (run += 1));
  return { runId, url: `${company.api}${await linkTo(company, gateId)}` };
}

async function inContext<T>(options: Parameters<Browser['newContext']>[0], work: (page: Page, context: BrowserContext) => Promise<T>): Promise<T> {
  const context = await browser.newContext(options);
  try {
    return await work(await context.newPage(), context);
  } finally {
    await context.close();
  }
}

const decisions = async (runId: string): Promise<readonly string[]> => (await gateEvents(company.log, runId)).map(({ type }) => type.replace('governance.gate.', '')).slice(2);

describe('the page on a screen', () => {
  for (const [name, viewport] of Object.entries(SCREENS)) {
    test.each(SCHEMES)(`[V6] ${name}, %s: fits, is readable, and axe finds nothing serious`, async (colorScheme) => {
      const { url } = await opened();
      // The policy of the page keeps axe out as well; whether the policy itself holds is asked below.
      await inContext({ viewport, colorScheme, deviceScaleFactor: name === 'phone' ? 2 : 1, bypassCSP: true }, async (page) => {
        await page.goto(url);
        expect(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')).toBe(0);
        const heights = (await Promise.all((await page.locator('button:not([hidden]), summary').all()).map((one) => one.boundingBox()))).flatMap((box) => (box === null ? [] : [box.height]));
        expect(heights.length).toBeGreaterThanOrEqual(4);
        expect(Math.min(...heights)).toBeGreaterThanOrEqual(44);
        await page.evaluate(axe.source);
        const found = await page.evaluate(async () => (await (globalThis as unknown as { axe: typeof axe }).axe.run()).violations.map(({ id, impact, nodes }) => ({ id, impact, at: nodes.map(({ html }) => html) })));
        expect(found.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
        if (process.env['SOLOIST_WRITE_SCREENSHOTS'] === '1') {
          mkdirSync(FOLDER, { recursive: true });
          await page.screenshot({ path: `${FOLDER}approval-${name}-${colorScheme}.png`, fullPage: true });
        }
      });
    });
  }

  test('a sentence that says something was done, and that the run has no receipt for, is marked, and it is said why', async () => {
    const { url } = await opened();
    await inContext({ viewport: SCREENS.phone }, async (page) => {
      await page.goto(url);
      expect(await page.locator('.letter .nowhere').allInnerTexts()).toContain('I have cancelled our call on Thursday.');
      expect(await page.getByText('this run has no receipt for it').count()).toBe(1);
    });
  });

  test('nothing is asked for but the page itself, nothing is blocked, and nothing is said to the console', async () => {
    const { url } = await opened();
    await inContext({ viewport: SCREENS.phone }, async (page) => {
      const asked: string[] = [];
      const said: string[] = [];
      page.on('request', (request) => asked.push(request.url()));
      page.on('console', (message) => said.push(message.text()));
      page.on('pageerror', (error) => said.push(String(error)));
      await page.goto(url);
      expect(await page.evaluate('getComputedStyle(document.body).margin')).toBe('0px');
      // A browser asks for a favicon by itself.
      expect(asked.filter((one) => !one.endsWith('/favicon.ico'))).toEqual([url]);
      expect(said.filter((one) => !one.includes('favicon'))).toEqual([]);
    });
  });
});

describe('deciding', () => {
  test('[V6] by keyboard alone: Tab to the button, the focus can be seen, Enter on it decides', async () => {
    const { runId, url } = await opened();
    await inContext({ viewport: SCREENS.desktop }, async (page) => {
      await page.goto(url);
      for (let presses = 0; presses < 40; presses += 1) {
        await page.keyboard.press('Tab');
        if ((await page.evaluate('document.activeElement.textContent')) === 'Approve and send') break;
      }
      expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid');
      await page.keyboard.press('Enter');
      await page.getByRole('status').waitFor();
      expect(await page.getByRole('status').innerText()).toContain('Approved.');
    });
    expect(await decisions(runId)).toEqual(['decided', 'authorized']);
  });

  test('[V6] Enter in a field decides nothing; the changed mail is approved by its button, without a script', async () => {
    const { runId, url } = await opened();
    await inContext({ viewport: SCREENS.phone, javaScriptEnabled: false }, async (page) => {
      await page.goto(url);
      await page.getByText('Change it, then approve').click();
      await page.getByLabel('Subject').fill('Re: Your hourly rate (corrected)');
      await page.getByLabel('Subject').press('Enter');
      await page.getByLabel('Text').fill('Dear Jonas,\n\nthe hourly rate is 105 EUR.\n\nKind regards');
      expect(await decisions(runId)).toEqual([]);
      await page.getByRole('button', { name: 'Approve the changed mail' }).click();
      await page.getByRole('status').waitFor();
      expect(await page.getByRole('status').innerText()).toContain('Edited by operator: subject, text');
    });
    expect(await decisions(runId)).toEqual(['decided', 'edited', 'authorized']);
  });

  test('[V6] a rejection with a reason, and a second tab that comes too late, without a script', async () => {
    const { runId, url } = await opened();
    await inContext({ viewport: SCREENS.phone, javaScriptEnabled: false }, async (page, context) => {
      const late = await context.newPage();
      await Promise.all([page.goto(url), late.goto(url)]);
      await page.getByText('Reject with a reason').first().click();
      await page.getByLabel('Reason').fill('Not before Monday.');
      await page.getByRole('button', { name: 'Reject with this reason' }).click();
      await page.getByRole('status').waitFor();
      await late.getByRole('button', { name: 'Approve and send' }).click();
      await late.getByRole('status').waitFor();
      expect(await late.getByRole('status').innerText()).toContain('Rejected.');
    });
    expect(await decisions(runId)).toEqual(['decided', 'refused']);
    expect((await gateEvents(company.log, runId)).find(({ type }) => type === 'governance.gate.decided')?.data).toMatchObject({ reason: 'Not before Monday.' });
  });

  test('opening a link in a browser, prefetching and previewing included, decides nothing', async () => {
    const { runId, url } = await opened();
    await inContext({}, async (page) => {
      for (let visit = 0; visit < 5; visit += 1) await page.goto(url);
      await page.goBack();
    });
    await until(() => gateEvents(company.log, runId), (events) => events.length === 2);
    expect(await decisions(runId)).toEqual([]);
  });
});
