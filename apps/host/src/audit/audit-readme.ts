/** The README of a package: what it is, how to check it, and one line an act. */
import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { formatMoney } from '@soloist/kernel';
import type { ActStatement } from './act-statement.js';
import type { AuditSelection } from './audit-selection.js';

const WIDTHS = [5, 20, 24, 11, 34, 18, 16] as const;
const NOBODY = 'nobody: by policy';

export class AuditReadme {
  private readonly hash = createHash('sha256');

  private constructor(private readonly handle: FileHandle) {}

  static async create(file: string, exportedAt: string, selection: AuditSelection, keyId: string): Promise<AuditReadme> {
    const readme = new AuditReadme(await open(file, 'wx', 0o600));
    await readme.write(headOf(exportedAt, selection, keyId));
    return readme;
  }

  async add(statement: ActStatement): Promise<void> {
    await this.write(`${rowOf(statement)}\n`);
  }

  /** Answers the SHA-256 of the whole. */
  async end(acts: number): Promise<string> {
    await this.write(`\n${acts} ${acts === 1 ? 'act' : 'acts'}.\n`);
    await this.handle.sync();
    await this.handle.close();
    return this.hash.digest('hex');
  }

  private async write(text: string): Promise<void> {
    this.hash.update(text);
    await this.handle.writeFile(text);
  }
}

function headOf(exportedAt: string, { since, until, runs, acts, isComplete }: AuditSelection, keyId: string): string {
  const range = `from ${since ?? 'the beginning'} to ${until ?? exportedAt}`;
  const chosen = runs.length + acts.length === 0 ? 'all acts' : `acts of ${[...runs.map((run) => `run ${run}`), ...acts.map((act) => `act ${act}`)].join(', ')}`;
  return `AUDIT PACKAGE

What was done outside, ${range} (UTC): ${chosen}. Exported ${exportedAt}.
${isComplete ? 'Every commit of the range is in here, so no act of it can be missing.' : 'Commits that are about something else are in here as digests only: acts of other runs may lie there.'}

Check it, on any machine with Node 20.11 or newer, and without a network:

    node verify.mjs --key THE-PUBLIC-KEY-YOU-WERE-GIVEN.pub

log-signing.pub in this folder is the public key of the log, id ${keyId}. Compare the id with one you were given another way.
verify.mjs says of each act whether it is whole, and at its end what that proves and what it does not.
audit.jsonl holds statements and commits. Names, addresses and texts are sealed in it unless the owner has opened arguments.
An act is what was claimed for the wire; "open" and "unknown" say that nobody knows whether it was done.
Money is the model calls that led to the act, by the provider's figures.

${columns(['no.', 'when (UTC)', 'what', 'outcome', 'decided by', 'policy version', 'cost'])}
${columns(WIDTHS.map((width) => '-'.repeat(width)))}
`;
}

function rowOf({ number, at, action, outcome, decisions, policy, cost }: ActStatement): string {
  const decided = decisions.map(({ decision, by, surface }) => `${by} (${decision}, ${surface})`).join('; ');
  const money = cost.currency === null ? `${cost.micros} micro-units` : formatMoney({ micros: cost.micros, currency: cost.currency });
  return columns([String(number), (at ?? '').slice(0, 19), action ?? '(not on record)', outcome, decided === '' ? NOBODY : decided, policy?.version ?? '(not on record)', money]);
}

/** Control characters of a name steer no terminal. */
function columns(cells: readonly string[]): string {
  return cells.map((cell, index) => cell.replaceAll(/\p{Cc}/gu, ' ').padEnd(WIDTHS[index] ?? 0)).join('  ').trimEnd();
}
