/**
 * The manifest as a nats-server configuration. A pure function: equal input gives equal text, so that a running
 * broker can be recognised by its configuration.
 *
 * I1 `sync_interval: always`: with the default a power cut lost every acknowledged message and the stream itself
 * I2 the broker and its monitoring listen on the loopback address only
 * I3 the text holds public keys, never a seed
 */
import { MAX_FILE_STORE_BYTES } from '@soloist/contracts';
import { CORE, SYSTEM_ACCOUNT, type AccountSettings, type BrokerManifest, type BrokerUser, type ExportSettings } from './manifest.js';

export interface BrokerPorts {
  readonly client: number;
  readonly monitoring: number;
}

export interface ConfSettings {
  readonly manifest: BrokerManifest;
  readonly publicKeys: Readonly<Record<BrokerUser, string>>;
  readonly ports: BrokerPorts;
  readonly storeFolder: string;
  readonly logFile: string;
  readonly serverName: string;
}

/** Commits and blob chunks are far below; the broker warns above 8 MiB. */
const MAX_PAYLOAD_BYTES = 1024 * 1024;
/** How long a client may take to answer the broker's challenge. */
const AUTHENTICATION_SECONDS = 30;

export function brokerConf(settings: ConfSettings): string {
  const { manifest, ports } = settings;
  return [
    '# Generated from the access matrix at every start; changes made here are lost.',
    `server_name: ${text(settings.serverName)}`,
    `listen: ${text(`127.0.0.1:${ports.client}`)}`,
    `http: ${text(`127.0.0.1:${ports.monitoring}`)}`,
    `log_file: ${text(settings.logFile)}`,
    'logfile_size_limit: 8MB',
    'logfile_max_num: 3',
    `max_payload: ${MAX_PAYLOAD_BYTES}`,
    'ping_interval: "20s"',
    'ping_max: 3',
    'write_deadline: "10s"',
    // With the default of 2 s a client that gets no processor in time is refused as if its seed were wrong.
    `authorization: { timeout: ${AUTHENTICATION_SECONDS} }`,
    'jetstream {',
    `  store_dir: ${text(settings.storeFolder)}`,
    '  sync_interval: always',
    `  max_file_store: ${MAX_FILE_STORE_BYTES}`,
    '  max_memory_store: 0',
    '}',
    `system_account: ${SYSTEM_ACCOUNT}`,
    'accounts {',
    ...manifest.accounts.flatMap((account) => accountLines(account, settings)),
    '}',
    '',
  ].join('\n');
}

function accountLines(account: AccountSettings, { manifest, publicKeys }: ConfSettings): readonly string[] {
  return [
    `  ${account.name} {`,
    ...(account.hasJetStream ? ['    jetstream: enabled'] : []),
    ...(account.users.length > 0 ? [`    users: [ ${account.users.map((user) => `{nkey: ${text(publicKeys[user])}}`).join(', ')} ]`] : []),
    ...(account.name === CORE ? ['    exports: [', ...manifest.exports.map(exportLine), '    ]'] : []),
    ...(account.imports.length > 0 ? ['    imports: [', ...account.imports.map(importLine), '    ]'] : []),
    '  }',
  ];
}

function exportLine({ subject, responseType, responseThresholdMs, accounts }: ExportSettings): string {
  const threshold = responseThresholdMs === null ? '' : `, response_threshold: "${responseThresholdMs / 1_000}s"`;
  return `      {service: ${text(subject)}, response_type: ${responseType}${threshold}, accounts: [${accounts.join(', ')}]}`;
}

function importLine({ subject, to }: { subject: string; to: string }): string {
  const renamed = to === subject ? '' : `, to: ${text(to)}`;
  return `      {service: {account: ${CORE}, subject: ${text(subject)}}${renamed}}`;
}

/** @throws RangeError for what the configuration's strings cannot carry: paths with quotes, backslashes, line ends. */
function text(value: string): string {
  if (/["\\\n\r]/.test(value)) throw new RangeError(`the broker's configuration cannot hold ${JSON.stringify(value)}`);
  return `"${value}"`;
}
