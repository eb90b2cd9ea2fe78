/** What is kept of a company when something in it did not come to rest: without it a rare fault leaves only its name. */
import { cp, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Commit } from '@soloist/eventlog';
import type { Company } from './company.js';
import { inputOf } from './inputs.js';

/** Writes the stories of the runs, and what every process and the broker said, into a new folder. @returns the folder */
export async function keepDossier(company: Company, tokens: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'soloist-dossier-'));
  const { commits } = company.reader;
  for (const token of tokens) await writeFile(join(folder, `${token}.txt`), `${storyOf(commits, token).join('\n')}\n`);
  await mkdir(join(folder, 'said'));
  for (const { label, options } of company.processes) await cp(options.logFile, join(folder, 'said', `${label}.log`)).catch(() => undefined);
  await cp(company.crashTrace, join(folder, 'crash-trace')).catch(() => undefined);
  await writeFile(join(folder, 'consumers.json'), JSON.stringify(await consumersOf(company), null, 1));
  return folder;
}

function storyOf(commits: readonly Commit[], token: string): readonly string[] {
  const { inputId, runId } = inputOf(token);
  const own = commits.filter(({ events, subject }) => [subject, JSON.stringify(events)].some((text) => text.includes(runId) || text.includes(inputId)));
  return own.toSorted((one, other) => one.at.localeCompare(other.at)).map((commit) => `${commit.at} ${commit.position.stream}/${commit.position.sequence} ${commit.subject} ${commit.id} ${commit.events.map(({ type }) => type).join(' ')} ${JSON.stringify(commit.events)}`);
}

/** As the broker tells it: what is pending, redelivered and waiting for an ack at each consumer. */
async function consumersOf(company: Company): Promise<unknown> {
  const { monitoring } = company.foundations.bus.server.ports;
  const response = await fetch(`http://127.0.0.1:${monitoring}/jsz?accounts=true&streams=true&consumers=true`).catch(() => null);
  return response === null ? null : response.json();
}
