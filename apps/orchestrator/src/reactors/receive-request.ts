/** What came in becomes a request and gets its place, in one commit. */
import type { IntakeEvent } from '@soloist/contracts';
import { isErased } from '@soloist/eventlog';
import { reactor } from '@soloist/service';
import { receive } from '../domain/request.js';
import { place, UNREADABLE, type Placement, type Rulebook } from '../domain/routing.js';
import { requestEntity } from '../entities.js';
import type { OrchestratorPorts } from '../ports/rulebook.port.js';

type Input = Extract<IntakeEvent, { type: 'connectors.intake.input-received' }>['data'];

export const receiveRequest = reactor<OrchestratorPorts, IntakeEvent, 'connectors.intake.input-received'>({
  name: 'receive-request',
  on: ['connectors.intake.input-received'],
  react: async ({ event }, work) => {
    const { inputId, source, dataSubject } = event.data;
    const placement = placeInput(work.ports.rulebook, event.data);
    await work.commit(requestEntity, inputId, 'receive', (state) => receive(state, { inputId, source, dataSubject }, placement));
  },
});

function placeInput(rulebook: Rulebook, input: Input): Placement {
  if ([input.from, input.to, input.subject, input.text].some(isErased)) return UNREADABLE;
  return place(rulebook, {
    from: input.from.address,
    to: input.to.map((recipient) => recipient.address),
    subject: input.subject,
    text: input.text,
  });
}
