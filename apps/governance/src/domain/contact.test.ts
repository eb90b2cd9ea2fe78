import type { ContactEvent } from '@soloist/contracts';
import { expect, test } from 'vitest';
import { approveContact, evolveContacts, knownRecipients, noContacts } from './contact.js';

test('I1 I2 I3 an approval makes its recipients known, in any capitals, and counts once', () => {
  const events = approveContact(noContacts, 'g1', 'mail.send', ['Bob@Acme.example'], 's');
  const state = events.reduce(evolveContacts, noContacts);
  expect([...knownRecipients(state, 1)]).toEqual(['bob@acme.example']);
  expect([...knownRecipients(state, 0)]).toEqual([]);
  expect(approveContact(state, 'g1', 'mail.send', ['eve@x.invalid'], 's')).toEqual([]);
  expect(approveContact(state, 'g2', 'note.save', [], 's')).toEqual([]);
});

test('[R7] an erased person leaves no known recipients', () => {
  const erased = { type: 'governance.contact.approved', data: { gateId: 'g1', action: 'mail.send', recipients: { erased: true }, dataSubject: 's' } } as unknown as ContactEvent;
  expect([...knownRecipients(evolveContacts(noContacts, erased), 1)]).toEqual([]);
});
