/** What the runtime refuses, how runs end, and what fails between it and the model. Printed in docs/reference/errors.md (npm run errors). */
import type { ErrorTable } from '@soloist/kernel';

export const RUNTIME_ERRORS = {
  'effect.done-by-earlier-try': {
    kind: 'rejection',
    meaning: 'The last try of the effect failed, but an earlier one, whose outcome was unknown for a while, turned out to have succeeded.',
    remedy: 'Nothing: the effect counts as done.',
  },
  'run.not-cancelled': {
    kind: 'transient',
    meaning: 'The wish to end a run is not on record yet.',
    remedy: 'Nothing: it is looked for again.',
  },
  'run.cancelled': {
    kind: 'outcome',
    meaning: 'Somebody wanted the run to end. What it may have spent is charged, the rest of its envelope is free.',
    remedy: 'Send the request again if it is still wanted.',
  },
  'program.done': { kind: 'outcome', meaning: 'The program came to its end.', remedy: 'Nothing.' },
  'program.failed': { kind: 'outcome', meaning: 'The code of a program threw; the run says what.', remedy: 'Correct the program, register it under a new version, start a new run.' },
  'program.cancelled': { kind: 'outcome', meaning: 'Somebody wanted the run of a program to end.', remedy: 'Start a new run if it is still wanted.' },
  'step.failed': { kind: 'outcome', meaning: 'The last attempt of a step failed; the program was told.', remedy: 'Look at the reason in the run.' },
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
    meaning: 'The provider answered in a form that cannot be read. It is asked again.',
    remedy: 'Check that the server speaks chat completions if it lasts.',
  },
  'model.unrecordable': {
    kind: 'outcome',
    meaning: 'The model answered what no commit can hold; the run failed, and the call counts as paid.',
    remedy: 'Report it with the run id.',
  },
  'model.defect': {
    kind: 'invalid',
    meaning: 'The adapter of the model failed in a way nobody had in mind; the run failed, and the call counts as paid.',
    remedy: 'Report it with the run id.',
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
  'budget.calls-exhausted': {
    kind: 'rejection',
    meaning: 'The run has made as many model calls as it may.',
    remedy: "Raise the agent's budget.perRunCalls to let such runs go on.",
  },
  'budget.tokens-exhausted': {
    kind: 'rejection',
    meaning: 'The next model call may use more tokens than are left to the run.',
    remedy: "Raise the agent's budget.perRunTokens to let such runs go on.",
  },
  'loop.not-begun': {
    kind: ['rejection', 'transient', 'invalid'],
    meaning: 'The run that is to be paused, resumed or answered has not begun, or is a program.',
    remedy: 'Look at it: ./soloist run show ID.',
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
    kind: ['rejection', 'outcome', 'invalid'],
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
  'claim.unsupported': {
    kind: 'outcome',
    meaning: 'The words of an action said that another act was done, and the run had no receipt for it.',
    remedy: 'Nothing where the model did it first or said otherwise; else look at the run.',
  },
  'program.let-go': {
    kind: 'transient',
    meaning: 'A run of a program was suspended in between.',
    remedy: 'Nothing: it is looked at again.',
  },
  'program.unknown': {
    kind: 'transient',
    meaning: 'This worker has no program of that name and version; the run waits.',
    remedy: 'Register the program, or start a worker that has it.',
  },
  'program.no-such-run': {
    kind: 'invalid',
    meaning: 'A command is about a run of a program that was never started.',
    remedy: 'Start the run, then send the command again.',
  },
  'program.not-yet': {
    kind: 'transient',
    meaning: 'Nothing on record asks for this yet.',
    remedy: 'Nothing: it is looked at again.',
  },
  'program.bad-wake-up': {
    kind: 'invalid',
    meaning: 'A timer of a program asks for a look that nobody knows.',
    remedy: 'Report it: this is a defect, or a timer of another release.',
  },
  'program.diverged': {
    kind: 'outcome',
    meaning: 'The program did other things than its record says: its code was changed under a running run.',
    remedy: 'Give changed code a new version; start the run again.',
  },
  'program.continued-early': {
    kind: 'outcome',
    meaning: 'The program continued as new while steps of it were running.',
    remedy: 'Let the program wait for its steps first.',
  },
  'program.bad-input': {
    kind: 'outcome',
    meaning: "The run was started with an input that the program's own schema refuses; its code was not called.",
    remedy: 'Read the fields in the reason of the run; start a new run with another input.',
  },
  'program.awaits-outside': {
    kind: 'outcome',
    meaning: 'The program waits for something that is no call of its context.',
    remedy: 'Put what it waits for into a step.',
  },
  'step.kills-worker': {
    kind: 'outcome',
    meaning: 'A step ended its worker again and again and is not tried any more.',
    remedy: 'Look at what the step does; correct it and start the run again.',
  },
  'command.bad-body': {
    kind: 'invalid',
    meaning: 'A command breaks its contract.',
    remedy: 'Read the dead letter; the message names the field.',
  },
  'run.done': {
    kind: 'outcome',
    meaning: 'The run came to its end.',
    remedy: 'Nothing.',
  },
} as const satisfies ErrorTable;
