/** Plain HTTP, so that token, Host and Origin are the test's to choose. */
import { request, type IncomingMessage } from 'node:http';
import type { Company } from './company.fixture.js';

export interface Answer {
  readonly status: number;
  readonly body: any;
  readonly headers: IncomingMessage['headers'];
}

export interface CallOptions {
  readonly body?: unknown;
  /** Sent as it is. */
  readonly raw?: string;
  readonly headers?: Record<string, string>;
  /** Null for none; the company's own when it is left out. */
  readonly token?: string | null;
}

export function call(company: Company, method: string, path: string, options: CallOptions = {}): Promise<Answer> {
  const token = options.token === undefined ? company.governance.token : options.token;
  const text = options.raw ?? (options.body === undefined ? undefined : JSON.stringify(options.body));
  const headers = {
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    ...(text === undefined ? {} : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) }),
    ...options.headers,
  };
  return new Promise((resolve, reject) => {
    const sent = request(`${company.api}${path}`, { method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const received = Buffer.concat(chunks).toString();
        resolve({ status: response.statusCode ?? 0, body: received === '' ? null : JSON.parse(received), headers: response.headers });
      });
    });
    sent.on('error', reject);
    sent.end(text);
  });
}
