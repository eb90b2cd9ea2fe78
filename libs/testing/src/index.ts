export { startBroker, type TestBroker, type TestBrokerOptions } from './broker.js';
export { startPostgres, type TestPostgres } from './postgres.js';
export { Agenda, Machine, never, Random, wired, withVirtualTimers, type Fate, type Owner, type WireCounts, type WireFaults } from './simulation/index.js';
