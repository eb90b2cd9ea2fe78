/** A door with a clock of its own, and what it answers to a request that never was on a wire. */
import type { Request, Response } from 'express';
import { HashedApiTokens, hashOf, memoryRegister } from '../adapters/hashed.api-tokens.js';
import { doorOf } from './door.js';

export const OPERATOR_TOKEN = 'A'.repeat(43);

export interface Knock {
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly token?: string;
  readonly from?: string;
}

export interface Answered {
  readonly status: number | 'in';
  readonly retryAfter: string | null;
  readonly body: unknown;
}

export class DoorRig {
  readonly tokens = new HashedApiTokens(hashOf(OPERATOR_TOKEN), memoryRegister());
  at = Date.parse('2026-11-25T00:00:00.000Z');
  private readonly door: ReturnType<typeof doorOf>;

  constructor(approvalOrigin: string | null = null) {
    this.door = doorOf({ tokens: this.tokens, now: () => this.now(), approvalOrigin });
  }

  now(): string {
    return new Date(this.at).toISOString();
  }

  knock({ path = '/v1/runs', method = 'GET', headers = { host: '127.0.0.1:7420' }, token, from = '127.0.0.1' }: Knock = {}): Promise<Answered> {
    return new Promise((resolve, reject) => {
      let status = 0;
      let retryAfter: string | null = null;
      const response = {
        setHeader: (name: string, value: string) => (name === 'Retry-After' ? (retryAfter = value) : value),
        status: (given: number) => ((status = given), response),
        json: (body: unknown) => resolve({ status, retryAfter, body }),
      };
      const all = token === undefined ? headers : { ...headers, authorization: `Bearer ${token}` };
      const request = { path, method, headers: all, socket: { localPort: 7420, remoteAddress: from } };
      this.door(request as unknown as Request, response as unknown as Response, (error?: unknown) => (error === undefined ? resolve({ status: 'in', retryAfter, body: null }) : reject(error as Error)));
    });
  }
}
