export { startBroker, type TestBroker, type TestBrokerOptions } from './broker.js';
export { freePort } from './free-port.js';
export { startPostgres, type TestPostgres } from './postgres.js';
export { Agenda, FaultCounts, Machine, never, Random, wired, withVirtualTimers, type Fate, type Owner, type WireFaults } from './simulation/index.js';
export {
  checkHistory,
  Link,
  Luck,
  MailCounterpart,
  MICROS_PER_MILLION,
  ModelCounterpart,
  powerCuts,
  projectionsEqual,
  standingOf,
  type Accepted,
  type Acknowledged,
  type Charge,
  type Copies,
  type Delivered,
  type FrameKind,
  type History,
  type LinkState,
  type MailFate,
  type ModelFate,
  type OpenGate,
  type PowerCutOptions,
  type PowerCutReport,
  type PublishFrame,
  type Standing,
  type TableSum,
  type Violation,
  type ViolationKind,
} from './chaos/index.js';
