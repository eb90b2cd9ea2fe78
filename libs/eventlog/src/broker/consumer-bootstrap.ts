/**
 * Creates, corrects and verifies the durable consumers. Unlike streams they hold no facts: a lost one is made again and
 * delivers from the start, which reactors must bear anyway.
 */
import { JetStreamApiCodes, JetStreamApiError, type ConsumerInfo, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { Fault } from '@soloist/kernel';
import type { ConsumerSettings } from './consumers.js';
import { consumerConfig, differences } from './stream-config.js';

export interface ConsumerReport {
  readonly createdConsumers: readonly string[];
  readonly correctedConsumers: readonly string[];
  /** Consumers that nothing in the manifest explains: left by an earlier release, or made by hand. */
  readonly unknownConsumers: readonly string[];
}

/** Without acknowledgement the broker still reports its defaults for it. */
const UNACKNOWLEDGED_NOTES: ReadonlySet<string> = new Set(['metadata', 'ack_wait', 'max_ack_pending']);
const NOTES: ReadonlySet<string> = new Set(['metadata']);

/** @throws Fault invalid when a consumer cannot be brought to its settings */
export async function verifyConsumers(connection: NatsConnection, jsm: JetStreamManager, consumers: readonly ConsumerSettings[]): Promise<ConsumerReport> {
  const createdConsumers: string[] = [];
  const correctedConsumers: string[] = [];
  for (const settings of consumers) {
    const label = `${settings.stream}/${settings.name}`;
    const before = await infoOf(jsm, settings);
    if (before !== null && differs(settings, before).length === 0) continue;
    const complaint = await createOrUpdate(connection, settings);
    if (complaint !== null) refuse(settings, before, complaint);
    (before === null ? createdConsumers : correctedConsumers).push(label);
    const after = await infoOf(jsm, settings);
    if (after === null || differs(settings, after).length > 0) refuse(settings, after, null);
  }
  return { createdConsumers, correctedConsumers, unknownConsumers: await unknownOf(jsm, consumers) };
}

async function infoOf(jsm: JetStreamManager, { stream, name }: ConsumerSettings): Promise<ConsumerInfo | null> {
  return jsm.consumers.info(stream, name).catch((error: unknown) => {
    if (error instanceof JetStreamApiError && error.code === JetStreamApiCodes.ConsumerNotFound) return null;
    throw error;
  });
}

/** Raw, because the client's own update keeps options of before that the new settings no longer have. Null when it went well. */
async function createOrUpdate(connection: NatsConnection, settings: ConsumerSettings): Promise<string | null> {
  const request = { stream_name: settings.stream, config: consumerConfig(settings), action: '' };
  const answer = await connection.request(`$JS.API.CONSUMER.DURABLE.CREATE.${settings.stream}.${settings.name}`, JSON.stringify(request), { timeout: 10_000 });
  return answer.json<{ error?: { description: string } }>().error?.description ?? null;
}

function differs(settings: ConsumerSettings, info: ConsumerInfo): ReturnType<typeof differences> {
  return differences(consumerConfig(settings), info.config, settings.isAcknowledged ? NOTES : UNACKNOWLEDGED_NOTES);
}

function refuse(settings: ConsumerSettings, found: ConsumerInfo | null, complaint: string | null): never {
  const [first] = found === null ? [] : differs(settings, found);
  const what = first === undefined ? 'could not be created' : `has ${first.option} = ${JSON.stringify(first.found ?? null)}, expected ${JSON.stringify(first.wanted ?? null)}`;
  throw new Fault(
    'invalid',
    'consumer-setting-changed',
    `Consumer ${settings.name} of ${settings.stream} ${what}, and it cannot be corrected${complaint === null ? '' : ` (${complaint})`}. Delete it with the ops credentials and start again; it is then made anew.`,
  );
}

async function unknownOf(jsm: JetStreamManager, consumers: readonly ConsumerSettings[]): Promise<readonly string[]> {
  const known = new Set(consumers.map(({ stream, name }) => `${stream}/${name}`));
  const unknown: string[] = [];
  for (const stream of new Set(consumers.map((consumer) => consumer.stream))) {
    for await (const { name } of jsm.consumers.list(stream)) {
      if (!known.has(`${stream}/${name}`)) unknown.push(`${stream}/${name}`);
    }
  }
  return unknown;
}
