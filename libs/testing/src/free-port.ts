/**
 * Ports for what a test starts itself and cannot let choose its own port.
 *
 * I1 below the ports that the system hands out to outgoing connections: between the look and the listening nobody gets it
 * I2 each process looks in a part of its own, and gives no port out twice
 */
import { createServer } from 'node:net';

const FROM = 3_000;
const TO = 9_950;
const PART = 50;

let next = FROM + ((process.pid * 37) % ((TO - FROM) / PART)) * PART;

/** A loopback port that nobody listens on. @throws Error when all are taken */
export async function freePort(): Promise<number> {
  for (let tried = FROM; tried < TO; tried += 1) {
    const port = next;
    next = port + 1 < TO ? port + 1 : FROM;
    if (await isFree(port)) return port;
  }
  throw new Error(`no port between ${FROM} and ${TO} is free`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
