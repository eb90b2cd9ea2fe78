/**
 * A model that follows a script drawn from the seed, with the provider's own bill: every call that reached it is on it,
 * whoever got the answer.
 */
import type { PriceBook } from '@soloist/catalog';
import { Fault } from '@soloist/kernel';
import type { ModelAnswer, ModelPort, ModelRequest } from '@soloist/runtime';
import type { FaultCounts, Machine, Random } from '@soloist/testing';
import type { Swarm } from './swarm.js';

export const CEILING_MICROS = 4_000;
const MICROS_PER_TOKEN = 10;

export interface Charge {
  /** Number of the mail the prompt is about. */
  readonly mail: number;
  readonly micros: number;
}

export interface ScriptedModelOptions {
  readonly random: Random;
  readonly swarm: Swarm;
  readonly areFaultsOn: () => boolean;
  readonly counts: FaultCounts;
  readonly onCharged: (charge: Charge) => void;
}

export class ScriptedModel {
  readonly bill: Charge[] = [];
  readonly #options: ScriptedModelOptions;
  #written = 0;

  constructor(options: ScriptedModelOptions) {
    this.#options = options;
  }

  port(machine: Machine): ModelPort {
    return { complete: (request) => this.#complete(machine, request) };
  }

  async #complete(machine: Machine, request: ModelRequest): Promise<ModelAnswer> {
    await machine.hop('ask model');
    if (this.#strikes('fail')) throw new Fault('transient', 'model.failing', 'The model provider answered 500.');
    const { random } = this.#options;
    if (this.#strikes('throttle')) throw new Fault('throttled', 'model.throttled', 'Too many requests.', { retryAfterMs: random.whole(100, 45_000) });
    const inputTokens = random.whole(50, 300);
    const outputTokens = random.whole(5, 90);
    const charge = { mail: mailOf(request), micros: (inputTokens + outputTokens) * MICROS_PER_TOKEN };
    this.bill.push(charge);
    this.#options.onCharged(charge);
    await machine.sleep(random.between(5, 3_000), 'model answer');
    if (this.#strikes('loseAnswer')) throw new Fault('transient', 'model.answer-lost', 'The connection to the model provider broke.');
    const usage = this.#strikes('noUsage') ? null : { inputTokens, cachedInputTokens: 0, outputTokens };
    return { model: 'scripted-1', rehearsal: false, finishReason: 'stop', usage, ...this.#script(request) };
  }

  #script(request: ModelRequest): Pick<ModelAnswer, 'text' | 'toolCalls'> {
    const { random } = this.#options;
    const results = request.messages.filter((message) => message.role === 'tool').length;
    const say = { text: `Done after ${results} results.`, toolCalls: [] };
    if (results > 0 && random.chance(0.75)) return say;
    const roll = random.next();
    const call = (tool: string, args: Record<string, never>): Pick<ModelAnswer, 'text' | 'toolCalls'> => ({ text: '', toolCalls: [{ callId: 'c', tool, args }] });
    if (roll < 0.04) return call('money.pay', {});
    if (roll < 0.08) return call('mail.send', {});
    if (roll < 0.12) return say;
    const mails = random.chance(0.15) ? 2 : 1;
    return { text: '', toolCalls: Array.from({ length: mails }, (_, index) => ({ callId: `c${index}`, tool: 'mail.send', args: this.#mail(request) })) };
  }

  #mail(request: ModelRequest): { to: string[]; subject: string; text: string; inReplyTo: string } {
    this.#written += 1;
    const mail = mailOf(request);
    return { to: [`client-${mail}@client.example`], subject: 'Re: your question', text: `Answer ${this.#written}.`, inReplyTo: messageIdOf(mail) };
  }

  #strikes(kind: keyof Swarm['model']): boolean {
    const { areFaultsOn, random, counts, swarm } = this.#options;
    const likelihood = swarm.model[kind];
    return areFaultsOn() && likelihood > 0 && random.chance(likelihood) && counts.add(`model.${kind}`);
  }
}

export function messageIdOf(mail: number): string {
  return `<q${mail}@client.example>`;
}

/** The Message-ID stands in the prompt of its own run only. */
function mailOf(request: ModelRequest): number {
  for (const { role, content } of request.messages) {
    const found = role === 'user' ? /<q(\d+)@client\.example>/.exec(content) : null;
    if (found !== null) return Number(found[1]);
  }
  throw new Error('the prompt names no mail');
}

export const scriptedPrices: PriceBook = {
  ceilingOf: () => ({ micros: CEILING_MICROS, price: { source: 'simulation', version: '1' } }),
  costOf: (_model, usage) => ({ micros: (usage.inputTokens + usage.outputTokens) * MICROS_PER_TOKEN, price: { source: 'simulation', version: '1' } }),
};
