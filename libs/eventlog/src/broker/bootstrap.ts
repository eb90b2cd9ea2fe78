/**
 * Brings a broker into the state of the manifest, or refuses. The only code that creates streams and consumers.
 *
 * I1 nothing is created before the broker is healthy, new enough, and the keep has been asked: a create on a store that
 *    could not be recovered deletes its files (measured)
 * I2 a stream that must exist and does not, or that ends before its anchor, is never created again: refuse
 * I3 streams are created in the first install only; the keep says so before the first one is made
 * I4 every option of every stream and consumer is read back and compared
 * I5 heads that were signed must be met as well; whenever heads are recorded they are signed (signed-heads.ts)
 */
import { JetStreamApiCodes, JetStreamApiError, jetstreamManager, type JetStreamManager, type StreamInfo } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { Fault } from '@soloist/kernel';
import { Link } from '../jetstream/link.js';
import { readRange } from '../jetstream/direct-read.js';
import { anchorsOf, checkAnchor } from './anchors.js';
import { verifyConsumers, type ConsumerReport } from './consumer-bootstrap.js';
import { newKeepManifest, readKeepManifest, writeKeepManifest, type KeepManifest } from './keep-manifest.js';
import type { BrokerManifest } from './manifest.js';
import { healthOf } from './network.js';
import { latestHeads, requireSame, signedHeads, signNewHeads, type ReadStream } from './signed-heads.js';
import { differences, streamConfig } from './stream-config.js';
import { requireBrokerVersion } from './version.js';

const READ_TIMEOUT_MS = 10_000;
const PAGE_MESSAGES = 500;

export interface BootstrapOptions {
  /** Connected as the user `bootstrap`. */
  readonly connection: NatsConnection;
  readonly healthUrl: string;
  readonly keepFolder: string;
  readonly manifest: BrokerManifest;
}

export interface BootstrapReport extends ConsumerReport {
  readonly brokerVersion: string;
  readonly isFirstInstall: boolean;
  readonly createdStreams: readonly string[];
}

/** @throws Fault transient: not healthy · invalid: too old, keep and store disagree, a setting was changed. Each says what to do. */
export async function bootstrap(options: BootstrapOptions): Promise<BootstrapReport> {
  const { connection, keepFolder, manifest } = options;
  await requireHealth(options.healthUrl);
  const brokerVersion = requireBrokerVersion(connection.info?.version ?? '');
  const jsm = await jetstreamManager(connection);
  const keep = await readKeepManifest(keepFolder);
  if (keep !== null) requireSameStreams(keep, manifest);
  const found = await existingStreams(jsm, manifest);
  const isFirstInstall = keep === null || keep.state === 'installing';
  if (isFirstInstall) await requireEmptyStore(jsm, found, keep);
  else {
    await requireWholeLog(jsm, found, keep, manifest);
    await requireSignedHeads(connection, keepFolder, keep);
  }
  const createdStreams = isFirstInstall ? await install(jsm, keepFolder, manifest, found) : [];
  await verifyStreams(jsm, manifest);
  const consumers = await verifyConsumers(connection, jsm, manifest.consumers);
  if (isFirstInstall) await recordHeads({ connection, keepFolder, manifest });
  return { brokerVersion, isFirstInstall, createdStreams, ...consumers };
}

/**
 * Moves the anchors of the keep to where the streams are now. Call it at a clean shutdown, from time to time, and
 * right before closed runs are purged.
 * @throws Fault invalid when there was no bootstrap before, or a stream is behind its anchor
 */
export async function recordHeads(options: Pick<BootstrapOptions, 'connection' | 'keepFolder' | 'manifest'>): Promise<void> {
  const keep = await readKeepManifest(options.keepFolder);
  if (keep === null) throw new Fault('invalid', 'keep-missing', `${options.keepFolder} has no record of streams. Bootstrap the broker first.`);
  const jsm = await jetstreamManager(options.connection);
  const anchors = await anchorsOf(jsm, options.manifest.streams);
  for (const [stream, before] of Object.entries(keep.anchors)) {
    const now = anchors[stream];
    if (now !== undefined && now.lastSequence >= before.lastSequence) continue;
    throw new Fault('invalid', 'stream-truncated', `Stream ${stream} ends at ${now?.lastSequence ?? 'nothing'}, before its recorded ${before.lastSequence}. The keep was not changed; stop and restore the broker from its latest backup.`);
  }
  const streams = Object.entries(anchors).flatMap(([name, { lastSequence }]) => (isEventStream(name) ? [{ name, lastSequence }] : []));
  await signNewHeads(options.keepFolder, streams, readerOf(options.connection), new Date().toISOString());
  await writeKeepManifest(options.keepFolder, { ...keep, state: 'installed', anchors });
}

/** What was signed must be there, and what is anchored must have been signed. */
async function requireSignedHeads(connection: NatsConnection, keepFolder: string, keep: KeepManifest): Promise<void> {
  const heads = latestHeads(await signedHeads(keepFolder));
  const settings = readSettings(connection);
  for (const head of heads.values()) requireSame(head, (await readRange(settings, head.stream, null, head.sequence, 1))[0] ?? null);
  if (heads.size === 0) return;
  for (const [stream, { lastSequence }] of Object.entries(keep.anchors)) {
    if (!isEventStream(stream) || lastSequence <= (heads.get(stream)?.sequence ?? 0)) continue;
    throw new Fault('invalid', 'keep-unreadable', `The keep anchors ${stream} at ${lastSequence}, which nobody has signed. Restore the keep from a backup; nothing was created.`);
  }
}

function readSettings(connection: NatsConnection): Parameters<typeof readRange>[0] {
  return { link: new Link(connection), apiPrefix: '$JS.API', timeoutMs: READ_TIMEOUT_MS };
}

function readerOf(connection: NatsConnection): ReadStream {
  const settings = readSettings(connection);
  return async function* (stream, fromSequence) {
    for (let next = fromSequence; ; ) {
      const page = await readRange(settings, stream, null, next, PAGE_MESSAGES);
      const last = page.at(-1);
      if (last === undefined) return;
      yield page;
      next = last.sequence + 1;
    }
  };
}

function isEventStream(name: string): boolean {
  return name.startsWith('EVENTS-');
}

async function requireHealth(url: string): Promise<void> {
  const health = await healthOf(url);
  if (health.isHealthy) return;
  throw new Fault('transient', 'broker-unhealthy', `The broker is not healthy (${health.answer}). Nothing was created. Wait for its recovery; if it stays so, read its log and restore the store from a backup.`);
}

function requireSameStreams(keep: KeepManifest, manifest: BrokerManifest): void {
  if (keep.streamCount === manifest.streamCount) return;
  throw new Fault(
    'invalid',
    'stream-count-changed',
    `This installation has ${keep.streamCount} event streams, the configuration asks for ${manifest.streamCount}. The count is fixed by the first start: set it back to ${keep.streamCount}, or migrate offline.`,
  );
}

async function existingStreams(jsm: JetStreamManager, manifest: BrokerManifest): Promise<ReadonlyMap<string, StreamInfo>> {
  const found = new Map<string, StreamInfo>();
  for (const { name } of manifest.streams) {
    const info = await jsm.streams.info(name).catch((error: unknown) => {
      if (error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamNotFound) return null;
      throw error;
    });
    if (info !== null) found.set(name, info);
  }
  return found;
}

/** A first install may go on where it was interrupted, but only over streams that hold nothing. */
async function requireEmptyStore(jsm: JetStreamManager, found: ReadonlyMap<string, StreamInfo>, keep: KeepManifest | null): Promise<void> {
  // Event streams of another count also count as a log whose keep is lost.
  const foreign = (await jsm.streams.names().next()).length > found.size;
  const holding = [...found.values()].filter((info) => info.state.last_seq > 0 && info.config.name !== 'ADVISORIES').map((info) => info.config.name);
  if (holding.length === 0 && (keep !== null || (found.size === 0 && !foreign))) return;
  throw new Fault(
    'invalid',
    'keep-missing',
    `The broker already holds streams (${[...found.keys()].slice(0, 4).join(', ') || 'of another installation'}), but the keep does not know them. ` +
      'Nothing was changed. Restore the keep from its backup; without it nothing can tell a whole log from a truncated one.',
  );
}

async function requireWholeLog(jsm: JetStreamManager, found: ReadonlyMap<string, StreamInfo>, keep: KeepManifest, manifest: BrokerManifest): Promise<void> {
  const missing = [...new Set([...keep.streams, ...manifest.streams.map(({ name }) => name)])].filter((name) => !found.has(name));
  if (missing.length > 0) {
    throw new Fault(
      'invalid',
      'stream-missing',
      `Streams that must exist are missing: ${missing.join(', ')}. Nothing was created. Check that the broker uses the right store folder, or restore it from its latest backup.`,
    );
  }
  for (const [name, anchor] of Object.entries(keep.anchors)) {
    const info = found.get(name);
    if (info !== undefined) await checkAnchor(jsm, info, anchor);
  }
}

async function install(jsm: JetStreamManager, keepFolder: string, manifest: BrokerManifest, found: ReadonlyMap<string, StreamInfo>): Promise<readonly string[]> {
  const names = manifest.streams.map(({ name }) => name);
  await writeKeepManifest(keepFolder, newKeepManifest(manifest.streamCount, names));
  const missing = manifest.streams.filter(({ name }) => !found.has(name));
  for (const settings of missing) await jsm.streams.add(streamConfig(settings));
  return missing.map(({ name }) => name);
}

async function verifyStreams(jsm: JetStreamManager, manifest: BrokerManifest): Promise<void> {
  for (const settings of manifest.streams) {
    const { config } = await jsm.streams.info(settings.name);
    const [first] = differences(streamConfig(settings), config);
    if (first === undefined) continue;
    throw new Fault(
      'invalid',
      'stream-setting-changed',
      `Stream ${settings.name} has ${first.option} = ${JSON.stringify(first.found ?? null)}, expected ${JSON.stringify(first.wanted ?? null)}. ` +
        'Somebody changed it. Find out who used the ops credentials, set it back with them, and start again.',
    );
  }
}
