export { statementsIn, type Statement } from './domain/fact.js';
export { memoryService } from './memory.js';
export { memoryConfig, type MemoryConfig } from './memory.config.js';
export type { FactIndex, FactQuestion } from './ports/fact-index.port.js';
export type { FollowedLog } from './ports/followed-log.port.js';
export type { MemoryPorts } from './ports/memory-ports.js';
