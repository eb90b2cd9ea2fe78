/** What governance refuses, and the codes of its verdicts. Printed in docs/reference/errors.md (npm run errors). */
import type { ErrorTable } from '@soloist/kernel';
import { BUDGET_ERRORS } from './budget-errors.js';

export const GOVERNANCE_ERRORS = {
  ...BUDGET_ERRORS,
  'authorization.not-on-record': {
    kind: 'invalid',
    meaning: 'A replay asked for a signature that was never given.',
    remedy: 'Look at the differences the replay prints.',
  },
  'company.stopped': {
    kind: 'transient',
    meaning: 'The company is stopped; the run waits for its admission.',
    remedy: 'Lift the stop: ./soloist resume.',
  },
  'run.not-requested': {
    kind: 'transient',
    meaning: 'The request of a run that asks for an extension was not read yet.',
    remedy: 'Nothing: it is read again.',
  },
  'run.settled': {
    kind: 'rejection',
    meaning: 'The run was cancelled and settled before it was admitted.',
    remedy: 'Send the request again if it is still wanted.',
  },
  'run.closed': {
    kind: 'outcome',
    meaning: 'The run was closed before it held a budget.',
    remedy: 'Nothing; send the request again if it is still wanted.',
  },
  'policy.not-adopted': {
    kind: 'transient',
    meaning: 'The company has no policy yet; governance adopts one when it starts.',
    remedy: 'Nothing: it is tried again.',
  },
  'policy.none': {
    kind: 'outcome',
    meaning: 'No policy is in force, so the effect was refused.',
    remedy: 'Check the catalog and start governance again.',
  },
  'policy.unknown-action': {
    kind: 'outcome',
    meaning: 'The policy does not name this action; what no line names is refused.',
    remedy: 'Add a line to the policy if the action should be possible.',
  },
  'policy.refused': {
    kind: 'outcome',
    meaning: 'A line of the policy refuses this action.',
    remedy: 'Change the policy if it should be possible.',
  },
  'policy.allowed': {
    kind: 'outcome',
    meaning: 'A line of the policy allows this action without a decision.',
    remedy: 'Nothing.',
  },
  'policy.gate': {
    kind: 'outcome',
    meaning: 'The policy wants a decision of the operator.',
    remedy: 'Decide: ./soloist gate list.',
  },
  'effect.digest-mismatch': {
    kind: 'outcome',
    meaning: 'The digest of a request is not that of its action and arguments. It was refused.',
    remedy: 'Report it: the runtime is broken or was tampered with.',
  },
  'effect.stale-epoch': {
    kind: 'outcome',
    meaning: 'The request comes from a worker that was replaced. It was refused.',
    remedy: 'Nothing: the new worker asks again.',
  },
  'effect.left-unknown': {
    kind: 'outcome',
    meaning: 'The operator left the outcome of an effect unknown; it is not tried again.',
    remedy: 'Nothing.',
  },
  'effect.settled': {
    kind: 'rejection',
    meaning: 'The outcome of the effect is known by now, so it is not sent again.',
    remedy: 'Reject the gate.',
  },
  'agent.action-not-listed': {
    kind: 'outcome',
    meaning: "The agent's definition does not list the action. It was refused.",
    remedy: 'Add it there if the agent should ask for it.',
  },
  'agent.not-published': {
    kind: 'transient',
    meaning: 'The agent is in the catalog and about to be published.',
    remedy: 'Nothing: it is tried again.',
  },
  'agent.version-unknown': {
    kind: 'rejection',
    meaning: 'An agent was to be pinned to a version that was never published; the message names those that were.',
    remedy: 'Pin one of those: ./soloist agent pin NAME VERSION.',
  },
  'agent.unknown': {
    kind: 'rejection',
    meaning: 'No agent has this name.',
    remedy: 'Add its definition to the catalog, or correct the routing rule that names it.',
  },
  'gate.unknown': {
    kind: 'invalid',
    meaning: 'A decision names a gate that does not exist.',
    remedy: 'List the open gates: ./soloist gate list.',
  },
  'gate.digest-mismatch': {
    kind: 'outcome',
    meaning: 'The decision was made about another action than the one at the gate. It was refused.',
    remedy: 'Look at the gate again: ./soloist gate show ID, and decide what it shows.',
  },
  'gate.expired': {
    kind: 'outcome',
    meaning: 'The gate was open until its end and closed without a decision. Nothing was sent.',
    remedy: 'Send the request again to be asked anew.',
  },
  'gate.rejected': {
    kind: 'outcome',
    meaning: 'The operator said no.',
    remedy: 'Nothing.',
  },
  'gate.closed': {
    kind: 'rejection',
    meaning: 'The gate is decided or over, so there is nothing to be reminded of.',
    remedy: 'Nothing. List what is open: ./soloist gate list.',
  },
  'gate.snooze-window': {
    kind: 'rejection',
    meaning: 'A gate can sleep until some moment before its end, and not longer.',
    remedy: 'Name an earlier moment, or decide the gate.',
  },
  'gate.bad-timer': {
    kind: 'invalid',
    meaning: 'A timer of a gate does not say which gate it is for.',
    remedy: 'Report it: nobody but governance arms these timers.',
  },
  'gate.edit-invalid': {
    kind: 'rejection',
    meaning: 'The changed arguments are not those that the action takes. Nothing was decided.',
    remedy: 'Correct the field that is named, then approve again.',
  },
  'gate.edit-digest-mismatch': {
    kind: 'rejection',
    meaning: 'The digest of an edit is not that of its arguments. Nothing was decided.',
    remedy: 'Compute it over the action and the changed arguments, or edit on the page of the gate.',
  },
  'gate.edit-changes-nothing': {
    kind: 'rejection',
    meaning: 'An edit left everything as it was. Nothing was decided.',
    remedy: 'Approve the action as it is.',
  },
  'gate.edit-forbidden': {
    kind: 'rejection',
    meaning: 'The policy refuses the action as it was changed. Nothing was decided.',
    remedy: 'Change it to something that the policy leaves to you, or reject the gate.',
  },
  'gate.edit-of-rejection': {
    kind: 'rejection',
    meaning: 'A rejection came with an edit. Nothing was decided.',
    remedy: 'Say one thing: approve the changed action, or reject the one that was asked for.',
  },
  'gate.edit-of-repeat': {
    kind: 'rejection',
    meaning: 'An effect that may have happened already was to be repeated with other arguments. Nothing was decided.',
    remedy: 'Approve the same once more, or reject to leave it as it is.',
  },
  'review.unknown': {
    kind: 'rejection',
    meaning: 'The effect was not put up for review.',
    remedy: 'Nothing.',
  },
  'company.halted': {
    kind: 'rejection',
    meaning: 'The company is stopped, so nothing can be approved.',
    remedy: 'Lift the stop, then decide again.',
  },
  'subject.erased': {
    kind: 'rejection',
    meaning: 'The person this action is about was erased; its arguments are gone.',
    remedy: 'Reject the gate.',
  },
  'mailing.empty': {
    kind: 'rejection',
    meaning: 'Neither reminders nor a digest were wanted.',
    remedy: 'Ask for one of them: ./soloist notify set ADDRESS --digest 08:00.',
  },
  'mailing.not-set': {
    kind: 'rejection',
    meaning: 'Nothing was mailed as it was.',
    remedy: 'Nothing is to be done.',
  },
  'webhook.unknown': {
    kind: 'rejection',
    meaning: 'A webhook was to be removed that is not there any more.',
    remedy: 'List them: ./soloist webhook list.',
  },
  'webhook.too-many': {
    kind: 'rejection',
    meaning: 'There are as many webhooks as there may be.',
    remedy: 'Remove one: ./soloist webhook remove ID.',
  },
  'command.invalid': {
    kind: 'invalid',
    meaning: 'A command breaks its contract.',
    remedy: 'Read the dead letter; the message names the field.',
  },
  'command.misaddressed': {
    kind: 'invalid',
    meaning: 'A command names another run or gate than it is addressed to.',
    remedy: 'Read the dead letter; report it if the API or the command line sent it.',
  },
} as const satisfies ErrorTable;
