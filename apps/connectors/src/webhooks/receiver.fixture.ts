/** A receiver of webhooks on a real socket, which answers as the test says and verifies with the reference library. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

export const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

export interface Received {
  readonly id: string;
  readonly body: string;
  /** What the reference library makes of it; null when it does not verify. */
  readonly verified: unknown;
  readonly headers: IncomingHttpHeaders;
}

export type Reply = number | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string } | 'silence' | 'hang-up' | 'flood';

export interface Receiver {
  readonly url: string;
  readonly port: number;
  readonly received: Received[];
  /** Bytes of an answer without end that were written until the poster closed, once it has. */
  readonly flooded: Promise<number>;
  /** Asked for each post, with how many came before. */
  reply: (before: number, post: Received) => Reply | Promise<Reply>;
  close(): Promise<void>;
}

export async function openReceiver(secret = SECRET): Promise<Receiver> {
  const received: Received[] = [];
  const verifier = new Webhook(secret);
  const flooded = Promise.withResolvers<number>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('error', () => undefined);
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const post = { id: String(request.headers['webhook-id']), body, verified: verifiedBy(verifier, body, request.headers), headers: request.headers };
      const before = received.push(post) - 1;
      void Promise.resolve(receiver.reply(before, post)).then((reply) => {
        if (reply === 'silence') return;
        if (reply === 'flood') return flood(response, flooded.resolve);
        if (reply === 'hang-up') return void request.socket.destroy();
        const { status, headers = {}, body: text = '' } = typeof reply === 'number' ? { status: reply } : reply;
        response.on('error', () => undefined);
        response.writeHead(status, headers).end(text);
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const receiver: Receiver = {
    ...{ port, received, flooded: flooded.promise, url: `http://127.0.0.1:${port}/hook` },
    reply: () => 204,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return receiver;
}

function flood(response: ServerResponse, onClosed: (bytes: number) => void): void {
  let bytes = 0;
  const more = (): void => {
    do bytes += 65_536;
    while (!response.destroyed && response.write(Buffer.alloc(65_536)));
  };
  response.on('error', () => undefined);
  response.on('drain', more);
  response.on('close', () => onClosed(bytes));
  response.writeHead(200);
  more();
}

function verifiedBy(verifier: Webhook, body: string, headers: IncomingHttpHeaders): unknown {
  try {
    return verifier.verify(body, headers as Record<string, string>);
  } catch {
    return null;
  }
}
