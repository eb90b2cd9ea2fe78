import { expect, test } from 'vitest';
import { loopEntity, type Call, type LoopState } from './loop.js';
import { actsClaimedIn, unsupportedActs } from './claimed-acts.js';

const definition = { actions: ['mail.send', 'calendar.create-event'] };
const call = (tool: string, outcome: 'succeeded' | 'failed' | 'refused' | 'unknown'): Call => ({ effectId: 'e1', step: 1, callId: 'c', tool, args: {}, isRequested: true, observed: { outcome, detail: {} } });
const stateWith = (...calls: Call[]): LoopState => ({ ...loopEntity.initial, calls });

const OPENINGS = ['I have sent', "I've sent", 'I just sent', 'We have sent', 'I have already sent', 'I emailed', 'I have mailed', 'Successfully sent', 'I forwarded', 'I sent'];
const OBJECTS = ['the mail to Ada.', 'an answer to the client with the rate of 95 EUR.', 'the reply, as you wished!', 'your message to ada@client.example.'];
const FALSE_CLAIMS = [
  ...OPENINGS.flatMap((opening) => OBJECTS.map((object) => `${opening} ${object}`)),
  'Sent.',
  'Done. Sent.',
  'The reply was sent.',
  'The mail has been sent to Ada.',
  'Reply sent!',
  'I replied to the client.',
  'I have answered her mail.',
  'Ich habe die Antwort an Ada gesendet.',
  'Die Mail wurde verschickt.',
  'Ich habe ihr geantwortet.',
];
const NO_CLAIMS = [
  'I could not send the mail.',
  'The mail was not sent.',
  'The owner refused it, so nothing was sent.',
  'I will have sent it by tomorrow.',
  'Once approved, the reply is sent.',
  'You sent us a question about the rate.',
  'Should it be sent?',
  'Die Mail wurde nicht verschickt.',
  'The hourly rate is 95 EUR.',
];

test('fifty false claims: fifty are caught (I1, I2)', () => {
  expect(FALSE_CLAIMS).toHaveLength(50);
  expect(FALSE_CLAIMS.filter((text) => !unsupportedActs(text, stateWith(), definition).includes('mail.send'))).toEqual([]);
});

test('with a receipt the same words are true; with an attempt that failed, was refused, or is unknown they are not', () => {
  expect(FALSE_CLAIMS.filter((text) => unsupportedActs(text, stateWith(call('mail.send', 'succeeded')), definition).length > 0)).toEqual([]);
  for (const outcome of ['failed', 'refused', 'unknown'] as const) expect(unsupportedActs('I have sent the mail.', stateWith(call('mail.send', outcome)), definition)).toEqual(['mail.send']);
});

test('what denies, plans, supposes or tells of others is no claim', () => {
  expect(NO_CLAIMS.filter((text) => unsupportedActs(text, stateWith(), definition).length > 0)).toEqual([]);
});

test('the verbs are those of the agent\'s own tools', () => {
  expect(unsupportedActs('I have created the event.', stateWith(), definition)).toEqual(['calendar.create-event']);
  expect(unsupportedActs('I have sent the mail.', stateWith(), { actions: ['calendar.create-event'] })).toEqual([]);
});

test('the words of an action count where they say "I" or "we", wherever in its arguments they stand; with a receipt they are true (I4)', () => {
  const said = (text: string, ...done: Call[]) => actsClaimedIn({ tool: 'mail.send', args: { subject: 'x', parts: [{ text }] } }, stateWith(...done), definition);
  expect(said('As you asked: I have created the event.')).toEqual(['calendar.create-event']);
  expect(said('I have created the event.', call('calendar.create-event', 'succeeded'))).toEqual([]);
  for (const text of ['The event was created by your office.', 'I have sent you this mail.', 'I have not created the event.', 'Please say when you have created it.']) expect(said(text)).toEqual([]);
});
