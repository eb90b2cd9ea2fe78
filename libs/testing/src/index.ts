export { startBroker, type TestBroker, type TestBrokerOptions } from './broker.js';
