export { startBroker, type TestBroker, type TestBrokerOptions } from './broker.js';
export { startPostgres, type TestPostgres } from './postgres.js';
