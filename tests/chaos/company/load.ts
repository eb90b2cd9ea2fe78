/**
 * Work that never stops: a few mails under way at any time, and an operator who decides what is asked, sooner or later.
 *
 * I1 a mail is accepted when the intake said 250, and then it must come to an end; until then it is sent again
 * I2 the operator decides by what the log says is open, under the digest that was shown; what is unknown is sometimes left
 */
import { setTimeout as pause } from 'node:timers/promises';
import nodemailer from 'nodemailer';
import { standingOf, type Luck, type OpenGate } from '@soloist/testing';
import type { Company } from './company.js';
import { inputOf, messageIdOf } from './inputs.js';

const AT_ONCE = 6;
const LOOK_EVERY_MS = 200;
const SEND_WITHIN_MS = 4_000;

interface GateCard {
  readonly gateId: string;
  readonly digest: string;
}

export class Load {
  readonly accepted: string[] = [];
  /** Gates the operator leaves open for good. */
  readonly left = new Set<string>();
  /** Of unknown outcomes the operator leaves this share open, and lets this share be tried again. */
  readonly manners = { leaves: 0.3, repeats: 0.3, rejects: 0.1 };
  private sent = 0;
  private isOver = false;
  private readonly loops: Promise<void>[];
  private readonly settled = new Set<string>();

  constructor(
    private readonly company: Company,
    private readonly luck: Luck,
    private readonly seed: number,
    public atOnce = AT_ONCE,
  ) {
    this.loops = [this.loop(() => this.topUp()), this.loop(() => this.operate())];
  }

  /** From now on nothing new comes in; what is under way goes on. */
  pause(): void {
    this.atOnce = 0;
  }

  resume(atOnce = AT_ONCE): void {
    this.atOnce = atOnce;
  }

  /** Mails that were taken in and whose runs are neither closed nor left waiting for a human. */
  async underway(): Promise<readonly string[]> {
    await this.company.reader.readOn();
    const { closed, open } = standingOf(this.company.reader);
    const waiting = new Set([...open.values()].filter(({ gateId }) => this.left.has(gateId)).map(({ runId }) => runId));
    for (const token of this.accepted) if (closed.has(inputOf(token).runId)) this.settled.add(token);
    return this.accepted.filter((token) => !this.settled.has(token) && !waiting.has(inputOf(token).runId));
  }

  async stop(): Promise<void> {
    this.isOver = true;
    await Promise.all(this.loops);
  }

  private async loop(turn: () => Promise<void>): Promise<void> {
    while (!this.isOver) {
      // What is down now is up again soon: that is what the harness is for.
      await turn().catch(() => undefined);
      await pause(LOOK_EVERY_MS);
    }
  }

  private async topUp(): Promise<void> {
    if (this.atOnce === 0) return;
    const missing = this.atOnce - (await this.underway()).length;
    for (let count = 0; count < missing; count += 1) await this.send();
  }

  private async send(): Promise<void> {
    const token = `chaos-${this.seed}-${this.sent + 1}x`;
    const transport = nodemailer.createTransport({ host: '127.0.0.1', port: this.luck.of(this.company.doors), secure: false, ignoreTLS: true, connectionTimeout: SEND_WITHIN_MS, greetingTimeout: SEND_WITHIN_MS, socketTimeout: SEND_WITHIN_MS });
    try {
      await transport.sendMail({ from: 'Ada Client <ada@client.example>', to: 'operator@soloist.example', messageId: messageIdOf(token), subject: `Question ${token}?`, text: `Hello, what is your hourly rate for ${token}? Thank you, Ada` });
      this.accepted.push(token);
      this.sent += 1;
    } finally {
      transport.close();
    }
  }

  private async operate(): Promise<void> {
    await this.company.reader.readOn();
    const wanted = [...standingOf(this.company.reader).open.values()].filter(({ gateId }) => !this.left.has(gateId));
    if (wanted.length === 0) return;
    const { body } = await this.company.api('/v1/gates?state=open');
    const cards = new Map((body as { gates: readonly GateCard[] }).gates.map((card) => [card.gateId, card]));
    for (const gate of wanted) {
      const card = cards.get(gate.gateId);
      if (card !== undefined) await this.decide(gate, card);
    }
  }

  private async decide({ gateId, kind }: OpenGate, { digest }: GateCard): Promise<void> {
    const { leaves, repeats, rejects } = this.manners;
    const isUnknown = kind === 'unknown-outcome';
    if (isUnknown && this.luck.chance(leaves)) {
      this.left.add(gateId);
      return;
    }
    const decision = this.luck.chance(isUnknown ? repeats : 1 - rejects) ? 'approve' : 'reject';
    await this.company.api(`/v1/gates/${gateId}/decision`, { decision, digest, surface: 'api' });
  }
}
