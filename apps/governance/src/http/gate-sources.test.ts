import type { AnyEvent } from '@soloist/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { receiptsIn, sentencesOf } from './gate-sources.js';

const only = (text: string, sources: readonly string[] = [], receipts: readonly string[] = []) => sentencesOf(text, sources, receipts)[0];

describe('the sentences of a draft', () => {
  it('put together are the text, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.array(fc.string(), { maxLength: 3 }), (text, sources) => {
        expect(sentencesOf(text, sources, []).map((sentence) => sentence.text).join('')).toBe(text);
      }),
    );
  });

  it('rest on the source that holds their figures and most of their words', () => {
    expect(only('The hourly rate is 95 EUR.', ['We agreed on an hourly rate of 95 EUR.'])).toMatchObject({ sources: [1], isUnsupported: false });
    expect(only('The hourly rate is 99 EUR.', ['We agreed on an hourly rate of 95 EUR.'])).toMatchObject({ sources: [], isUnsupported: true });
  });

  it('that say something was done are marked, unless a source says it or the run has a receipt', () => {
    for (const claim of ['I have refunded your payment.', 'Your subscription was cancelled.', 'Wir haben den Betrag überwiesen.', 'Booked.']) expect(only(claim), claim).toMatchObject({ isWithoutReceipt: true });
    for (const plain of ['I will refund your payment.', 'Your payment was not refunded.', 'Shall it be cancelled?', 'Thank you for your message.']) expect(only(plain), plain).toMatchObject({ isWithoutReceipt: false });
    expect(only('Your subscription was cancelled in March.', ['The subscription was cancelled in March.'])).toMatchObject({ sources: [1], isWithoutReceipt: false });
    expect(only('I have cancelled the meeting.', [], ['calendar.cancel-event'])).toMatchObject({ isWithoutReceipt: true });
    expect(only('I have forwarded your message.', [], ['mail.send'])).toMatchObject({ isWithoutReceipt: false });
  });
});

it('a receipt is an effect whose success the run has seen', () => {
  const asked = (effectId: string, action: string) => ({ type: 'runtime.loop.effect-requested', data: { effectId, action } });
  const seen = (effectId: string, outcome: string) => ({ type: 'runtime.loop.effect-observed', data: { effectId, outcome } });
  const events = [asked('e1', 'mail.send'), seen('e1', 'succeeded'), asked('e2', 'invoice.pay'), seen('e2', 'unknown'), asked('e3', 'a.b')] as unknown as readonly AnyEvent[];
  expect(receiptsIn(events)).toEqual(['mail.send']);
});
