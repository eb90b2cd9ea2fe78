/**
 * The life of a service process.
 *
 * I1 it drains on SIGTERM, and when its host has died: a host killed by SIGKILL cannot tell anybody
 * I2 a defect outside any delivery ends the process; the host starts it again and the log has what was done
 */
import { messageOf } from '../host-error.js';
import { isServiceName } from './names.js';
import { runService, type ServiceWiring } from './run-service.js';
import { WIRING_VARIABLE, type ServiceMessage } from './service-channel.js';

const DRAIN_MS = 10_000;

export async function serveOne(name: string): Promise<void> {
  if (!isServiceName(name)) throw new Error(`no service is called ${JSON.stringify(name)}; it is started by: ./soloist up --split`);
  const wiring = process.env[WIRING_VARIABLE];
  if (wiring === undefined) throw new Error(`${WIRING_VARIABLE} is missing; a service process is started by: ./soloist up --split`);
  const ended = untilAsked();
  const { startTelemetry } = await import('@soloist/telemetry');
  const stopTelemetry = await startTelemetry(`soloist-${name}`);
  try {
    const service = await runService(name, JSON.parse(wiring) as ServiceWiring, process.env);
    await tell({ type: 'ready', pid: process.pid });
    await ended;
    // Held work is on the log; what does not finish in time is taken up after the next start.
    setTimeout(() => process.exit(1), DRAIN_MS).unref();
    await service.stop();
    await stopTelemetry();
    process.exit(0);
  } catch (error) {
    await tell({ type: 'failed', because: messageOf(error) });
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  }
}

function untilAsked(): Promise<void> {
  return new Promise((asked) => {
    process.once('SIGTERM', () => asked());
    process.once('SIGINT', () => asked());
    process.once('disconnect', () => asked());
  });
}

function tell(message: ServiceMessage): Promise<void> {
  return new Promise((told) => {
    if (process.send === undefined || !process.connected) return told();
    process.send(message, undefined, {}, () => told());
  });
}
