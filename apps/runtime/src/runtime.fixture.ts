/** What tests of the runtime start from: an agent, a mail, what memory knows, and pure means. Imported by tests only. */
import type { AgentDefinition, LoopEvent, RecalledFact, ToolCall } from '@soloist/contracts';
import { sha256Hex } from '@soloist/eventlog';
import { fold } from '@soloist/service';
import { ajvArgsCheck } from './adapters/ajv.args-check.js';
import type { Arrival, PricedAnswer } from './domain/arrival.js';
import { beginRun } from './domain/begin.js';
import type { Claim, LoopState } from './domain/loop.js';
import { planStep, type Means, type Plan } from './domain/plan.js';
import type { RunBrief } from './domain/run-brief.js';
import { loopEntity } from './entities.js';

export const RUN_ID = '0123456789abcdef0123456789abcdef';
export const PREFIX = RUN_ID.slice(0, 24);
export const RECALL_ID = `${PREFIX}-r1`;

export const definition: AgentDefinition = {
  name: 'client-desk',
  purpose: 'Answers clients.',
  instructions: 'Answer from the facts.',
  model: { alias: 'default', maxOutputTokens: 100, temperature: 0 },
  actions: ['mail.send'],
  memory: { recallLimit: 8 },
  budget: { perRunMicros: 10_000, currency: 'USD' },
  limits: { maxSteps: 6 },
};

export const claim: Claim = {
  runId: RUN_ID,
  inputId: 'feedfacefeedfacefeedfacefeedface',
  agent: 'client-desk',
  definitionVersion: '0123456789abcdef',
  envelopeMicros: 10_000,
  currency: 'USD',
  dataSubject: 'ada',
};

export const rateFact: RecalledFact = {
  factId: 'f1',
  text: 'The hourly rate is 95 EUR.',
  score: 0.9,
  trust: 'third-party-text',
  source: { commit: 'c1', index: 0, start: 0, end: 26 },
};

export const brief: RunBrief = {
  definition,
  input: {
    from: { name: 'Ada', address: 'ada@client.example' },
    to: [{ name: '', address: 'operator@soloist.example' }],
    subject: 'A question',
    text: 'Hello,\nwhat hourly rate did we agree on?\n',
    messageId: '<q1@client.example>',
    trust: 'third-party-text',
  },
  recall: { recallId: RECALL_ID, facts: [rateFact], session: [] },
};

export const mailArgs: ToolCall['args'] = { to: ['ada@client.example'], subject: 'Re: A question', text: '95 EUR an hour.', inReplyTo: '<q1@client.example>' };

const checkArgs = ajvArgsCheck();

export const CEILING = 1_000;

export function meansWith(change: Partial<Means> = {}): Means {
  return {
    digestOf: sha256Hex,
    checkArgs,
    model: 'test-model',
    windowTokens: 128_000,
    quote: () => ({ ceilingMicros: CEILING, price: { source: 'test', version: '1' } }),
    storedPrompt: () => null,
    ...change,
  };
}

export function answerWith(change: Partial<PricedAnswer>): PricedAnswer {
  return { model: 'test-model-1', rehearsal: false, text: '', toolCalls: [], finishReason: 'stop', inputTokens: 10, outputTokens: 5, costMicros: 100, ...change };
}

export function callOf(tool: string, args: ToolCall['args'], callId = 'c'): ToolCall {
  return { callId, tool, args };
}

/** A run told as its events: what was written, and what arrives next. */
export class Told {
  readonly events: LoopEvent[] = [];

  constructor(
    readonly means: Means = meansWith(),
    readonly brief_: RunBrief = brief,
    readonly claim_: Claim = claim,
  ) {
    this.events.push(...beginRun(loopEntity.initial, claim_, brief_));
  }

  get state(): LoopState {
    return fold(loopEntity, this.events);
  }

  plan(arrival: Arrival): Plan {
    return planStep(this.state, this.brief_, arrival, this.means);
  }

  /** Commits what follows. @returns the types written, without `runtime.loop.` */
  arrives(arrival: Arrival): readonly string[] {
    const plan = this.plan(arrival);
    if (plan.kind !== 'commit') return [plan.kind];
    this.events.push(...plan.events);
    return plan.events.map((event) => event.type.replace('runtime.loop.', ''));
  }

  recalled(): readonly string[] {
    return this.arrives({ kind: 'recalled', recallId: RECALL_ID });
  }

  /** The open ask is answered. */
  answers(change: Partial<PricedAnswer>): readonly string[] {
    return this.arrives({ kind: 'answered', askId: `${PREFIX}-a${this.state.asks.length}`, answer: answerWith(change) });
  }

  last<T extends LoopEvent['type']>(type: T): Extract<LoopEvent, { type: T }>['data'] {
    const found = this.events.findLast((event): event is Extract<LoopEvent, { type: T }> => event.type === type);
    if (found === undefined) throw new Error(`no ${type} was written`);
    return found.data as never;
  }
}
