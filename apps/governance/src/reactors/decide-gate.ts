/**
 * The operator decides about a gate.
 *
 * I1 a wish that is not whole, or whose parts contradict each other, is a dead letter and decides nothing
 * I2 an approval is held against the world as it is now: a company stop, erased arguments, an outcome known by now
 * I3 an edit is judged here, at the moment of the decision, by the same rules and facts as a request of an agent
 * I4 an approval of a message makes its recipients known, after the decision is on record; a redelivery makes up for a crash
 */
import { DecideGate, type EffectEvent } from '@soloist/contracts';
import { isErased } from '@soloist/eventlog';
import { Fault, reject, type Rejection } from '@soloist/kernel';
import type { CommandReactor, Work } from '@soloist/service';
import { gateWishOf } from '../decisions/gate-wish.js';
import { actionDigest, sealWith, termsOf, type FullTerms } from '../decisions/terms.js';
import { approveContact, knownRecipients } from '../domain/contact.js';
import { judgeEdit, type JudgedEdit } from '../domain/gate-edit.js';
import type { Card, GateState } from '../domain/gate-state.js';
import { decideGate as decide } from '../domain/gate.js';
import { judge } from '../domain/policy.js';
import { contacts, gates } from '../entities.js';
import { liveFacts } from '../policies/live-facts.js';
import { POLICIES } from '../policies/policies.js';
import { recipientsIn } from '../policies/provenance/arguments.js';
import type { GovernancePorts } from '../ports/governance-ports.js';

export const decideGate: CommandReactor<GovernancePorts> = {
  name: 'decide-gate',
  on: 'governance.gate.decide',
  react: async (command, work) => {
    const wish = gateWishOf(DecideGate, command);
    const { runId } = wish;
    const { state } = await work.load(gates, runId);
    const card = state.gates.get(wish.gateId)?.card ?? [...state.gates.values()][0]?.card;
    if (card === undefined) throw new Fault('invalid', 'gate.unknown', `Run ${runId} has no gates. List the open gates and decide one of them.`);
    const terms = await termsOf(work, runId, card.policyVersion);
    const hindrance = wish.decision === 'approve' ? await hindranceOf(card, terms, runId, work) : null;
    const seal = sealWith(work.ports.signer);
    const edit = wish.edit === undefined ? null : await editJudgeOf(card, wish, state, terms, work);
    await work.commit(
      gates,
      runId,
      `decide:${wish.gateId}`,
      (current, now) => decide(current, command.id, wish, terms, hindrance, now, seal, edit),
      { policy: terms.policyVersion, actor: wish.by },
    );
    await rememberRecipients(wish.gateId, runId, work);
  },
};

async function rememberRecipients(gateId: string, runId: string, work: Work<GovernancePorts>): Promise<void> {
  const record = (await work.load(gates, runId)).state.gates.get(gateId);
  if (record === undefined || record.standing !== 'approved' || isErased(record.card.args)) return;
  const { action, dataSubject } = record.card;
  const args = record.edit?.args ?? record.card.args;
  if (isErased(args)) return;
  await work.commit(contacts, dataSubject, `approve:${gateId}`, (state) => approveContact(state, gateId, action, recipientsIn(args), dataSubject));
}

/** What is known is what the run's first judgement saw, so that an edit is judged as the request was. */
async function editJudgeOf(card: Card, { edit, decision }: DecideGate, state: GateState, { document }: FullTerms, work: Work<GovernancePorts>): Promise<(card: Card, now: string) => JudgedEdit | Rejection> {
  const { state: contact } = await work.load(contacts, card.dataSubject);
  const seen = [...state.judged.values()][0]?.approvals ?? contact.approvals.length;
  const known = knownRecipients(contact, seen);
  return (current, at) => {
    if (edit === undefined) return reject('gate.edit-invalid', 'There is no edit.');
    const { action, effectClass, effectId, epoch } = current;
    const trust = state.judged.get(effectId)?.trust ?? 'unknown';
    return judgeEdit(current, edit, decision, (args) => {
      const digest = actionDigest(action, args);
      const risk = liveFacts({ action, args, effectClass, trust }, { known, quietHours: document.quietHours, at });
      const verdict = judge(POLICIES, { action, effectClass, trust, digest, epoch }, { allowedActions: [action], digest, epoch, risk }, document);
      return { digest, verdict, facts: risk };
    });
  };
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
