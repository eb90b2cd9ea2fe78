/**
 * A worker that is frozen between the claim that is on the log and the wire (F2): asleep for longer than its lease, while
 * its twin takes the effect over; then it wakes, with the mail still in its hand.
 *
 * I1 it wakes at the very point where it fell asleep, and only after its twin has settled the effect on the log
 * I2 what it then does shows on the log and in the outside world before anything is judged
 */
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { standingOf, type Violation } from '@soloist/testing';
import nodemailer from 'nodemailer';
import { eventually } from '../installation/installation.js';
import { Company } from './company/company.js';
import { inputOf, messageIdOf } from './company/inputs.js';
import type { ServiceProcess } from './company/service-process.js';

export interface FrozenWorkerReport {
  readonly sleeper: string;
  readonly sleptMs: number;
  /** What became of the effect's first generation, by the log. */
  readonly outcome: string;
  /** Mails in the outside world: when the sleeper had done what it does, and those that came after the second approval. */
  readonly sentByGeneration: readonly number[];
  /** Whether an operator was asked about the unknown outcome. */
  readonly isBehindGate: boolean;
  readonly closed: number;
  readonly violations: readonly Violation[];
}

const TOKEN = 'chaos-0-1x';
/** The effect is claimed and armed; nothing has touched the wire. */
const BOUNDARY = 'claimed:effect';

export async function frozenWorker(): Promise<FrozenWorkerReport> {
  const company = await Company.start();
  try {
    return await new Freeze(company).run();
  } finally {
    await company.stop();
  }
}

class Freeze {
  private readonly runId = inputOf(TOKEN).runId;

  constructor(private readonly company: Company) {}

  async run(): Promise<FrozenWorkerReport> {
    const { company } = this;
    await writeFile(company.crashPlan, `stop ${BOUNDARY}`);
    await this.send();
    await this.decide('effect gate', (kind) => kind !== 'unknown-outcome');
    const sleeper = await eventually('a worker that sleeps', () => this.sleeper());
    const since = performance.now();
    const outcome = await eventually('the twin that settles the effect', () => this.outcome());
    const passed = (await this.trace()).length;
    const sleptMs = performance.now() - since;
    sleeper.signal('SIGCONT');
    await eventually('what the sleeper does when it wakes', async () => /connectors\.effect\.fault|acted:effect/.test((await this.trace()).slice(passed)));
    const first = company.mail.delivered.length;
    const isUnknown = outcome === 'connectors.effect.unknown';
    // A sleeper that sent has broken the promise, and what comes after says nothing more.
    const isBehindGate = isUnknown && first === 0 && (await eventually('the gate of the unknown outcome', () => this.hasGate()));
    // The operator looked outside, found nothing, and lets it be done again: the second generation.
    if (isBehindGate) await this.decide('unknown-outcome gate', (kind) => kind === 'unknown-outcome');
    if (first === 0) await eventually('the end of the run', () => this.isClosed());
    const violations = await company.check([TOKEN], first === 0);
    const closed = standingOf(company.reader).closed.get(this.runId) ?? 0;
    return { sleeper: sleeper.label, sleptMs, outcome, sentByGeneration: [first, company.mail.delivered.length - first], isBehindGate, closed, violations };
  }

  private async send(): Promise<void> {
    const [port = 0] = this.company.doors;
    const transport = nodemailer.createTransport({ host: '127.0.0.1', port, secure: false, ignoreTLS: true });
    try {
      await transport.sendMail({ from: 'Ada Client <ada@client.example>', to: 'operator@soloist.example', messageId: messageIdOf(TOKEN), subject: `Question ${TOKEN}?`, text: `Hello, what is your hourly rate for ${TOKEN}? Thank you, Ada` });
    } finally {
      transport.close();
    }
  }

  private decide(what: string, isWanted: (kind: string) => boolean): Promise<boolean> {
    return eventually(`the ${what}`, async () => {
      const { body } = await this.company.api('/v1/gates?state=open');
      const gate = (body as { gates: readonly { gateId: string; digest: string; kind: string }[] }).gates.find(({ kind }) => isWanted(kind));
      if (gate === undefined) return false;
      return (await this.company.api(`/v1/gates/${gate.gateId}/decision`, { decision: 'approve', digest: gate.digest, surface: 'api' })).status === 200;
    });
  }

  /** The kernel's word for it: T, stopped by a signal. */
  private async sleeper(): Promise<ServiceProcess | undefined> {
    if ((await stat(`${this.company.crashPlan}.taken`).catch(() => null)) === null) return undefined;
    for (const one of this.company.processes) {
      const line = await readFile(join('/proc', String(one.pid), 'stat'), 'utf8').catch(() => '');
      if (line.slice(line.lastIndexOf(')') + 2).startsWith('T')) return one;
    }
    return undefined;
  }

  /** The first thing that the log says of the effect after its attempt. */
  private async outcome(): Promise<string | undefined> {
    await this.company.reader.readOn();
    const types = this.company.reader.commits.filter(({ address }) => address.entity === 'effect').flatMap((commit) => commit.events.map(({ type }) => type));
    return types.find((type) => type !== 'connectors.effect.attempted' && type !== 'connectors.effect.snapshotted');
  }

  private trace(): Promise<string> {
    return readFile(this.company.crashTrace, 'utf8');
  }

  private async hasGate(): Promise<boolean> {
    await this.company.reader.readOn();
    return [...standingOf(this.company.reader).open.values()].some(({ kind, runId }) => kind === 'unknown-outcome' && runId === this.runId);
  }

  private async isClosed(): Promise<boolean> {
    await this.company.reader.readOn();
    return standingOf(this.company.reader).closed.has(this.runId);
  }
}
