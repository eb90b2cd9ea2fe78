/** What the runtime refuses, how runs end, and what fails between it and the model. Printed in docs/reference/errors.md (npm run errors). */
import type { ErrorTable } from '@soloist/kernel';

export const RUNTIME_ERRORS = {
  'model.timeout': {
    kind: 'transient',
    meaning: 'The model did not answer in time. It is asked again.',
    remedy: 'Wait; check the state of the provider if it lasts.',
  },
  'model.unreachable': {
    kind: 'transient',
    meaning: 'The provider of the model cannot be reached. It is asked again.',
    remedy: 'Check the network and OPENAI_BASE_URL.',
  },
  'model.answer-cut': {
    kind: 'transient',
    meaning: 'The answer broke off or is not JSON. The model is asked again.',
    remedy: 'Nothing; check the provider if it lasts.',
  },
  'model.bad-answer': {
    kind: 'transient',
    meaning: 'The provider answered without a choice.',
    remedy: 'Nothing; check the provider if it lasts.',
  },
  'model.unauthorized': {
    kind: 'unauthorized',
    meaning: 'The provider refuses the key.',
    remedy: 'Check OPENAI_API_KEY and what the key may do.',
  },
  'model.quota-exhausted': {
    kind: 'unauthorized',
    meaning: 'The credit at the provider is used up.',
    remedy: 'Add credit, or use another key.',
  },
  'model.no-key': {
    kind: 'unauthorized',
    meaning: 'There is no key for the model.',
    remedy: 'Set OPENAI_API_KEY, or use the alias rehearsal.',
  },
  'model.throttled': {
    kind: 'throttled',
    meaning: 'The provider asks for a pause. It is respected.',
    remedy: 'Wait; ask the provider for a higher limit if it lasts.',
  },
  'model.refused': {
    kind: 'invalid',
    meaning: 'The provider refuses the request for good.',
    remedy: 'Read what it said; correct the model or its settings in the definition of the agent.',
  },
  'model.failing': {
    kind: 'transient',
    meaning: 'The provider fails. It is asked again.',
    remedy: 'Wait; check the state of the provider if it lasts.',
  },
  'model.alias-unknown': {
    kind: 'outcome',
    meaning: 'No model has the alias that the agent names.',
    remedy: 'Name it in SOLOIST_MODEL_ALIASES, or correct model.alias of the agent.',
  },
  'model.empty-answer': {
    kind: 'outcome',
    meaning: 'The model answered nothing; the run failed.',
    remedy: "Send the request again; look at the agent's instructions if it lasts.",
  },
  'prompt.window-too-small': {
    kind: 'outcome',
    meaning: 'The prompt does not fit into the window of the model.',
    remedy: "Shorten the agent's instructions, or use a model with a larger window.",
  },
  'price.unknown': {
    kind: ['rejection', 'outcome'],
    meaning: 'Nobody knows what the model costs, so it is not asked.',
    remedy: 'Give its price in SOLOIST_MODEL_PRICES, or choose a model the price table knows.',
  },
  'price.currency': {
    kind: 'rejection',
    meaning: 'Envelope and prices are in different currencies.',
    remedy: "Set the agent's budget.currency to that of the prices.",
  },
  'budget.envelope-exhausted': {
    kind: 'rejection',
    meaning: 'The next model call may cost more than is left of the envelope.',
    remedy: "Raise the agent's budget.perRunMicros to let such runs go on.",
  },
  'loop.held-elsewhere': {
    kind: 'transient',
    meaning: 'Another worker works on the run.',
    remedy: 'Nothing: the delivery comes again.',
  },
  'loop.read-behind': {
    kind: 'transient',
    meaning: 'The run was read without what the delivery follows from.',
    remedy: 'Nothing: it is read again.',
  },
  'definition.unknown': {
    kind: 'rejection',
    meaning: 'The version of the agent that the run is pinned to is not on the log.',
    remedy: 'Publish the definition and send the request again.',
  },
  'input.missing': {
    kind: 'rejection',
    meaning: 'The input of the run is not on the log.',
    remedy: 'Run ./soloist log verify: the log was cut.',
  },
  'subject.erased': {
    kind: 'rejection',
    meaning: 'The person this run is about was erased; nothing more is done with their data.',
    remedy: 'Nothing.',
  },
  'limit.max-steps': {
    kind: 'outcome',
    meaning: 'The run used all its steps without coming to an end.',
    remedy: "Raise the agent's limits.maxSteps, or make its task smaller.",
  },
  'limit.repeated-call': {
    kind: 'outcome',
    meaning: 'The model made the same call too often; it was not carried out again.',
    remedy: "Look at the run and at the agent's instructions.",
  },
  'args.invalid': {
    kind: 'outcome',
    meaning: 'The model gave wrong arguments.',
    remedy: 'Nothing where it corrected itself; otherwise describe the action better in the instructions.',
  },
  'action.not-allowed': {
    kind: 'outcome',
    meaning: 'The model wanted an action that the agent may not use.',
    remedy: "Add it to the agent's actions if it should.",
  },
  'run.done': {
    kind: 'outcome',
    meaning: 'The run came to its end.',
    remedy: 'Nothing.',
  },
} as const satisfies ErrorTable;
