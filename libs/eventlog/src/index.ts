export { commitIdOf, derivedId, sha256Hex } from './commit-id.js';
export type {
  Appended,
  Command,
  Commit,
  CommitDraft,
  DeadLetter,
  Deliveries,
  Delivery,
  EventLog,
  Fence,
  Head,
  KeyTable,
  LogConnection,
  Position,
  Subscription,
  WorkingMemory,
} from './event-log.port.js';
