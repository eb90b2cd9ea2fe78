export { openPorts, runtimeService } from './runtime.js';
export { RuntimeConfig } from './runtime.config.js';
export type { RuntimePorts } from './ports/runtime.ports.js';
export type { ModelAnswer, ModelPort, ModelRequest, ModelUsage } from './ports/model.port.js';
export { ajvArgsCheck } from './adapters/ajv.args-check.js';
export { rehearsalModel, REHEARSAL_MARK } from './adapters/rehearsal.model.js';
export { allTools } from './domain/tools.js';
export { ChildFailed, defineProgram, ProgramRegistry, StepFailed, type JsonValue, type Program, type ProgramContext, type ProgramId, type StepCall, type StepOptions } from './program/define-program.js';
