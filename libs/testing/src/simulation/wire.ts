/**
 * What lies between a machine and the broker: each request and each answer takes time, may be lost, may come late, and
 * may arrive after its sender has died.
 *
 * I1 a request of a dead machine arrives only if it was on its way already
 * I2 a lost answer says nothing about the request: it was stored, it was not, or it is stored later
 */
import { DELIVERY } from '@soloist/contracts';
import type { Broker, BrokerSubscription, IncomingMessage, PublishAnswer } from '@soloist/eventlog';
import { Fault } from '@soloist/kernel';
import { never, type Machine } from './machine.js';
import type { Random } from './random.js';

/** Likelihoods, 0 for never. Read anew at each use, so that faults can stop. */
export interface WireFaults {
  readonly loseAnswer: number;
  readonly loseRequest: number;
  /** Answered with a time-out, stored some seconds later. */
  readonly deliverLate: number;
  readonly unreachable: number;
  readonly failRead: number;
  /** Of acks, naks and, in the measure of `TROUBLED_SIGNS`, signs of life. */
  readonly loseSettling: number;
}

/** How often each kind of trouble has struck. */
export class FaultCounts {
  readonly byKind = new Map<string, number>();
  total = 0;

  /** Always true. */
  add(kind: string): true {
    this.byKind.set(kind, (this.byKind.get(kind) ?? 0) + 1);
    this.total += 1;
    return true;
  }
}

const TIMEOUT_MS = 5_000;
const LATEST_MS = 20_000;
/**
 * One sign of life in this many is a call like any other, at which its machine may die or be stopped. Signs are by far
 * the most frequent call: were each of them drawn for, the more often they are given, the more would go wrong.
 */
const TROUBLED_SIGNS = 8;
/** A lost sign is the first of a silence: one alone is always forgiven, and a lease runs out only over several. */
const LONGEST_SILENCE_MS = 2 * DELIVERY.ackWaitMs;

export function wired(inner: Broker, machine: Machine, random: Random, faults: () => WireFaults, counts: FaultCounts): Broker {
  const strikes = (kind: keyof WireFaults): boolean => {
    const likelihood = faults()[kind];
    return likelihood > 0 && random.chance(likelihood) && counts.add(`wire.${kind}`);
  };
  const request = <T>(name: string, work: () => Promise<T>): Promise<T> => exchange(machine, random, name, work);
  const read = <T>(name: string, work: () => Promise<T>): Promise<T> => {
    if (!strikes('failRead')) return request(name, work);
    return machine.sleep(TIMEOUT_MS, name).then(() => {
      throw new Fault('transient', 'log.read-failed', `${name} got no answer`);
    });
  };
  const lost: PublishAnswer = { kind: 'lost', detail: 'no answer in time' };
  const publish: Broker['publish'] = async (message) => {
    const name = `publish ${message.subject}`;
    if (strikes('unreachable')) {
      await machine.hop(name);
      return { kind: 'refused', why: 'unreachable', detail: 'not connected' };
    }
    if (strikes('loseRequest')) return machine.sleep(TIMEOUT_MS, name).then(() => lost);
    if (strikes('deliverLate')) {
      machine.agenda.put(null, TIMEOUT_MS + random.between(0, LATEST_MS), true, () => void inner.publish(message));
      return machine.sleep(TIMEOUT_MS, name).then(() => lost);
    }
    if (!strikes('loseAnswer')) return request(name, () => inner.publish(message));
    machine.agenda.put(null, machine.latency(), true, () => void inner.publish(message));
    return machine.sleep(TIMEOUT_MS, name).then(() => lost);
  };
  const settle = (name: string, work: () => void): void => {
    if (!machine.isUp || strikes('loseSettling')) return;
    machine.meetFate(name);
    send(machine, random.chance(0.5), work);
  };
  const sign = signing(machine, random, strikes);
  return {
    publish,
    last: (stream, subject) => read(`last ${subject}`, () => inner.last(stream, subject)),
    range: (stream, filter, from, limit) => read(`range ${filter ?? stream}`, () => inner.range(stream, filter, from, limit)),
    lastSequence: (stream) => read(`end ${stream}`, () => inner.lastSequence(stream)),
    consume: (stream, consumer, onMessage) => consuming(inner, machine, stream, consumer, (message) => onMessage(settling(message, settle, sign))),
    close: () => Promise.resolve(),
  };
}

/** A request on its way, and its answer on the way back. */
function exchange<T>(machine: Machine, random: Random, name: string, work: () => Promise<T>): Promise<T> {
  machine.meetFate(name);
  if (!machine.isUp) return never();
  const arrivesAnyway = random.chance(0.5);
  return new Promise<T>((resolve, reject) => {
    machine.agenda.put(null, machine.latency(), true, () => {
      if (!machine.isUp && !arrivesAnyway) return;
      work().then(
        (answer) => machine.post(machine.latency(), () => resolve(answer)),
        (error: unknown) => machine.post(machine.latency(), () => reject(error as Error)),
      );
    });
  });
}

async function consuming(inner: Broker, machine: Machine, stream: string, consumer: string, onMessage: (message: IncomingMessage) => void): Promise<BrokerSubscription> {
  if (!machine.isUp) return never();
  const subscription = await inner.consume(stream, consumer, (message) => machine.post(machine.latency(), () => onMessage(message)));
  machine.onDeath(() => void subscription.stop());
  return subscription;
}

function send(machine: Machine, arrivesAnyway: boolean, work: () => void): void {
  machine.agenda.put(null, machine.latency(), false, () => void ((machine.isUp || arrivesAnyway) && work()));
}

type Sign = (subject: string, silence: Silence, work: () => void) => void;

/** How long the signs of one delivery stay unheard. */
interface Silence {
  untilMs: number;
}

function signing(machine: Machine, random: Random, strikes: (kind: keyof WireFaults) => boolean): Sign {
  let signs = 0;
  return (subject, silence, work) => {
    if (!machine.isUp || machine.agenda.now() < silence.untilMs) return;
    signs += 1;
    if (signs % TROUBLED_SIGNS !== 0) return send(machine, true, work);
    if (strikes('loseSettling')) {
      silence.untilMs = machine.agenda.now() + random.between(0, LONGEST_SILENCE_MS);
      return;
    }
    machine.meetFate(`working ${subject}`);
    send(machine, random.chance(0.5), work);
  };
}

function settling(message: IncomingMessage, settle: (name: string, work: () => void) => void, sign: Sign): IncomingMessage {
  const { subject } = message;
  const silence: Silence = { untilMs: 0 };
  return {
    ...message,
    ack: () => settle(`ack ${subject}`, () => message.ack()),
    retryIn: (ms) => settle(`nak ${subject}`, () => message.retryIn(ms)),
    working: () => sign(subject, silence, () => message.working()),
    terminate: (reason) => settle(`term ${subject}`, () => message.terminate(reason)),
  };
}
