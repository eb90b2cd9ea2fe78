import fc from 'fast-check';
import { canonicalJson } from '@soloist/kernel';
import { fold } from '@soloist/service';
import { describe, expect, it } from 'vitest';
import { brief, callOf, CEILING, claim, definition, mailArgs, meansWith, PREFIX, rateFact, RECALL_ID, Told } from '../runtime.fixture.js';
import { loopEntity } from '../entities.js';
import type { Arrival } from './arrival.js';
import { nextMove } from './next-move.js';
import { planStep } from './plan.js';
import { buildPrompt } from './prompt.js';
import { FULL_BUDGETS } from './prompt-budget.js';
import { spentMicros } from './spend.js';
import { utf8Bytes } from './text-size.js';

const word = fc.string({ unit: 'binary', maxLength: 12 });
const toolCall = fc.oneof(
  fc.constant(callOf('mail.send', mailArgs)),
  fc.record({ to: fc.array(word, { maxLength: 2 }), subject: word, text: word }).map((args) => callOf('mail.send', { ...args, inReplyTo: null })),
  word.map((name) => callOf(name.toWellFormed(), { name: name.toWellFormed() })),
);
/** What may happen next, right or wrong, in any order. */
const happening = fc.oneof(
  fc.constant({ kind: 'recalled' as const, recallId: RECALL_ID }),
  fc.record({ kind: fc.constant('answer' as const), text: word, toolCalls: fc.array(toolCall, { maxLength: 3 }), costMicros: fc.nat(CEILING), which: fc.nat(2) }),
  fc.record({ kind: fc.constant('observed' as const), which: fc.integer({ min: 1, max: 6 }), outcome: fc.constantFrom('succeeded' as const, 'failed' as const, 'refused' as const, 'unknown' as const) }),
  fc.record({ kind: fc.constant('takeover' as const), which: fc.nat(2) }),
  fc.record({ kind: fc.constant('faulted' as const), which: fc.nat(2), fault: fc.constantFrom('transient' as const, 'invalid' as const) }),
);
type Happening = typeof happening extends fc.Arbitrary<infer H> ? H : never;

function arrivalOf(told: Told, one: Happening): Arrival {
  const askId = `${PREFIX}-a${told.state.asks.length - ('which' in one && one.kind !== 'observed' ? one.which : 0)}`;
  switch (one.kind) {
    case 'recalled':
      return one;
    case 'answer': {
      const { text, toolCalls, costMicros } = one;
      const answer = { model: 'm', rehearsal: false, text: text.toWellFormed(), toolCalls, finishReason: 'stop', inputTokens: 1, outputTokens: 1, costMicros };
      return { kind: 'answered', askId, answer };
    }
    case 'observed':
      return { kind: 'observed', effectId: `${PREFIX}-e${one.which}`, observation: { outcome: one.outcome, detail: {} } };
    case 'takeover':
      return { kind: 'takeover', askId };
    case 'faulted':
      return { kind: 'faulted', askId, fault: { kind: one.fault, code: 'x', because: 'y' } };
  }
}

describe('the loop, whatever happens', () => {
  it('[G14] decides the same on the same prefix, down to the bytes of the prompt; [G10] epochs only grow; money stays inside', () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 25 }), (happenings) => {
        const told = new Told(meansWith(), brief, { ...claim, envelopeMicros: 7 * CEILING });
        for (const one of happenings) {
          const arrival = arrivalOf(told, one);
          const replayed = fold(loopEntity, JSON.parse(JSON.stringify(told.events)) as typeof told.events);
          const first = planStep(told.state, brief, arrival, meansWith());
          const second = planStep(replayed, structuredClone(brief), arrival, meansWith());
          expect(canonicalJson(second)).toBe(canonicalJson(first));
          told.arrives(arrival);
          const { state } = told;
          expect(canonicalJson(nextMove(state, brief, told.means.checkArgs))).toBe(canonicalJson(nextMove(fold(loopEntity, told.events), brief, told.means.checkArgs)));
          expect(spentMicros(state)).toBeLessThanOrEqual(7 * CEILING);
          // At rest a run waits for something or has ended.
          expect(state.finished !== null || state.waiting !== null || state.asks.at(-1)?.standing === 'open').toBe(true);
        }
        const epochs = told.events.flatMap((event) => ('epoch' in event.data ? [event.data.epoch] : []));
        expect(epochs).toEqual([...epochs].sort((left, right) => left - right));
        const requested = told.events.filter((event) => event.type === 'runtime.loop.effect-requested').map((event) => event.data.effectId);
        expect(new Set(requested).size).toBe(requested.length);
      }),
      { numRuns: 300 },
    );
  });
});

const LINE_ENDS = ['\n', '\r', '\u000b', '\u000c', '\u0085', '\u2028', '\u2029'];

describe('the prompt', () => {
  const text = fc.string({ unit: fc.constantFrom('a', ' ', '\n', '|', 'ä', '漢', '𝄞', '"', '\\', '\r'), maxLength: 400 });
  it('[B3] never exceeds the window, and its report of what was left out is exact', () => {
    const facts = fc.array(text, { maxLength: 40 });
    const session = fc.array(text, { maxLength: 30 });
    fc.assert(
      fc.property(facts, session, text, fc.nat(60), fc.integer({ min: 5_000, max: 140_000 }), (factTexts, turns, mail, repeat, windowTokens) => {
        const whole = mail.repeat(repeat);
        const told = new Told(meansWith(), {
          ...brief,
          input: { ...brief.input, text: whole },
          recall: { recallId: RECALL_ID, facts: factTexts.map((one, n) => ({ ...rateFact, factId: `f${n}`, text: one })), session: turns.map((one) => ({ role: 'sender', text: one })) },
        });
        const prompt = buildPrompt(told.state, told.brief_, windowTokens);
        if (prompt === null) return;
        expect(prompt.tokenBound + definition.model.maxOutputTokens).toBeLessThanOrEqual(windowTokens);
        const said = prompt.messages.map((message) => message.content).join('\n');
        const keptFacts = [...said.matchAll(/^\[fact f(\d+) /gm)].map((match) => Number(match[1]));
        expect(keptFacts).toEqual(Array.from({ length: factTexts.length - prompt.leftOut.facts }, (_, n) => n));
        expect([...said.matchAll(/^\[sender\]$/gm)].length).toBe(turns.length - prompt.leftOut.sessionTurns);
        expect(prompt.leftOut.inputBytes).toBe(Math.max(0, prompt.leftOut.inputBytes));
        if (windowTokens === 140_000) expect(prompt.leftOut.inputBytes).toBe(Math.max(0, utf8Bytes(whole) - FULL_BUDGETS.input));
        if (prompt.leftOut.facts > 0) expect(said).toContain(`${prompt.leftOut.facts} lower-ranked fact`);
      }),
      { numRuns: 200 },
    );
  });

  it('[R7] text from outside cannot end its own quotation', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.string({ unit: fc.constantFrom('x', '|', ...LINE_ENDS), maxLength: 40 })), (wild) => {
        const told = new Told(meansWith(), { ...brief, input: { ...brief.input, text: wild, subject: wild, from: { name: wild, address: wild }, messageId: wild } });
        const block = buildPrompt(told.state, told.brief_, 128_000)?.messages.at(-1)?.content.split(/[\n\r\u000b\u000c\u0085\u2028\u2029]/) ?? [];
        expect(block.slice(1).every((line) => line === '|' || line.startsWith('| '))).toBe(true);
      }),
    );
  });
});
