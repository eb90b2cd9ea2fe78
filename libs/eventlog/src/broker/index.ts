/** The broker's set-up: `@soloist/eventlog/broker`. Services need none of it; hosts, tests and the CLI do. */
export { findBrokerBinary } from './binary.js';
export { bootstrap, recordHeads, type BootstrapOptions, type BootstrapReport } from './bootstrap.js';
export { brokerConf, type BrokerPorts, type ConfSettings } from './conf.js';
export { connectAs } from './connection.js';
export { consumersOf, REPLAY_CONSUMER, type ConsumerSettings } from './consumers.js';
export { openCredentials, readSeed, type Credentials } from './credentials.js';
export { DEFAULT_PORT_RANGE, openBroker, startBroker, type BrokerSettings, type RunningBroker } from './embedded-broker.js';
export { openKeyTable, type ErasableKeyTable } from './key-table.js';
export { BROKER_USERS, brokerManifest, CORE, CORE_API, type BrokerManifest, type BrokerUser } from './manifest.js';
export { forgetStates } from './frozen-broker.js';
export { cannotWrite, healthOf, type Health, type PortRange } from './network.js';
export { roomAt, roomLine, roomOf, type Room } from './room.js';
export { startBrokerServer, type BrokerServer, type BrokerServerOptions } from './server.js';
export { OLDEST_BROKER, PREFERRED_BROKER, requireBrokerVersion, versionOfBinary } from './version.js';
