/** The probes of the permission matrix, each with the verdict that the hand-written table demands. */
import { bucketOf, bucketToken } from '@soloist/kernel';
import { CONSUMER_PLACES, ENTITY_NAMES, EXPECTED, SERVICES, STREAM_NAMES, type Identity } from './expected-access.js';
import { at, KEY, stateStream, type RequestOptions } from './wire.js';

export interface Probe extends RequestOptions {
  readonly family: string;
  readonly subject: string;
  readonly expects: 'reached' | 'refused' | 'silent';
}

const BUCKET = bucketToken(bucketOf(KEY));

export function probesOf(identity: Identity): readonly Probe[] {
  return [...publishing(identity), ...malformed(), ...heads(identity), ...wholeReads(identity), ...streamApi(), ...consumerApi(identity), ...serverSubjects()];
}

function probe(family: string, subject: string, mayReach: boolean, options: RequestOptions = {}): Probe {
  return { family, subject, expects: mayReach ? 'reached' : 'refused', ...options };
}

/** The API built into each account takes these and says nothing; that CORE stays as it was shows that it does nothing either. */
function silent(family: string, subject: string): Probe {
  return { family, subject, expects: 'silent', timeoutMs: 400 };
}

function publishing(identity: Identity): readonly Probe[] {
  const { publishesAs, publishesCommands, writesWorkingMemory } = EXPECTED[identity];
  const isOwn = (name: string): boolean => publishesAs.includes(name.split('.')[0] as string);
  return [
    ...ENTITY_NAMES.map((name) => probe('evt', at('evt', name), isOwn(name), { body: 'probe' })),
    ...ENTITY_NAMES.map((name) => probe('dead', at('dead', name), isOwn(name), { body: 'probe' })),
    ...ENTITY_NAMES.map((name) => probe('timer', at('timer', name, 'timer-probe'), isOwn(name), scheduled(name))),
    // A due message must come from the schedule alone.
    ...ENTITY_NAMES.map((name) => probe('due', at('due', name), false)),
    ...ENTITY_NAMES.map((name) => probe('cmd', at('cmd', name), publishesCommands, { body: 'probe' })),
    ...SERVICES.map((owner) => probe('blob', `blob.hub.${owner}.${'ab'.repeat(32)}.0`, isOwn(owner), { body: 'probe' })),
    probe('working', 'core.API.$KV.WORKING.memory.probe', writesWorkingMemory, { body: 'probe' }),
    ...['$KV.WORKING.memory.probe', '$KV.WORKING.runtime.probe', 'core.API.$KV.WORKING.runtime.probe', 'core.API.$KV.OTHER.memory.probe'].map((subject) => probe('working', subject, false)),
  ];
}

function scheduled(name: string): RequestOptions {
  return { body: 'probe', headers: { 'Nats-Schedule': '@at 2099-01-01T00:00:00Z', 'Nats-Schedule-Target': at('due', name) } };
}

/** Own context and foreign, but not the grammar: other sites, buckets, lengths, wildcards. */
function malformed(): readonly Probe[] {
  return ['runtime.loop', 'governance.gate', 'connectors.effect'].flatMap((name) =>
    [
      `evt.edge-7.${BUCKET}.${name}.${KEY}`,
      `cmd.edge-7.${BUCKET}.${name}.${KEY}`,
      `evt.hub.99.${name}.${KEY}`,
      `evt.hub.${BUCKET}.${name}`,
      `evt.hub.${BUCKET}.${name}.${KEY}.more`,
      `evt.hub.${BUCKET}.*.gate.${KEY}`,
      'evt.>',
      `other.hub.${BUCKET}.${name}.${KEY}`,
    ].map((subject) => probe('grammar', subject, false)),
  );
}

function heads(identity: Identity): readonly Probe[] {
  const { heads: readable, readsWorkingMemory } = EXPECTED[identity];
  const stream = stateStream();
  return [
    ...ENTITY_NAMES.map((name) => probe('head', `core.API.DIRECT.GET.${stream}.${at('evt', name)}`, readable.includes(name))),
    // Not renamed, the account answers for itself.
    ...ENTITY_NAMES.map((name) => probe('head', `$JS.API.DIRECT.GET.${stream}.${at('evt', name)}`, false)),
    ...SERVICES.map((owner) => probe('blob read', `core.API.DIRECT.GET.BLOBS.blob.hub.${owner}.${'ab'.repeat(32)}.0`, true)),
    probe('working read', 'core.API.DIRECT.GET.KV_WORKING.$KV.WORKING.memory.probe', readsWorkingMemory),
    probe('working read', 'core.API.DIRECT.GET.KV_WORKING.$KV.WORKING.runtime.probe', false),
    ...['COMMANDS', 'DEAD', 'ADVISORIES', 'TIMERS-runtime'].map((name) => probe('head', `core.API.DIRECT.GET.${name}.${at('cmd', 'runtime.loop')}`, false)),
  ];
}

function wholeReads(identity: Identity): readonly Probe[] {
  const { readsWholeLog, readsDeadLetters } = EXPECTED[identity];
  return STREAM_NAMES.flatMap((name) => {
    const isEvents = name.startsWith('EVENTS-');
    const isRead = (isEvents && readsWholeLog) || (name === 'DEAD' && readsDeadLetters);
    return [
      probe('whole read', `core.API.DIRECT.GET.${name}`, isRead, { body: '{"seq":1}' }),
      probe('whole read', `core.API.DIRECT.GET.${name}`, isRead, { body: '{"seq":1,"batch":1}' }),
      probe('whole read', `core.API.DIRECT.GET.${name}.evt.>`, isEvents && readsWholeLog),
      probe('whole read', `$JS.API.DIRECT.GET.${name}`, false, { body: '{"seq":1}' }),
    ];
  });
}

const STREAM_CALLS: readonly (readonly [string, string])[] = [
  ['STREAM.INFO', ''],
  ['STREAM.PURGE', ''],
  ['STREAM.DELETE', ''],
  ['STREAM.UPDATE', '{"name":"EVENTS-0","max_msgs":1}'],
  ['STREAM.CREATE', '{"name":"EVENTS-0","subjects":["x.>"]}'],
  ['STREAM.MSG.GET', '{"seq":1}'],
  ['STREAM.MSG.DELETE', '{"seq":1}'],
  ['STREAM.SNAPSHOT', '{"deliver_subject":"leak"}'],
  ['STREAM.RESTORE', '{}'],
  ['STREAM.PEER.REMOVE', '{"peer":"x"}'],
  ['STREAM.LEADER.STEPDOWN', ''],
  ['CONSUMER.CREATE', '{"stream_name":"EVENTS-0","config":{"ack_policy":"none"}}'],
  ['CONSUMER.LIST', ''],
  ['CONSUMER.NAMES', ''],
];

/** Allowed to nobody, under every name the API could have. */
function streamApi(): readonly Probe[] {
  const prefixes = ['$JS.API', 'core.API', '$JS.hub.API'];
  return [
    ...STREAM_NAMES.flatMap((name) => STREAM_CALLS.flatMap(([call, body]) => prefixes.map((prefix) => probe('stream API', `${prefix}.${call}.${name}`, false, { body })))),
    ...prefixes.flatMap((prefix) => ['INFO', 'STREAM.NAMES', 'STREAM.LIST'].map((call) => probe('stream API', `${prefix}.${call}`, false))),
    ...['SERVER.REMOVE', 'META.LEADER.STEPDOWN', 'ACCOUNT.PURGE.CORE'].flatMap((call) => [
      silent('server API', `$JS.API.${call}`),
      probe('server API', `core.API.${call}`, false),
      probe('server API', `$JS.hub.API.${call}`, false),
    ]),
  ];
}

function consumerApi(identity: Identity): readonly Probe[] {
  const { pulls } = EXPECTED[identity];
  return Object.entries(CONSUMER_PLACES).flatMap(([name, stream]) => {
    const mayPull = pulls.includes(name);
    const config = JSON.stringify({ stream_name: stream, config: { durable_name: name, name, ack_policy: 'explicit', filter_subject: 'evt.hub.*.*.*.*' }, action: '' });
    return [
      probe('pull', `core.API.CONSUMER.MSG.NEXT.${stream}.${name}`, mayPull, { body: '{"batch":1,"no_wait":true}' }),
      probe('pull', `$JS.API.CONSUMER.MSG.NEXT.${stream}.${name}`, false, { body: '{"batch":1,"no_wait":true}' }),
      probe('consumer info', `core.API.CONSUMER.INFO.${stream}.${name}`, mayPull),
      probe('consumer info', `$JS.API.CONSUMER.INFO.${stream}.${name}`, false),
      ...['core.API', '$JS.API'].flatMap((api) => [
        ...['DELETE', 'LEADER.STEPDOWN'].map((call) => probe('consumer API', `${api}.CONSUMER.${call}.${stream}.${name}`, false)),
        probe('consumer API', `${api}.CONSUMER.UNPIN.${stream}.${name}`, false, { body: '{"group":"a"}' }),
        api === '$JS.API' ? silent('consumer API', `${api}.CONSUMER.RESET.${stream}.${name}`) : probe('consumer API', `${api}.CONSUMER.RESET.${stream}.${name}`, false),
        probe('consumer API', `${api}.CONSUMER.PAUSE.${stream}.${name}`, false, { body: '{"pause_until":"2099-01-01T00:00:00Z"}' }),
        probe('consumer API', `${api}.CONSUMER.CREATE.${stream}.${name}`, false, { body: config }),
        probe('consumer API', `${api}.CONSUMER.CREATE.${stream}.${name}.evt.hub.*.*.*.*`, false, { body: config }),
        probe('consumer API', `${api}.CONSUMER.DURABLE.CREATE.${stream}.${name}`, false, { body: config }),
      ]),
    ];
  });
}

function serverSubjects(): readonly Probe[] {
  return [
    '$JS.EVENT.ADVISORY.CONSUMER.MSG_TERMINATED.EVENTS-0.connectors_reactors',
    '$SYS.REQ.SERVER.PING',
    '$SYS.REQ.ACCOUNT.CORE.JSZ',
    '$SYS.ACCOUNT.CORE.CONNECT',
    '$JS.FC.EVENTS-0.connectors_reactors.x',
  ].map((subject) => probe('server', subject, false));
}
