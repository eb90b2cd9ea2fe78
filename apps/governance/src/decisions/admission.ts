/**
 * Sets a run's envelope aside and says so on its hold, or says why not, or asks.
 *
 * I1 the reservation is on the ledger before the hold says so; a crash in between is finished by the redelivery
 * I2 the hold grants the reservation that is open, word for word; what was published since does not count
 * I3 a run whose hold was refused meanwhile keeps no reservation
 * I4 while the company is stopped nobody is admitted, whoever asks: it is looked at before money is set aside and again
 *    before the hold says so. A reservation that a stop finds made is kept, and granted once the stop is lifted
 */
import type { BudgetEvent, HoldEvent } from '@soloist/contracts';
import { Fault, isRejection, reject, type Rejection } from '@soloist/kernel';
import type { Work } from '@soloist/service';
import { LEDGER_KEY, reservationOf, reserveEnvelope } from '../domain/budget.js';
import { roomFor } from '../domain/budget-room.js';
import { dayOf } from '../domain/day-books.js';
import { askExtension, grantHold, refuseHold } from '../domain/hold.js';
import type { Envelope, Ledger } from '../domain/ledger.js';
import { holds, ledgers } from '../entities.js';
import type { GovernancePorts } from '../ports/governance-ports.js';
import { inTurn } from './ledger-turn.js';
import { settleLedger } from './settle-ledger.js';
import { haltOf } from './terms.js';

type Grant = Extract<HoldEvent, { type: 'governance.hold.granted' }>['data'];
type Asked = Extract<HoldEvent, { type: 'governance.hold.asked' }>['data'];
export type Reserve = (ledger: Ledger, envelope: Envelope, now: string) => readonly BudgetEvent[] | Rejection;
type Answer = { readonly kind: 'grant'; readonly grant: Grant } | { readonly kind: 'ask'; readonly asked: Asked } | { readonly kind: 'refuse'; readonly rejection: Rejection };

/** Short at first, so that a stop that is lifted soon is hardly felt; a message is given up after a thousand deliveries. */
const LOOK_AGAIN_MS = 2_000;
/** A lifted stop must be felt within a minute (G28), the way to the end of the run included. */
const LONGEST_MS = 20_000;

/**
 * @param reserve how the ledger decides: plainly, or with what the operator let the run go further by
 * @throws Fault transient while the company is stopped
 */
export async function admit(envelope: Envelope | Rejection, runId: string, work: Work<GovernancePorts>, reserve: Reserve = reserveEnvelope): Promise<void> {
  await unlessStopped(work, runId);
  const answer: Answer = isRejection(envelope) ? { kind: 'refuse', rejection: envelope } : await ledgersAnswer(envelope, work, reserve);
  if (answer.kind === 'grant') await unlessStopped(work, runId);
  const outcome = await work.commit(holds, runId, answer.kind, (hold) => {
    if (answer.kind === 'grant') return grantHold(hold, answer.grant);
    if (answer.kind === 'ask') return askExtension(hold, answer.asked);
    return refuseHold(hold, runId, answer.rejection.code, answer.rejection.because);
  });
  if (outcome.state.state === 'refused') await settleLedger(work, runId, 0);
}

async function unlessStopped(work: Work<GovernancePorts>, runId: string): Promise<void> {
  if (!(await haltOf(work, runId)).isRaised) return;
  throw new Fault('transient', 'company.stopped', `The company is stopped; run ${runId} waits for its admission.`, { retryAfterMs: Math.min(LOOK_AGAIN_MS * work.deliveryCount, LONGEST_MS) });
}

async function ledgersAnswer(envelope: Envelope, work: Work<GovernancePorts>, reserve: Reserve): Promise<Answer> {
  const { runId, agent } = envelope;
  let day = '';
  const outcome = await inTurn(work.ports, () =>
    work.commit(ledgers, LEDGER_KEY, 'reserve', (state, now) => {
      day = dayOf(now);
      return reserve(state, envelope, now);
    }),
  );
  const { state: ledger } = outcome;
  if (outcome.kind === 'rejected') {
    const room = roomFor(ledger, envelope, day);
    if (room.kind === 'ask') return { kind: 'ask', asked: { runId, agent, lines: [...room.lines], currency: envelope.currency } };
    return { kind: 'refuse', rejection: outcome.rejection };
  }
  const reservation = reservationOf(ledger, runId);
  if (reservation === null || ledger.currency === null) {
    return { kind: 'refuse', rejection: reject('run.settled', `Run ${runId} was settled before it was admitted: it was cancelled. Send the request again.`) };
  }
  const { definitionVersion, policyVersion, micros: envelopeMicros, feature, workflow, client } = reservation;
  return { kind: 'grant', grant: { runId, agent: reservation.agent, definitionVersion, policyVersion, envelopeMicros, currency: ledger.currency, ...known({ feature, workflow, client }) } };
}

/** What a run is not booked under is left out, as it was before it could be. */
function known<Tags extends Readonly<Record<string, string | null>>>(tags: Tags): Partial<Tags> {
  return Object.fromEntries(Object.entries(tags).filter(([, tag]) => tag !== null)) as Partial<Tags>;
}
