/** Where the API and the intake listen: the wanted port when one was pinned, otherwise the usual one or the next free. */
import { HostError } from './host-error.js';
import { claimPinned, claimPort, type ClaimedPort } from './ports.js';
import type { Environment } from './service-environment.js';

export const LOOPBACK = '127.0.0.1';
const API_PORT = 7420;
const SMTP_PORT = 2525;

/** `pinned` comes from `--port`, and wins over SOLOIST_HTTP_PORT. @throws HostError host.port-taken */
export async function claimApiPort(pinned: number | null, environment: Environment): Promise<ClaimedPort> {
  const wanted = pinned ?? portIn(environment, 'SOLOIST_HTTP_PORT');
  if (wanted === null) return claimPort(API_PORT, 'API');
  const how = pinned === null ? 'SOLOIST_HTTP_PORT' : '--port';
  return claimPinned(wanted, `API by ${how}`, `choose another ${how}, or leave it out to get the next free port`);
}

export async function claimSmtpPort(environment: Environment): Promise<ClaimedPort> {
  const wanted = portIn(environment, 'SOLOIST_SMTP_PORT');
  if (wanted === null) return claimPort(SMTP_PORT, 'mail intake');
  return claimPinned(wanted, 'mail intake by SOLOIST_SMTP_PORT', 'choose another SOLOIST_SMTP_PORT, or unset it to get the next free port');
}

function portIn(environment: Environment, name: string): number | null {
  const text = environment[name] ?? '';
  if (text === '') return null;
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new HostError('host.port-taken', `${name} is ${JSON.stringify(text)}, but a port is a whole number from 1 to 65535`, `correct or unset ${name}`, { exitCode: 2 });
}
