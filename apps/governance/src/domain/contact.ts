/**
 * Whom the operator has let messages go to before, in the matter of one person.
 *
 * I1 only an approval of the operator makes a recipient known; nothing that comes in from outside does
 * I2 one gate counts once
 * I3 a run sees the approvals there were when its first effect was judged, so that replaying it sees the same
 */
import type { ContactEvent } from '@soloist/contracts';

export interface Contacts {
  /** Oldest first; recipients in lower case. */
  readonly approvals: readonly { readonly gateId: string; readonly recipients: readonly string[] }[];
}

export const noContacts: Contacts = { approvals: [] };

export function evolveContacts(state: Contacts, event: ContactEvent): Contacts {
  const { gateId, recipients } = event.data;
  // Once the person is erased, what was sealed reads as a mark in place of the list.
  const known = Array.isArray(recipients) ? recipients.map((recipient) => recipient.trim().toLowerCase()) : [];
  return { approvals: [...state.approvals, { gateId, recipients: known }] };
}

export function approveContact(state: Contacts, gateId: string, action: string, recipients: readonly string[], dataSubject: string): readonly ContactEvent[] {
  if (state.approvals.some((approval) => approval.gateId === gateId) || recipients.length === 0) return [];
  return [{ type: 'governance.contact.approved', data: { gateId, action, recipients: [...recipients], dataSubject } }];
}

/** @param approvals how many of the oldest count */
export function knownRecipients(state: Contacts, approvals: number): ReadonlySet<string> {
  return new Set(state.approvals.slice(0, approvals).flatMap(({ recipients }) => recipients));
}
