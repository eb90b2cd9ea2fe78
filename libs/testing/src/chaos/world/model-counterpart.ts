/**
 * A provider that speaks OpenAI's chat completions and keeps its own bill. It asks for one mail, then says that it is done.
 *
 * I1 a call is on the bill before any answer is thought of: what is lost on the way back costs all the same
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** `lose`: charged, and the answer is lost · `fail`: charged, and answered with 500 · `slow`: charged, and answered late */
export type ModelFate = 'answer' | 'lose' | 'fail' | 'slow';

export interface Billed {
  /** The word by which the mail that it was about can be told. */
  readonly token: string;
  readonly micros: number;
}

/** What a token costs; the runtime is configured with the same. */
export const MICROS_PER_MILLION = { input: 1_000_000, output: 2_000_000 } as const;
const USAGE: Usage = { prompt_tokens: 200, completion_tokens: 20 };
const SLOW_MS = 1_500;

export interface Usage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
}

interface Asked {
  readonly messages: readonly { readonly role: string; readonly content: unknown }[];
  readonly tools?: readonly { readonly function: { readonly name: string } }[];
}

export class ModelCounterpart {
  readonly bill: Billed[] = [];
  readonly fates = new Map<ModelFate, number>();
  fateOfNext: () => ModelFate = () => 'answer';
  usage = USAGE;
  /** How long any answer takes. */
  takesMs = 0;
  mostAtOnce = 0;
  #atOnce = 0;
  readonly #server: Server;

  /** `token` finds the word in a prompt. */
  private constructor(private readonly token: RegExp) {
    this.#server = createServer((request, response) => this.#onRequest(request, response));
  }

  static async listen(token: RegExp): Promise<ModelCounterpart> {
    const counterpart = new ModelCounterpart(token);
    await new Promise<void>((listening) => counterpart.#server.listen(0, '127.0.0.1', listening));
    return counterpart;
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }

  #onRequest(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    // A caller that was killed while it asked has asked nothing.
    request.on('error', () => response.destroy());
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => this.#answer(JSON.parse(Buffer.concat(chunks).toString()) as Asked, response));
  }

  /** Recalled facts quote other mails; the mail that is to be answered stands last. */
  #tokenIn({ messages }: Asked): string {
    const told = messages.filter(({ role }) => role === 'user').map(({ content }) => textOf(content)).join('\n');
    return [...told.matchAll(this.token)].at(-1)?.[0] ?? 'none';
  }

  #answer(asked: Asked, response: ServerResponse): void {
    const token = this.#tokenIn(asked);
    const { usage } = this;
    this.bill.push({ token, micros: microsOf(usage) });
    this.#atOnce += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#atOnce);
    response.once('close', () => (this.#atOnce -= 1));
    const fate = this.fateOfNext();
    this.fates.set(fate, (this.fates.get(fate) ?? 0) + 1);
    const answer = (): void => void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(completionFor(asked, token, usage)));
    if (fate === 'lose') response.destroy();
    else if (fate === 'fail') response.writeHead(500, { 'content-type': 'application/json' }).end('{"error":{"message":"it broke","type":"server_error"}}');
    else if (fate === 'slow' || this.takesMs > 0) setTimeout(answer, this.takesMs + (fate === 'slow' ? SLOW_MS : 0));
    else answer();
  }
}

function microsOf({ completion_tokens, prompt_tokens }: Usage): number {
  return (prompt_tokens * MICROS_PER_MILLION.input + completion_tokens * MICROS_PER_MILLION.output) / 1_000_000;
}

function textOf(content: unknown): string {
  return typeof content === 'string' ? content : JSON.stringify(content);
}

function completionFor({ messages, tools }: Asked, token: string, usage: Usage): unknown {
  const isDone = messages.some(({ role }) => role === 'tool');
  const tool = tools?.[0]?.function.name ?? 'mail_send';
  const args = JSON.stringify({ to: ['ada@client.example'], subject: `Re: ${token}`, text: `95 EUR an hour, as to ${token}.`, inReplyTo: null });
  const call = { id: 'call_1', type: 'function', function: { name: tool, arguments: args } };
  const message = isDone ? { role: 'assistant', content: 'The reply was sent.' } : { role: 'assistant', content: null, tool_calls: [call] };
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1,
    model: 'chaos-model',
    choices: [{ index: 0, message, finish_reason: isDone ? 'stop' : 'tool_calls', logprobs: null }],
    usage: { ...usage, total_tokens: usage.prompt_tokens + usage.completion_tokens },
  };
}
