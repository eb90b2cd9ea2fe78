/** Operational log lines on standard error: text for people, JSON with `SOLOIST_LOG=json`. Never personal data, never secrets. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface Logger {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

const ORDER: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

export function createLogger(name: string, write: (line: string) => void = (line) => process.stderr.write(line)): Logger {
  const least = ORDER.indexOf((process.env['SOLOIST_LOG_LEVEL'] ?? 'info') as LogLevel);
  const json = process.env['SOLOIST_LOG'] === 'json';
  const at = (level: LogLevel) => (message: string, fields: Readonly<Record<string, unknown>> = {}) => {
    if (ORDER.indexOf(level) < least) return;
    write(json ? jsonLine(level, name, message, fields) : textLine(level, name, message, fields));
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

export const silentLogger: Logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

function jsonLine(level: LogLevel, name: string, message: string, fields: Readonly<Record<string, unknown>>): string {
  return `${JSON.stringify({ at: new Date().toISOString(), level, name, message, ...fields })}\n`;
}

function textLine(level: LogLevel, name: string, message: string, fields: Readonly<Record<string, unknown>>): string {
  const tail = Object.entries(fields).map(([key, value]) => ` ${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return `${level.padEnd(5)} ${name.padEnd(12)} ${message}${tail.join('')}\n`;
}
