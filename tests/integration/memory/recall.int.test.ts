import type { RecallEvent } from '@soloist/contracts';
import { startPostgres, type TestPostgres } from '@soloist/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { FixtureMail } from './client-mails.fixture.js';
import { eventually, jetStreamLog, memoryLog, MemoryRig, type LogUnderTest } from './memory-rig.fixture.js';

const LOGS = [
  ['in-memory log', async () => memoryLog({ ackWaitMs: 300 })],
  ['JetStream', jetStreamLog],
] as const;

let postgres: TestPostgres;
let log: LogUnderTest;
let rig: MemoryRig;
let schemas = 0;

beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(async () => {
  await postgres?.stop();
});
afterEach(async () => {
  await rig?.stop();
  await log?.stop();
});

const mail = (client: string, text: string, subject = 'Terms'): FixtureMail => ({ client, subject, text });
const texts = (facts: readonly { text: string }[]): string[] => facts.map(({ text }) => text);

describe.each(LOGS)('memory on the %s', (_name, open) => {
  async function start(): Promise<void> {
    log = await open();
    schemas += 1;
    rig = new MemoryRig(log, postgres.url, `recall_${schemas}`);
    await rig.start();
  }

  it('[M10] recalls for one agent what another learnt, inside the scope of the client only', async () => {
    await start();
    const terms = await rig.receive(mail('acme', 'Our hourly rate is 95 EUR.\n\nPlease always write in German.'));
    await rig.receive(mail('harbor', 'Our hourly rate is 70 EUR.'));
    await rig.receive(mail('northwind', 'The standard hourly rate of the studio is 120 EUR.'), { trust: 'owner' });
    await rig.settled();
    for (const agent of ['client-desk', 'biller']) {
      const { facts } = await rig.askAndRead('acme', `What is the hourly rate? asks ${agent}`, { agent });
      // The client's own first, then what the company says for all; never another client's.
      expect(texts(facts)).toEqual(['Our hourly rate is 95 EUR.', 'The standard hourly rate of the studio is 120 EUR.']);
      expect(facts[0]).toMatchObject({ trust: 'third-party-text', source: { commit: terms.id, index: 0, start: 0, end: 26 } });
    }
  });

  it('sees what the run\'s own trigger states, and puts it behind what was known before', async () => {
    await start();
    await rig.receive(mail('acme', 'The hourly rate is 95 EUR.'));
    await rig.settled();
    const trigger = await rig.receive(mail('acme', 'I was told that the hourly rate is 120 EUR. Which hourly rate is right?', 'Hourly rate'));
    const { facts, commit, session } = await rig.askAndRead('acme', 'Which hourly rate is right?', { inputId: trigger.address.key });
    expect(texts(facts)).toEqual(['The hourly rate is 95 EUR.', 'I was told that the hourly rate is 120 EUR.']);
    const [event] = commit.events as RecallEvent[];
    expect(event?.data.index).toBe('postgresql-fulltext-1');
    expect(event?.data.asOf.find(({ stream }) => stream === trigger.position.stream)?.sequence).toBeGreaterThanOrEqual(trigger.position.sequence);
    // The trigger itself is before the run anyway.
    expect(texts(session)).toEqual(['Terms\nThe hourly rate is 95 EUR.']);
  });

  it('keeps the limit, shows equal sentences once, and finds nothing for stop words, odd signs or limit 0', async () => {
    await start();
    for (let index = 0; index < 6; index += 1) await rig.receive(mail('acme', `Invoice ${index} is due on the 15th.\nInvoices are payable within 14 days.`));
    await rig.settled();
    const { facts } = await rig.askAndRead('acme', 'When is an invoice payable or due?', { limit: 5 });
    expect(facts).toHaveLength(5);
    expect(new Set(texts(facts)).size).toBe(5);
    expect(facts.map(({ score }) => score)).toEqual(facts.map(({ score }) => score).toSorted((a, b) => b - a));
    expect((await rig.askAndRead('acme', 'invoice?', { limit: 0 })).facts).toEqual([]);
    for (const odd of ['who are you and what is it', "it's '' \\ | & ! :* <-> ( \u0000 \uFFFD %", '', 'ü'.repeat(5_000)]) expect((await rig.askAndRead('acme', odd)).facts, odd.slice(0, 20)).toEqual([]);
    expect(texts((await rig.askAndRead('acme', `it's due: 'o''brien' \\ the 15th & (invoice | 3)?`)).facts)).toContain('Invoice 3 is due on the 15th.');
  });

  it('answers each recall once and asserts each fact once, whatever is delivered again', async () => {
    await start();
    const received = await rig.receive(mail('acme', 'The hourly rate is 95 EUR. Changes take 3 days.'));
    await rig.settled();
    const { runId } = await rig.ask('acme', 'hourly rate');
    const first = await rig.answer(runId);
    await rig.stop();
    await rig.start();
    // A second recall of the same run makes sure that deliveries flow again.
    await rig.append('runtime', 'loop', runId, 'again', [
      { type: 'runtime.loop.recall-requested', data: { recallId: `${runId.slice(0, 24)}-r2`, query: 'hourly rate', limit: 8, inputId: received.address.key, dataSubject: await rig.subjectOf('acme') } },
    ]);
    const { log: own } = await rig.as('memory');
    const history = await eventually('second answer', async () => {
      const commits = await own.history({ context: 'memory', entity: 'recall', key: runId });
      return commits.length >= 2 ? commits : null;
    });
    expect(history).toHaveLength(2);
    expect(history[0]?.id).toBe(first.commit.id);
    expect(await rig.settled()).toBe(2);
  });

  it('keeps the conversation at hand: what came in and what was done, oldest first', async () => {
    await start();
    const dataSubject = await rig.subjectOf('acme');
    await rig.receive(mail('acme', 'Which rate did we agree?', 'Question'));
    const { runId } = await rig.ask('acme', 'rate');
    await rig.answer(runId);
    const effectId = `${runId.slice(0, 24)}-e1`;
    const digest = '0'.repeat(64);
    await rig.append('runtime', 'loop', runId, 'effect', [
      {
        type: 'runtime.loop.effect-requested',
        data: { effectId, callId: 'call-1', epoch: 1, action: 'mail.send', args: { to: 'anna.berg@acme.example', subject: 'Re: Question', text: 'We agreed on 95 EUR.' }, digest, effectClass: 'check-first', trust: 'third-party-text', dataSubject },
      },
    ]);
    await rig.append('connectors', 'effect', runId, effectId, [
      { type: 'connectors.effect.succeeded', data: { effectId, generation: 1, dataSubject, receipt: {}, knownBy: 'wire' } },
    ]);
    await rig.receive(mail('harbor', 'Hello', 'Other client'));
    const session = await eventually('both turns', async () => {
      const answer = await rig.askAndRead('acme', `rate ${performance.now()}`);
      return answer.session.length >= 2 ? answer.session : null;
    });
    expect(session).toEqual([
      { role: 'client', text: 'Question\nWhich rate did we agree?' },
      { role: 'agent', text: 'mail.send: Re: Question\nWe agreed on 95 EUR.' },
    ]);
    expect(JSON.stringify(await (await rig.as('memory')).working.get(`session.${dataSubject}`))).toContain('95 EUR');
  });
});
