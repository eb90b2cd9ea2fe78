import { Fault } from '@soloist/kernel';
import type { Sighting } from '../../ports/connector.port.js';
import type { Maildir } from './maildir.js';

/** In the sandbox everything sent ends in the same boxes, so a mail that arrived can be seen. */
export function lookInSandbox(maildir: Maildir): (messageId: string) => Promise<Sighting> {
  return async (messageId) => {
    try {
      const deliveries = await maildir.find(messageId);
      const [first] = deliveries;
      if (first === undefined) return { kind: 'not-found', hint: `No mail with Message-ID ${messageId} lies in the sandbox's boxes; one may still be on its way.` };
      return { kind: 'found', receipt: { messageId, box: first.box, file: first.file, storedAt: first.storedAt, deliveries: deliveries.length } };
    } catch (error) {
      throw new Fault('transient', 'mail.cannot-look', 'The boxes cannot be read at the moment.', { cause: error });
    }
  };
}

/** A foreign mail server shows nobody what it has taken. */
export async function lookNowhere(messageId: string): Promise<Sighting> {
  return { kind: 'cannot-tell', hint: `Search the sent mail, or ask the recipient, for Message-ID ${messageId}.` };
}
