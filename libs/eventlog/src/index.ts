export type {
  Appended,
  CarriedCommit,
  Command,
  Commit,
  CommitDraft,
  CommitOutline,
  DeadLetter,
  Deliveries,
  Delivery,
  Due,
  EventLog,
  Fence,
  Head,
  KeyTable,
  LetterOutcome,
  LetterRecord,
  LogConnection,
  Peers,
  Position,
  Presence,
  Subscription,
  TimerDraft,
  WorkingMemory,
} from './event-log.port.js';
export { commitIdOf, derivedId, eventIdOf, sha256Hex } from './commit-id.js';
export { CarriedCommitShape } from './log/carried-commit.js';
export { ERASED, isErased } from './codec/sealing.js';
export { LOG_ERRORS, type LogErrorCode } from './errors.js';
export { connectLog, type ConnectLogOptions } from './jetstream/connect-log.js';
export { createMemoryKeyTable, type MemoryKeyTable } from './memory/memory-key-table.js';
export { createMemoryLog, type MemoryLog, type MemoryLogOptions } from './memory/memory-log.js';
export type { MemoryBroker, MemoryFaults } from './memory/memory-broker.js';
export type { Broker, BrokerSubscription, IncomingMessage, PublishAnswer } from './log/broker.port.js';
export type { OutgoingMessage, StoredMessage } from './codec/message.js';
export type { Party } from './memory/rights.js';
export type { Scheduler } from './memory/scheduler.js';
export { findBrokerBinary } from './broker/binary.js';
export { bootstrap, recordHeads, type BootstrapOptions, type BootstrapReport } from './broker/bootstrap.js';
export { brokerConf, type BrokerPorts, type ConfSettings } from './broker/conf.js';
export { connectAs } from './broker/connection.js';
export { openCredentials, readSeed, type Credentials } from './broker/credentials.js';
export { openKeyTable, type ErasableKeyTable } from './broker/key-table.js';
export { brokerManifest, BROKER_USERS, CORE, CORE_API, type BrokerManifest, type BrokerUser } from './broker/manifest.js';
export { consumersOf, REPLAY_CONSUMER, type ConsumerSettings } from './broker/consumers.js';
export { healthOf, type Health, type PortRange } from './broker/network.js';
export { roomAt, roomLine, roomOf, type Room } from './broker/room.js';
export { startBrokerServer, type BrokerServer, type BrokerServerOptions } from './broker/server.js';
export { OLDEST_BROKER, PREFERRED_BROKER, requireBrokerVersion, versionOfBinary } from './broker/version.js';
