export { Agenda, type Owner } from './agenda.js';
export { Machine, never, type Fate } from './machine.js';
export { Random } from './random.js';
export { withVirtualTimers } from './timers.js';
export { FaultCounts, wired, type WireFaults } from './wire.js';
