import { startPostgres, type TestPostgres } from '@soloist/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HELD_OUT_MAILS, HELD_OUT_QUESTIONS, MAILS, QUESTIONS, type FixtureQuestion } from './client-mails.fixture.js';
import { memoryLog, MemoryRig, type LogUnderTest } from './memory-rig.fixture.js';

/** A little below what was measured with `postgresql-fulltext-1`; less means that extraction or ranking got worse. */
const FLOOR: Quality = { recall: 0.95, first: 0.8 };
const HELD_OUT_FLOOR: Quality = { recall: 0.7, first: 0.5 };

let postgres: TestPostgres;
let log: LogUnderTest;
let rig: MemoryRig;

beforeAll(async () => {
  postgres = await startPostgres();
  log = memoryLog();
  rig = new MemoryRig(log, postgres.url, 'quality');
  await rig.start();
  for (const mail of [...MAILS, ...HELD_OUT_MAILS]) await rig.receive(mail);
  await rig.settled();
});
afterAll(async () => {
  await rig?.stop();
  await log?.stop();
  await postgres?.stop();
});

interface Quality {
  readonly recall: number;
  readonly first: number;
}

async function measure(title: string, questions: readonly FixtureQuestion[]): Promise<Quality> {
  const missed: string[] = [];
  let first = 0;
  let characters = 0;
  for (const { client, question, answer } of questions) {
    const { facts } = await rig.askAndRead(client, question);
    const place = facts.findIndex(({ text }) => text.includes(answer));
    if (place === -1) missed.push(`  missed: ${client}: ${question} (${answer})`);
    if (place === 0) first += 1;
    characters += facts.reduce((sum, { text }) => sum + text.length, 0);
  }
  const quality = { recall: 1 - missed.length / questions.length, first: first / questions.length };
  const numbers = `recall@8 ${quality.recall.toFixed(3)}, recall@1 ${quality.first.toFixed(3)}, ${Math.round(characters / questions.length)} characters an answer`;
  process.stdout.write(`${[`${title}, ${questions.length} questions: ${numbers}`, ...missed].join('\n')}\n`);
  return quality;
}

describe('recall quality', () => {
  it('finds the known answers of a fixed set of questions among the first eight facts', async () => {
    expect(QUESTIONS.length).toBeGreaterThanOrEqual(20);
    expect(MAILS.length).toBeGreaterThanOrEqual(30);
    const quality = await measure('four clients', QUESTIONS);
    expect(quality.recall).toBeGreaterThanOrEqual(FLOOR.recall);
    expect(quality.first).toBeGreaterThanOrEqual(FLOOR.first);
  });

  it('finds most answers in mail that the rules were not adjusted to', async () => {
    const quality = await measure('held out', HELD_OUT_QUESTIONS);
    expect(quality.recall).toBeGreaterThanOrEqual(HELD_OUT_FLOOR.recall);
    expect(quality.first).toBeGreaterThanOrEqual(HELD_OUT_FLOOR.first);
  });
});
