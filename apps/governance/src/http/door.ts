/**
 * What every request passes before anything else looks at it.
 *
 * I1 a request reaches us by a loopback name and our own port, or not at all: a page elsewhere that points its name at
 *    this machine (DNS rebinding) is refused, and so is a request that a foreign page sends
 * I2 whoever has no token learns nothing but that one is needed; the health route alone is open
 * I3 approval pages ask for a code of their own in place of the token, and are all that a foreign name that the operator
 *    configured (a proxy or tunnel for the phone) can reach
 */
import type { NextFunction, Request, Response } from 'express';
import type { ApiTokens } from '../ports/api-tokens.port.js';
import { errorBody } from './api-error.js';

const LOOPBACK_NAMES = ['127.0.0.1', 'localhost', '[::1]'];
const BEARER = /^Bearer ([A-Za-z0-9_-]{16,256})$/;

export function doorOf(tokens: ApiTokens, approvalOrigin: string | null = null): (request: Request, response: Response, next: NextFunction) => void {
  return (request, response, next) => {
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.setHeader('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'");
    const port = request.socket.localPort;
    const hosts = LOOPBACK_NAMES.map((name) => `${name}:${port}`);
    if (isApproval(request) && fitsOrigin(request, approvalOrigin)) return next();
    if (!hosts.includes((request.headers.host ?? '').toLowerCase())) {
      return refuse(response, 403, 'host.foreign', 'This address is not one of ours.', `Use http://127.0.0.1:${port}.`);
    }
    const { origin } = request.headers;
    if (origin !== undefined && !hosts.some((host) => origin.toLowerCase() === `http://${host}`)) {
      return refuse(response, 403, 'origin.foreign', 'Requests of other sites are not served.', 'Use the command line, or a page of this address.');
    }
    if ((request.method === 'GET' && request.path === '/health') || isApproval(request)) return next();
    const token = BEARER.exec(request.headers.authorization ?? '')?.[1];
    if (token === undefined || !tokens.isValid(token)) {
      response.setHeader('WWW-Authenticate', 'Bearer');
      return refuse(response, 401, 'token.needed', 'A valid token is needed.', 'Send Authorization: Bearer with the token from the file api-token in the secrets folder.');
    }
    next();
  };
}

function isApproval({ path }: Request): boolean {
  return path.startsWith('/approve/');
}

/** A name of the operator's own, and a request that a page of that name sent, or none. */
function fitsOrigin({ headers: { host, origin } }: Request, approvalOrigin: string | null): boolean {
  return approvalOrigin !== null && host?.toLowerCase() === new URL(approvalOrigin).host && (origin === undefined || origin.toLowerCase() === approvalOrigin);
}

function refuse(response: Response, status: number, code: string, message: string, next: string): void {
  response.status(status).json(errorBody(code, message, next));
}
