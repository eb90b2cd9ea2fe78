export { createLogger, silentLogger, type Logger, type LogLevel } from './logger.js';
export { startTelemetry } from './sdk.js';
export { inSpan } from './tracing.js';
