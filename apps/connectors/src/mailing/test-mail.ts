/** The operator wants to know whether mail reaches him: one mail, once, and its outcome on record. */
import { OPERATOR_MAIL, TestMail } from '@soloist/contracts';
import { Fault } from '@soloist/kernel';
import type { CommandReactor } from '@soloist/service';
import { noteTest } from '../domain/posting.js';
import { postingEntity } from '../entities.js';
import type { ConnectorsPorts } from '../ports/connectors.ports.js';
import { messageIdOf } from '../webhooks/message.js';
import { lines, NO_ANSWERS } from './mail-form.js';
import { addressFor } from './mailing-now.js';

const MAIL = { subject: 'Soloist: a test', text: lines('This is a test: mails of the company reach you.', '', NO_ANSWERS) };

export const testMail: CommandReactor<ConnectorsPorts> = {
  name: 'test-mail',
  on: 'connectors.posting.test-mail',
  react: async (command, work) => {
    const wish = TestMail.safeParse(command.body);
    if (!wish.success || command.address.key !== OPERATOR_MAIL) throw new Fault('invalid', 'command.invalid', `command ${command.id} does not say what to try`);
    const to = await addressFor(null, work);
    if (to === null || work.ports.operatorMail === undefined) throw new Fault('invalid', 'mailing.not-set', 'There is no address to try.');
    const outcome = await work.ports.operatorMail.send(to, messageIdOf(OPERATOR_MAIL, command.id), MAIL);
    await work.commit(postingEntity, OPERATOR_MAIL, 'test', (state) => noteTest(state, OPERATOR_MAIL, command.id, outcome.kind === 'delivered' ? null : outcome.code), { actor: wish.data.by });
  },
};
