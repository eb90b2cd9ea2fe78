/** A provider that speaks chat completions: asks for one mail, then says that it is done. Counts what it was asked. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Body {
  readonly messages: readonly { readonly role: string; readonly content: string | null }[];
}

/** A call as it came in: whose key it carries tells which worker made it. */
export interface ModelCall {
  readonly prompt: string;
  readonly key: string;
}

export interface ModelServer {
  readonly baseUrl: string;
  /** How often a prompt that holds this text was answered. */
  callsAbout(text: string): number;
  callsOf(text: string): readonly ModelCall[];
  close(): Promise<void>;
}

/** @param beforeAnswer what an answer waits for */
export async function startModelServer(beforeAnswer: (call: ModelCall) => Promise<void> = async () => {}): Promise<ModelServer> {
  const calls: ModelCall[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as Body;
      const call = { prompt: JSON.stringify(body.messages), key: request.headers.authorization?.replace('Bearer ', '') ?? '' };
      calls.push(call);
      void beforeAnswer(call).then(() => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(completionFor(body))));
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    callsAbout: (text) => calls.filter(({ prompt }) => prompt.includes(text)).length,
    callsOf: (text) => calls.filter(({ prompt }) => prompt.includes(text)),
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

function completionFor({ messages }: Body): unknown {
  const isDone = messages.some((message) => message.role === 'tool');
  const args = JSON.stringify({ to: ['ada@client.example'], subject: 'Re: rate', text: '95 EUR an hour.', inReplyTo: null });
  const call = { id: 'call_1', type: 'function', function: { name: 'mail_send', arguments: args } };
  const message = isDone ? { role: 'assistant', content: 'The reply was sent.' } : { role: 'assistant', content: null, tool_calls: [call] };
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1,
    model: 'gpt-5-mini',
    choices: [{ index: 0, message, finish_reason: isDone ? 'stop' : 'tool_calls', logprobs: null }],
    usage: { prompt_tokens: 200, completion_tokens: 20, total_tokens: 220 },
  };
}
