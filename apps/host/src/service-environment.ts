/** What the host adds to its own environment for the services; everything else passes through. */
import type { Bus } from './parts/bus.js';
import type { Database } from './parts/database.js';
import type { HostPaths } from './paths.js';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Addresses {
  readonly host: string;
  readonly httpPort: number;
  readonly smtpPort: number;
}

/** One US dollar a day, until the operator says otherwise. */
const COMPANY_DAY_LIMIT_MICROS = '1000000';

/** What the company may spend a day, as it is handed to governance. */
export function companyDayLimitMicros(environment: Environment): string {
  const wanted = environment['SOLOIST_COMPANY_DAY_LIMIT_MICROS'] ?? '';
  return wanted === '' ? COMPANY_DAY_LIMIT_MICROS : wanted;
}

export function serviceEnvironment(base: Environment, paths: HostPaths, bus: Bus, database: Database, addresses: Addresses): Environment {
  return {
    ...base,
    SOLOIST_DATA_DIR: paths.folder,
    SOLOIST_KEEP_DIR: paths.keep,
    SOLOIST_SECRETS_DIR: paths.secrets,
    SOLOIST_NATS_URL: bus.url,
    // An external broker has its store elsewhere.
    ...(bus.pid === null ? {} : { SOLOIST_STORE_DIR: paths.bus }),
    SOLOIST_STREAMS: String(bus.streams),
    SOLOIST_POSTGRES_URL: database.url,
    SOLOIST_HTTP_HOST: addresses.host,
    SOLOIST_HTTP_PORT: String(addresses.httpPort),
    SOLOIST_SMTP_HOST: addresses.host,
    SOLOIST_SMTP_PORT: String(addresses.smtpPort),
    SOLOIST_COMPANY_DAY_LIMIT_MICROS: companyDayLimitMicros(base),
  };
}

/** Which model answers: a scripted one unless the operator gave a key. The key itself is never shown. */
export function modelLine(environment: Environment): { readonly what: string; readonly host: string | null } {
  if ((environment['OPENAI_API_KEY'] ?? '').trim() === '') return { what: 'rehearsal: no key found; answers are scripted, free, labelled', host: null };
  const host = hostOf(environment['OPENAI_BASE_URL']) ?? 'api.openai.com';
  return { what: `OpenAI-compatible at ${host}`, host };
}

/** What may leave this computer, as far as the configuration tells. */
export function networkLine(environment: Environment): string {
  const ways = [
    modelLine(environment).host,
    hostOf(environment['SOLOIST_NATS_URL']),
    hostOf(environment['SOLOIST_POSTGRES_URL']),
    environment['SOLOIST_OUTBOUND_SMTP_HOST'],
    hostOf(environment['OTEL_EXPORTER_OTLP_ENDPOINT']),
  ].filter((way): way is string => way !== null && way !== undefined && way !== '' && !/^(127\.|localhost\b|\[::1\])/.test(way));
  return ways.length === 0 ? 'nothing leaves your computer (telemetry: none, ever)' : `connects to ${ways.join(', ')}, as you configured (telemetry: none, ever)`;
}

function hostOf(url: string | undefined): string | null {
  return url === undefined || url === '' || !URL.canParse(url) ? null : new URL(url).host;
}

export function memoryLine(environment: Environment): string {
  return (environment['SOLOIST_QDRANT_URL'] ?? '') === '' ? 'exact search (Qdrant: not configured)' : 'Qdrant, as you configured';
}
