/**
 * The broker manifest: who may publish, read and consume what, generated from the access matrix and nowhere written
 * by hand. Everything that touches the broker's set-up reads it: configuration, bootstrap, the permission test.
 *
 * I1 every export names the accounts it is for; an export without accounts would be open to all
 * I2 every import of the broker's API is renamed to `core.API.…`: under its own name the account's built-in answer
 *    "JetStream not enabled" arrives first
 * I3 consumer names in a subject are literal; no account can create, change, list or delete a consumer
 * I4 two imports of one account never overlap: an overlap would deliver one request twice
 * I5 nobody but governance publishes commands; connectors have no whole-log read
 */
import {
  ACCESS,
  BLOBS_STREAM,
  CONTEXTS,
  DEAD_STREAM,
  DELIVERY,
  entitiesOf,
  eventStreamName,
  HUB,
  streamSettings,
  WORKING_STREAM,
  workingSubject,
  type Context,
  type StreamCount,
  type StreamSettings,
} from '@soloist/contracts';
import { consumersOf, namesOf, REPLAY_CONSUMER, type ConsumerSettings } from './consumers.js';

/** The account that holds every stream and consumer. */
export const CORE = 'CORE';
export const SYSTEM_ACCOUNT = 'SYS';
/** What `$JS.API` of the core account is called inside every other account. */
export const CORE_API = 'core.API';
const JS_API = '$JS.API';

export const BROKER_USERS = ['bootstrap', 'ops', ...CONTEXTS, 'replay'] as const;
export type BrokerUser = (typeof BROKER_USERS)[number];

export interface ExportSettings {
  readonly subject: string;
  /** `stream`: more than one answer follows a request. */
  readonly responseType: 'singleton' | 'stream';
  readonly responseThresholdMs: number | null;
  readonly accounts: readonly string[];
}

export interface ImportSettings {
  readonly subject: string;
  /** Its name inside the importing account. */
  readonly to: string;
}

export interface AccountSettings {
  readonly name: string;
  readonly users: readonly BrokerUser[];
  readonly hasJetStream: boolean;
  readonly imports: readonly ImportSettings[];
}

export interface BrokerManifest {
  readonly streamCount: StreamCount;
  readonly streams: readonly StreamSettings[];
  readonly consumers: readonly ConsumerSettings[];
  readonly accounts: readonly AccountSettings[];
  /** All exports are the core account's. */
  readonly exports: readonly ExportSettings[];
}

/** A line of an account: one subject of the core account that it may send requests to. */
interface Grant {
  readonly subject: string;
  readonly to: string;
  readonly answers: 'singleton' | 'stream';
}

export function accountOf(context: Context | 'replay'): string {
  return context.toUpperCase();
}

export function brokerManifest(streamCount: StreamCount): BrokerManifest {
  const grants = new Map<string, readonly Grant[]>([
    ...CONTEXTS.map((context) => [accountOf(context), serviceGrants(context, streamCount)] as const),
    [accountOf('replay'), replayGrants(streamCount)],
  ]);
  return {
    streamCount,
    streams: streamSettings(streamCount),
    consumers: consumersOf(streamCount),
    accounts: [
      { name: SYSTEM_ACCOUNT, users: [], hasJetStream: false, imports: [] },
      { name: CORE, users: ['bootstrap', 'ops'], hasJetStream: true, imports: [] },
      ...[...CONTEXTS, 'replay' as const].map((user) => ({
        name: accountOf(user),
        users: [user],
        hasJetStream: false,
        imports: (grants.get(accountOf(user)) ?? []).map(({ subject, to }) => ({ subject, to })),
      })),
    ],
    exports: exportsOf(grants),
  };
}

/** One line per subject; the same subject for several accounts is one line with several accounts. */
function exportsOf(grants: ReadonlyMap<string, readonly Grant[]>): readonly ExportSettings[] {
  const lines = new Map<string, { answers: Grant['answers']; accounts: string[] }>();
  for (const [account, granted] of grants) {
    for (const { subject, answers } of granted) {
      const line = lines.get(subject) ?? { answers, accounts: [] };
      line.accounts.push(account);
      lines.set(subject, line);
    }
  }
  return [...lines].map(([subject, { answers, accounts }]) => ({
    subject,
    responseType: answers,
    // The broker keeps one entry per pull until it is swept; the threshold must outlive the pull itself.
    responseThresholdMs: answers === 'stream' ? DELIVERY.pullExpiresMs + 10_000 : null,
    accounts,
  }));
}

function serviceGrants(context: Context, streamCount: StreamCount): readonly Grant[] {
  const access = ACCESS[context];
  return [
    ...['evt', 'dead', 'timer'].map((kind) => plain(`${kind}.${HUB}.*.${context}.*.*`)),
    ...(access.commands ? [plain(`cmd.${HUB}.*.*.*.*`)] : []),
    plain(`blob.${HUB}.${context}.>`),
    api(`DIRECT.GET.${BLOBS_STREAM}.blob.${HUB}.*.>`),
    ...workingGrants(context),
    ...(access.readsDead ? [api(`DIRECT.GET.${DEAD_STREAM}`, 'stream')] : []),
    ...(access.coldReads ? coldReads(streamCount) : headReads(context)),
    ...namesOf(context).flatMap(({ name, isAcknowledged }) => consumption(name, isAcknowledged)),
  ];
}

function replayGrants(streamCount: StreamCount): readonly Grant[] {
  return [
    ...coldReads(streamCount),
    api(`DIRECT.GET.${BLOBS_STREAM}.blob.${HUB}.*.>`),
    ...consumption(REPLAY_CONSUMER, false),
  ];
}

/** A right to the whole log: the batch form carries no subject token that could limit it. By-subject heads come with it. */
function coldReads(streamCount: StreamCount): readonly Grant[] {
  return Array.from({ length: streamCount }, (_, stream) => eventStreamName(stream)).flatMap((name) => [
    api(`DIRECT.GET.${name}`, 'stream'),
    api(`DIRECT.GET.${name}.>`),
  ]);
}

/** Last commits only, entity by entity. `*` in the stream's place is safe because the subject after it is fixed. */
function headReads(context: Context): readonly Grant[] {
  const own = entitiesOf(context).map((entity) => `${context}.${entity}`);
  return [...own, ...ACCESS[context].heads].map((entity) => api(`DIRECT.GET.*.evt.${HUB}.*.${entity}.*`));
}

function workingGrants(context: Context): readonly Grant[] {
  const { working } = ACCESS[context];
  const keys = workingSubject('memory.>');
  const read = api(`DIRECT.GET.${WORKING_STREAM}.${keys}`);
  if (working === 'none') return [];
  if (working === 'read') return [read];
  return [{ subject: keys, to: `${CORE_API}.${keys}`, answers: 'singleton' }, read];
}

function consumption(consumer: string, isAcknowledged: boolean): readonly Grant[] {
  return [
    api(`CONSUMER.MSG.NEXT.*.${consumer}`, 'stream'),
    api(`CONSUMER.INFO.*.${consumer}`),
    // Never renamed: the broker itself writes this subject into the message as its reply.
    ...(isAcknowledged ? [plain(`$JS.ACK.*.${consumer}.>`)] : []),
  ];
}

function plain(subject: string): Grant {
  return { subject, to: subject, answers: 'singleton' };
}

function api(call: string, answers: Grant['answers'] = 'singleton'): Grant {
  return { subject: `${JS_API}.${call}`, to: `${CORE_API}.${call}`, answers };
}
