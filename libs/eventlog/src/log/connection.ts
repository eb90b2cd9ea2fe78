/** Puts the log, its deliveries and the working memory on a broker. */
import { randomUUID } from 'node:crypto';
import { eventStreamName, subjectOf, type Address, type StreamCount } from '@soloist/contracts';
import { canonicalJson } from '@soloist/kernel';
import { HEADER, SCHEDULE, SCHEDULE_TARGET, type OutgoingMessage } from '../codec/message.js';
import { logFault } from '../errors.js';
import type { EventLog, KeyTable, LogConnection, TimerDraft } from '../event-log.port.js';
import { append, refusal, type AppendContext } from './append.js';
import { getBlob, putBlob } from './blobs.js';
import type { Broker } from './broker.port.js';
import { carried, openCarried, storedAt } from './carried-commit.js';
import { deadMessage, lettersOf, outcomeMessage } from './dead-letters.js';
import { decodingWith, type Decoding } from './decoding.js';
import { deliveries } from './delivery.js';
import * as reading from './reading.js';
import { workingMemory } from './working-memory.js';

/** @param writer names this connection for ever; nobody else may ever have the same */
export function logConnection(broker: Broker, streams: StreamCount, keys: KeyTable, writer: string = randomUUID(), decoding: Decoding = decodingWith(keys)): LogConnection {
  const close = (): Promise<void> => broker.close();
  return {
    log: eventLog({ broker, streams, keys, writer, decoding }, close),
    deliveries: deliveries(broker, streams, decoding),
    working: workingMemory(broker, keys),
    keys,
    close,
  };
}

function eventLog(context: AppendContext, close: () => Promise<void>): EventLog {
  const { broker, streams, keys } = context;
  return {
    streams,
    append: (draft) => append(context, draft),
    head: (address) => reading.head(context, address),
    read: (address) => reading.read(context, address),
    history: (address) => reading.history(context, address),
    episode: (runId) => reading.episode(context, runId),
    readAfter: (stream, sequence, limit) => reading.readAfter(context, stream, sequence, limit),
    lastSequence: (stream) => broker.lastSequence(eventStreamName(stream)),
    putBlob: (owner, bytes, dataSubject) => putBlob(broker, keys, owner, bytes, dataSubject),
    getBlob: (ref) => getBlob(broker, keys, ref),
    command: (address, command) => publish(broker, commandMessage(address, command)),
    commitAt: (position) => reading.commitAt(context, position),
    carry: async (position) => {
      const stored = await storedAt(context, position);
      return stored === null ? null : carried(position, stored);
    },
    openCarried: (text) => openCarried(context, text),
    dead: (letter) => publish(broker, deadMessage(letter)),
    settle: (outcome) => publish(broker, outcomeMessage(outcome)),
    letters: () => lettersOf(broker),
    arm: (timer) => publish(broker, timerMessage(timer)),
    close,
  };
}

function commandMessage(address: Address, command: { id: string; actor: string; body: unknown }): OutgoingMessage {
  return {
    subject: subjectOf('cmd', address),
    headers: [[HEADER.commit, command.id], [HEADER.actor, command.actor]],
    body: Buffer.from(canonicalJson(command.body)),
  };
}

/**
 * One subject per timer, since a second schedule on a subject replaces the first. The due message is published on the
 * subject of what is to be looked at, and carries this body.
 */
function timerMessage({ timerId, address, dueAt, body }: TimerDraft): OutgoingMessage {
  return {
    subject: subjectOf('timer', { ...address, key: timerId }),
    headers: [[SCHEDULE, `@at ${dueAt}`], [SCHEDULE_TARGET, subjectOf('due', address)]],
    body: Buffer.from(canonicalJson({ timerId, body })),
  };
}

/** All kinds are told apart by an id, so that sending one twice after an unclear answer is harmless. */
async function publish(broker: Broker, message: OutgoingMessage): Promise<void> {
  const first = await broker.publish(message);
  const answer = first.kind === 'lost' ? await broker.publish(message) : first;
  if (answer.kind === 'stored') return;
  if (answer.kind === 'refused' && first.kind !== 'lost') throw refusal(message.subject, answer);
  throw logFault('log.outcome-unknown', `publish on ${message.subject}: ${'detail' in answer ? answer.detail : answer.kind}`);
}
