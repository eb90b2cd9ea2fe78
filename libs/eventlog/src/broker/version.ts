/** Which broker binaries are good enough. An old one drops options without a word, so it is refused by its version. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Fault } from '@soloist/kernel';

/** Schedules and correct leaf sourcing need it. */
export const OLDEST_BROKER = '2.12.0';
/** What everything was measured on. */
export const PREFERRED_BROKER = '2.15.1';

/** @throws Fault invalid when the text names a version below the oldest, or none */
export function requireBrokerVersion(found: string): string {
  const match = /(\d+)\.(\d+)\.(\d+)/.exec(found);
  if (match === null) {
    throw new Fault('invalid', 'broker-version-unknown', `Expected a nats-server version, found ${JSON.stringify(found.slice(0, 80))}. Install nats-server ${PREFERRED_BROKER}.`);
  }
  const oldest = OLDEST_BROKER.split('.').map(Number);
  const parts = [Number(match[1]), Number(match[2]), Number(match[3])];
  const difference = parts.map((part, index) => part - (oldest[index] ?? 0)).find((delta) => delta !== 0) ?? 0;
  if (difference < 0) {
    throw new Fault('invalid', 'broker-too-old', `nats-server ${match[0]} is too old, ${OLDEST_BROKER} or later is needed. Install nats-server ${PREFERRED_BROKER}.`);
  }
  return match[0];
}

/** Asks a binary for its version. @throws Fault invalid when it cannot be run or is too old */
export async function versionOfBinary(binary: string): Promise<string> {
  const output = await promisify(execFile)(binary, ['--version'], { timeout: 10_000 }).catch((cause: unknown) => {
    throw new Fault('invalid', 'broker-not-runnable', `${binary} cannot be run. Install nats-server ${PREFERRED_BROKER} or set SOLOIST_NATS_BIN to it.`, { cause });
  });
  return requireBrokerVersion(output.stdout + output.stderr);
}
