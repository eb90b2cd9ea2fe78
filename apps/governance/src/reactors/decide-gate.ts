/**
 * The operator decides about a gate.
 *
 * I1 a wish that is not whole, or whose parts contradict each other, is a dead letter and decides nothing
 * I2 an approval is held against the world as it is now: a company stop, erased arguments, an outcome known by now
 * I3 an approval of a message makes its recipients known, after the decision is on record; a redelivery makes up for a crash
 */
import { DecideGate, type EffectEvent } from '@soloist/contracts';
import { isErased, type Command } from '@soloist/eventlog';
import { Fault, reject, type Rejection } from '@soloist/kernel';
import type { CommandReactor, Work } from '@soloist/service';
import { sealWith, termsOf, type FullTerms } from '../decisions/terms.js';
import type { Card } from '../domain/gate-state.js';
import { approveContact } from '../domain/contact.js';
import { decideGate as decide } from '../domain/gate.js';
import { contacts, gates } from '../entities.js';
import { recipientsIn } from '../policies/provenance/arguments.js';
import type { GovernancePorts } from '../ports/governance-ports.js';

export const decideGate: CommandReactor<GovernancePorts> = {
  name: 'decide-gate',
  on: 'governance.gate.decide',
  react: async (command, work) => {
    const wish = wishOf(command);
    const { runId } = wish;
    const { state } = await work.load(gates, runId);
    const card = state.gates.get(wish.gateId)?.card ?? [...state.gates.values()][0]?.card;
    if (card === undefined) throw new Fault('invalid', 'gate.unknown', `Run ${runId} has no gates. List the open gates and decide one of them.`);
    const terms = await termsOf(work, runId, card.policyVersion);
    const hindrance = wish.decision === 'approve' ? await hindranceOf(card, terms, runId, work) : null;
    const seal = sealWith(work.ports.signer);
    await work.commit(
      gates,
      runId,
      `decide:${wish.gateId}`,
      (current, now) => decide(current, command.id, wish, terms, hindrance, now, seal),
      { policy: terms.policyVersion, actor: wish.by },
    );
    await rememberRecipients(wish.gateId, runId, work);
  },
};

async function rememberRecipients(gateId: string, runId: string, work: Work<GovernancePorts>): Promise<void> {
  const record = (await work.load(gates, runId)).state.gates.get(gateId);
  if (record === undefined || record.standing !== 'approved' || isErased(record.card.args)) return;
  const { action, args, dataSubject } = record.card;
  await work.commit(contacts, dataSubject, `approve:${gateId}`, (state) => approveContact(state, gateId, action, recipientsIn(args), dataSubject));
}

/** @throws Fault invalid */
function wishOf(command: Command): DecideGate {
  const parsed = DecideGate.safeParse(command.body);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new Fault('invalid', 'command.invalid', `command ${command.id}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'breaks its contract'}`);
  }
  const { runId, gateId } = parsed.data;
  const { context, entity, key } = command.address;
  if (context !== 'governance' || entity !== 'gate' || key !== runId || !gateId.startsWith(`${runId}-g`)) {
    throw new Fault('invalid', 'command.misaddressed', `command ${command.id} names run ${runId} and gate ${gateId}, but is addressed to ${context}.${entity}.${key}`);
  }
  return parsed.data;
}

async function hindranceOf(card: Card, terms: FullTerms, runId: string, work: Work<GovernancePorts>): Promise<Rejection | null> {
  if (terms.halt.isRaised) return reject('company.halted', 'The company is stopped. Lift the stop, then decide again.');
  if (isErased(card.args)) return reject('subject.erased', 'The person this action is about was erased; its arguments are gone. Reject the gate.');
  if (card.kind === 'unknown-outcome' && !(await isStillUnknown(card, runId, work))) {
    return reject('effect.settled', 'The outcome of this effect is known by now, so it is not sent again. Reject the gate.');
  }
  return null;
}

/** Every commit of the effect entity ends in the table of all effects, so its head tells. */
async function isStillUnknown(card: Card, runId: string, work: Work<GovernancePorts>): Promise<boolean> {
  const head = await work.head({ context: 'connectors', entity: 'effect', key: runId });
  const lines = (head?.events as readonly EffectEvent[] | undefined)?.flatMap((event) => (event.type === 'connectors.effect.snapshotted' ? event.data.lines : []));
  const line = lines?.findLast((one) => one.effectId === card.effectId);
  return line?.generation === card.generation && line.state === 'unknown';
}
