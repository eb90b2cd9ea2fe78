/** Whether a service has taken in everything that is on the log, as the broker's monitoring counts it. */
import { setTimeout as pause } from 'node:timers/promises';
import { HostError } from './host-error.js';
import type { Instance } from './instance.js';

const LOOK_EVERY_MS = 50;

interface Monitoring {
  readonly account_details?: readonly { readonly stream_detail?: readonly { readonly consumer_detail?: readonly ConsumerDetail[] | null }[] }[];
}
interface ConsumerDetail {
  readonly name: string;
  readonly num_pending: number;
  readonly num_ack_pending: number;
}

/** Waits until none of the service's reactors has work. @throws HostError host.not-ready-in-time */
export async function untilCalm(instance: Instance, service: string, timeoutMs: number): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  let open = Number.NaN;
  while (performance.now() < deadline) {
    open = await openWork(instance, service);
    if (open === 0) return;
    await pause(LOOK_EVERY_MS);
  }
  throw new HostError('host.not-ready-in-time', `${service} still has ${open} messages to look at after ${timeoutMs / 1_000} s`, './soloist doctor', { exitCode: 8 });
}

async function openWork({ bus }: Instance, service: string): Promise<number> {
  if (bus === null) return 0;
  const response = await fetch(new URL('/jsz?accounts=true&streams=true&consumers=true', bus.healthUrl), { signal: AbortSignal.timeout(2_000) });
  const body = (await response.json()) as Monitoring;
  const streams = (body.account_details ?? []).flatMap((account) => account.stream_detail ?? []);
  const consumers = streams.flatMap((stream) => stream.consumer_detail ?? []).filter(({ name }) => name === `${service}_reactors`);
  return consumers.reduce((sum, consumer) => sum + consumer.num_pending + consumer.num_ack_pending, 0);
}
