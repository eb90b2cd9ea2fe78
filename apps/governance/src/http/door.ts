/**
 * What every request passes before anything else looks at it.
 *
 * I1 a request reaches us by a loopback name and our own port, or not at all: a page elsewhere that points its name at
 *    this machine (DNS rebinding) is refused, and so is a request that a foreign page sends
 * I2 whoever has no token learns nothing but that one is needed; the health route alone is open
 * I3 approval pages ask for a code of their own in place of the token, and are all that a foreign name that the operator
 *    configured (a proxy or tunnel for the phone) can reach
 * I4 requests are limited by token, and those of all tokens but the operator's by address; failed authentications too.
 *    What others send takes nothing of what the operator may send, and failures of an address lock out no valid token
 */
import type { NextFunction, Request, Response } from 'express';
import type { ApiTokens } from '../ports/api-tokens.port.js';
import { errorBody } from './api-error.js';
import { admit } from './caller.js';
import { RateLimit, type Rate } from './rate-limits.js';

const LOOPBACK_NAMES = ['127.0.0.1', 'localhost', '[::1]'];
const BEARER = /^Bearer ([A-Za-z0-9_-]{16,256})$/;

/** The operator's and the page's limits stop a program that went wild and no person. */
export const RATES = {
  operator: { burst: 4_000, perSecond: 2_000 },
  token: { burst: 120, perSecond: 40 },
  /** Of all tokens of one address together. */
  address: { burst: 240, perSecond: 80 },
  failure: { burst: 60, perSecond: 1 },
  /** Health and approval pages, by address. */
  open: { burst: 10_000, perSecond: 5_000 },
} as const satisfies Readonly<Record<string, Rate>>;

export interface DoorOptions {
  readonly tokens: ApiTokens;
  /** RFC 3339, UTC. */
  readonly now: () => string;
  readonly approvalOrigin?: string | null;
}

type Limits = Readonly<Record<keyof typeof RATES, RateLimit>>;

export function doorOf({ tokens, now, approvalOrigin = null }: DoorOptions): (request: Request, response: Response, next: NextFunction) => void {
  const limits = limitsOf(() => Date.parse(now()));
  return (request, response, next) => {
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.setHeader('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'");
    if (!isOurs(request, response, approvalOrigin)) return;
    if ((request.method === 'GET' && request.path === '/health') || isApproval(request)) {
      if (isWithin(limits.open.take(addressOf(request)), response)) next();
      return;
    }
    enter(request, response, { tokens, now, limits }).then((isIn) => (isIn ? next() : undefined), next);
  };
}

/** False when it is answered already. */
async function enter(request: Request, response: Response, { tokens, now, limits }: { readonly tokens: ApiTokens; readonly now: () => string; readonly limits: Limits }): Promise<boolean> {
  const token = BEARER.exec(request.headers.authorization ?? '')?.[1];
  const found = token === undefined ? ({ outcome: 'unknown' } as const) : await tokens.authenticate(token, now());
  const address = addressOf(request);
  if (found.outcome !== 'caller') {
    if (!isWithin(limits.failure.take(address), response)) return false;
    refuseToken(response, found.outcome);
    return false;
  }
  const { caller } = found;
  const wait = caller.isOperator ? limits.operator.take(caller.name) : limits.token.take(caller.name) || limits.address.take(address);
  if (!isWithin(wait, response)) return false;
  admit(request, caller);
  return true;
}

function limitsOf(now: () => number): Limits {
  const of = (name: keyof typeof RATES): RateLimit => new RateLimit(RATES[name], now);
  return { operator: of('operator'), token: of('token'), address: of('address'), failure: of('failure'), open: of('open') };
}

/** What a forwarding header says is the sender's to choose and counts for nothing. */
function addressOf(request: Request): string {
  return request.socket.remoteAddress ?? 'unknown';
}

/** False when it is answered already. */
function isOurs(request: Request, response: Response, approvalOrigin: string | null): boolean {
  if (isApproval(request) && fitsOrigin(request, approvalOrigin)) return true;
  const port = request.socket.localPort;
  const hosts = LOOPBACK_NAMES.map((name) => `${name}:${port}`);
  if (!hosts.includes((request.headers.host ?? '').toLowerCase())) {
    refuse(response, 403, 'host.foreign', 'This address is not one of ours.', `Use http://127.0.0.1:${port}.`);
    return false;
  }
  const { origin } = request.headers;
  if (origin === undefined || hosts.some((host) => origin.toLowerCase() === `http://${host}`)) return true;
  refuse(response, 403, 'origin.foreign', 'Requests of other sites are not served.', 'Use the command line, or a page of this address.');
  return false;
}

function isApproval({ path }: Request): boolean {
  return path.startsWith('/approve/');
}

/** A name of the operator's own, and a request that a page of that name sent, or none. */
function fitsOrigin({ headers: { host, origin } }: Request, approvalOrigin: string | null): boolean {
  return approvalOrigin !== null && host?.toLowerCase() === new URL(approvalOrigin).host && (origin === undefined || origin.toLowerCase() === approvalOrigin);
}

function isWithin(waitSeconds: number, response: Response): boolean {
  if (waitSeconds === 0) return true;
  response.setHeader('Retry-After', String(waitSeconds));
  refuse(response, 429, 'rate.limited', 'There were too many requests.', `Wait ${waitSeconds} s, as Retry-After says, then go on more slowly.`);
  return false;
}

function refuseToken(response: Response, outcome: 'unknown' | 'expired' | 'revoked'): void {
  response.setHeader('WWW-Authenticate', 'Bearer');
  const next = 'Have a new one made: ./soloist token create. The token of the operator lies in the file api-token.';
  if (outcome === 'expired') refuse(response, 401, 'token.expired', 'The token is over.', next);
  else if (outcome === 'revoked') refuse(response, 401, 'token.revoked', 'The token was revoked.', next);
  else refuse(response, 401, 'token.needed', 'A valid token is needed.', 'Send Authorization: Bearer with the token from the file api-token in the secrets folder.');
}

function refuse(response: Response, status: number, code: string, message: string, next: string): void {
  response.status(status).json(errorBody(code, message, next));
}
