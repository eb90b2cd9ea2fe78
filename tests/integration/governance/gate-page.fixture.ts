/** A phone in front of the approval page: plain HTTP without a token, forms as a browser sends them. */
import { request, type IncomingMessage } from 'node:http';
import { call } from './api-client.fixture.js';
import type { Company } from './company.fixture.js';

export interface Shown {
  readonly status: number;
  readonly text: string;
  readonly headers: IncomingMessage['headers'];
}

export async function linkTo(company: Company, gateId: string): Promise<string> {
  const { status, body } = await call(company, 'POST', `/v1/gates/${gateId}/link`);
  if (status !== 200) throw new Error(`no link to ${gateId}: ${JSON.stringify(body)}`);
  return new URL(body.url as string).pathname;
}

export function visit(company: Company, path: string, { method = 'GET', headers = {}, body }: { method?: string; headers?: Record<string, string>; body?: string } = {}): Promise<Shown> {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const sent = request(`${company.api}${path}`, { method, headers: { ...length, ...headers } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString(), headers: response.headers }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

export function submit(company: Company, path: string, fields: Readonly<Record<string, string>>, headers: Record<string, string> = {}): Promise<Shown> {
  return visit(company, path, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded', origin: company.api, ...headers }, body: new URLSearchParams(fields).toString() });
}

/** The code in a page; every form of it holds the same. */
export function codeIn({ text }: Shown): string {
  const code = /name="code" value="([^"]+)"/.exec(text)?.[1];
  if (code === undefined) throw new Error(`the page holds no code: ${text.slice(0, 300)}`);
  return code;
}
