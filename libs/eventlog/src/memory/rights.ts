/**
 * The broker's accounts in memory, read from the same manifest as nats.conf: a party may send what its account imports,
 * under the name the import gives it.
 */
import type { Context, StreamCount } from '@soloist/contracts';
import { brokerManifest, CORE_API } from '../broker/manifest.js';
import { anyOf, remembered } from './filter.js';

/** `ops` is a user inside the account that holds the streams, with all rights. */
export type Party = Context | 'replay' | 'ops';

export interface Rights {
  mayPublish(subject: string): boolean;
  mayReadLast(stream: string, subject: string): boolean;
  mayReadAll(stream: string): boolean;
  mayConsume(stream: string, consumer: string): boolean;
}

const known = new Map<string, Rights>();

/** Rights follow from the manifest alone, and connections are many. */
export function rightsOf(party: Party, streams: StreamCount): Rights {
  const name = `${party} ${streams}`;
  const rights = known.get(name) ?? rightsFromManifest(party, streams);
  known.set(name, rights);
  return rights;
}

function rightsFromManifest(party: Party, streams: StreamCount): Rights {
  if (party === 'ops') return { mayPublish: () => true, mayReadLast: () => true, mayReadAll: () => true, mayConsume: () => true };
  const account = brokerManifest(streams).accounts.find((candidate) => candidate.users.includes(party));
  if (account === undefined) throw new RangeError(`the manifest has no account for ${party}`);
  const maySend = anyOf(account.imports.map((line) => line.to));
  const api = (call: string): boolean => maySend(`${CORE_API}.${call}`);
  const lastOf = perStream((stream) => remembered((subject) => api(`DIRECT.GET.${stream}.${subject}`)));
  const allOf = perStream((stream) => api(`DIRECT.GET.${stream}`));
  return {
    mayPublish: (subject) => maySend(subject.startsWith('$KV.') ? `${CORE_API}.${subject}` : subject),
    mayReadLast: (stream, subject) => lastOf(stream)(subject),
    mayReadAll: allOf,
    mayConsume: (stream, consumer) => api(`CONSUMER.MSG.NEXT.${stream}.${consumer}`),
  };
}

/** Streams are few: what is asked at every read is looked up without making a text first. */
function perStream<Answer>(of: (stream: string) => Answer): (stream: string) => Answer {
  const known = new Map<string, Answer>();
  return (stream) => {
    const answer = known.get(stream) ?? of(stream);
    known.set(stream, answer);
    return answer;
  };
}
