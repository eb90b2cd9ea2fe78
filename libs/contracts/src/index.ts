export { ACCESS, consumerName, type Access, type ConsumerPurpose } from './access.js';
export { AgentDefinition } from './agent-definition.js';
export { entityContract, event, type AnyEvent, type EntityContract, type EventContract, type EventOf } from './event-contract.js';
export { ENTITIES, entitiesOf, EVENT_CONTRACTS, type AnyEntityContract } from './registry.js';
export { AgentName, BlobRef, DataSubject, Digest, Id, JsonObject, MailAddress, Timestamp, VersionHash } from './scalars.js';
export {
  ADVISORIES_STREAM,
  BLOB_CHUNK_BYTES,
  BLOB_THRESHOLD_BYTES,
  BLOBS_STREAM,
  blobSubject,
  bucketsOfStream,
  COMMANDS_STREAM,
  DEAD_STREAM,
  DEFAULT_STREAM_COUNT,
  DELIVERY,
  eventStreamName,
  haltKeyOfStream,
  MAX_COMMIT_BYTES,
  MAX_FILE_STORE_BYTES,
  STREAM_COUNTS,
  streamOfBucket,
  streamOfKey,
  streamSettings,
  timersStreamName,
  WORKING_STREAM,
  workingSubject,
  type StreamCount,
  type StreamSettings,
} from './streams.js';
export { CONTEXTS, episodeFilter, HUB, KINDS, parseSubject, subjectOf, type Address, type Context, type Kind, type ParsedSubject } from './subject.js';
export { arming, type ArmingEvent } from './connectors/arming.js';
export { effect, EffectLine, type EffectEvent } from './connectors/effect.js';
export { intake, type IntakeEvent } from './connectors/intake.js';
export { OPERATOR_MAIL, posting, TestMail, TestWebhook, type PostingEvent } from './connectors/posting.js';
export { budget, BUDGET_MEASURES, BUDGET_MODES, BUDGET_PERIODS, BUDGET_SCOPES, BudgetLineName, type BudgetEvent } from './governance/budget.js';
export { AnswerRun, PauseRun, ResumeRun } from './runtime/override-command.js';
export { CorrectBudget, DecideExtension, LimitBudget } from './governance/budget-command.js';
export { contact, type ContactEvent } from './governance/contact.js';
export { definition, type DefinitionEvent } from './governance/definition.js';
export { PinAgent, UnpinAgent } from './governance/definition-command.js';
export { Authorization, gate, GateKind, JudgedFacts, type GateEvent } from './governance/gate.js';
export { editProblem } from './governance/gate-arguments.js';
export { DecideGate, GateEdit, ReviewEffect, SnoozeGate } from './governance/gate-command.js';
export { halt, type HaltEvent } from './governance/halt.js';
export { ExtensionAsked, hold, type HoldEvent } from './governance/hold.js';
export {
  ASKED_LEVELS,
  DATA_CLASSES,
  policy,
  PolicyDocument,
  PolicyRule,
  SINK_ROLES,
  type Asked,
  type DataClass,
  type PolicyEvent,
  type RiskyWhen,
  type SafeWhen,
  type SinkRole,
} from './governance/policy.js';
export {
  MailDigest,
  DigestTime,
  mailing,
  MAILING_KEY,
  MOST_ASKS_NAMED,
  MOST_DAYS_KNOWN,
  MOST_GATES_FOLLOWED,
  MOST_GATES_NAMED,
  type MailingEvent,
} from './governance/mailing.js';
export { AdoptPolicy } from './governance/policy-command.js';
export { webhook, WEBHOOK_REACHES, WEBHOOK_TYPES, WebhookEndpoint, WEBHOOKS_KEY, type WebhookEvent, type WebhookType } from './governance/webhook.js';
export { fact, type FactEvent } from './memory/fact.js';
export { recall, RecalledFact, type RecallEvent } from './memory/recall.js';
export { request, Route, type RequestEvent } from './orchestrator/request.js';
export { run, type RunEvent } from './orchestrator/run.js';
export { CancelRun, EndCancelledRun } from './orchestrator/run-command.js';
export { loop, type LoopEvent } from './runtime/loop.js';
export { isProgramEvent, type ProgramEvent } from './runtime/program-event.js';
export { PriceSource, PromptMessage, ToolCall } from './runtime/prompt.js';
export { CallForm, ProgramName, ProgramOutcome, ProgramVersion, StepName, StepPath } from './runtime/program.js';
export { CancelProgram, DeliverEvent, StartProgram } from './runtime/program-command.js';
export { inputProblem, inputSchemaProblem } from './runtime/program-input.js';
export { program, PROGRAM_REGISTER_KEY, type ProgramRegisterEvent } from './runtime/program-register.js';
export { roster, type RosterEvent } from './runtime/roster.js';
