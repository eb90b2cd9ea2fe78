/** Loopback ports and the broker's health check. */
import { createServer } from 'node:net';
import { Fault } from '@soloist/kernel';
import type { BrokerPorts } from './conf.js';

export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/** Two free loopback ports, the preferred ones first. @throws Fault transient when the range is taken */
export async function freePorts(range: PortRange, preferred: BrokerPorts | null): Promise<BrokerPorts> {
  if (preferred !== null && (await isFree(preferred.client)) && (await isFree(preferred.monitoring))) return preferred;
  const found: number[] = [];
  for (let port = range.from; port <= range.to && found.length < 2; port += 1) {
    if (await isFree(port)) found.push(port);
  }
  const [client, monitoring] = found;
  if (client === undefined || monitoring === undefined) {
    throw new Fault('transient', 'no-free-port', `Fewer than two ports are free between ${range.from} and ${range.to}. Stop what uses them or choose another range.`);
  }
  return { client, monitoring };
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

export interface Health {
  readonly isHealthy: boolean;
  /** What the broker said, or why it said nothing. */
  readonly answer: string;
}

/** Whether it says of itself that a write failed. It then keeps the stream frozen until it is started again. */
export function cannotWrite({ answer, isHealthy }: Health): boolean {
  return !isHealthy && /write error|no space left/i.test(answer);
}

export async function healthOf(url: string): Promise<Health> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    const answer = (await response.text()).slice(0, 300).trim();
    return { isHealthy: response.status === 200, answer: `${response.status} ${answer}` };
  } catch (error) {
    return { isHealthy: false, answer: error instanceof Error ? error.message : String(error) };
  }
}

/** Whether the broker that answers here keeps its streams in this folder. */
export async function servesStore(monitoringUrl: string, storeFolder: string): Promise<boolean> {
  try {
    const response = await fetch(`${monitoringUrl}/varz`, { signal: AbortSignal.timeout(2_000) });
    const { jetstream } = (await response.json()) as { jetstream?: { config?: { store_dir?: string } } };
    return jetstream?.config?.store_dir?.startsWith(storeFolder) === true;
  } catch {
    return false; // it is gone again, and with it the answer
  }
}
