import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Fault } from '@soloist/kernel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { allTools } from '../domain/tools.js';
import { openPorts } from '../runtime.js';
import { RuntimeConfig } from '../runtime.config.js';
import { mailArgs } from '../runtime.fixture.js';
import type { ModelRequest } from '../ports/model.port.js';
import { UNPARSED } from '../domain/answer.js';
import { openAiModel } from './openai.model.js';

type Reply = (response: ServerResponse, request: IncomingMessage) => void;

/** A server that speaks chat completions as OpenAI documents them, and counts. */
let server: Server;
let baseUrl: string;
let calls: { path: string; headers: IncomingMessage['headers']; body: Record<string, unknown> }[];
let reply: Reply;

beforeEach(async () => {
  calls = [];
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      calls.push({ path: `${request.method} ${request.url}`, headers: request.headers, body: JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown> });
      reply(response, request);
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});

function json(status: number, body: unknown, headers: Record<string, string> = {}): Reply {
  return (response) => response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

const usage = { prompt_tokens: 120, completion_tokens: 30, total_tokens: 150, prompt_tokens_details: { cached_tokens: 100 }, completion_tokens_details: { reasoning_tokens: 8 } };

function completion(message: Record<string, unknown>, more: Record<string, unknown> = {}): Reply {
  const choice = { index: 0, message: { role: 'assistant', content: null, refusal: null, ...message }, logprobs: null, finish_reason: 'tool_calls' in message ? 'tool_calls' : 'stop' };
  return json(200, { id: 'chatcmpl-1', object: 'chat.completion', created: 1, model: 'gpt-5-mini-2025-08-07', choices: [choice], usage, ...more });
}

function toolCall(name: string, text: string): Record<string, unknown> {
  return { tool_calls: [{ id: 'call_1', type: 'function', function: { name, arguments: text } }] };
}

const request: ModelRequest = {
  model: 'some-model',
  messages: [
    { role: 'system', content: 'Be exact.', trust: 'owner', toolCalls: [], callId: null },
    { role: 'user', content: 'What rate?', trust: 'third-party-text', toolCalls: [], callId: null },
    { role: 'assistant', content: '', trust: 'third-party-text', toolCalls: [{ callId: 'call-1', tool: 'mail.send', args: mailArgs }], callId: null },
    { role: 'tool', content: '{"outcome":"refused"}', trust: 'connector-structured', toolCalls: [], callId: 'call-1' },
  ],
  tools: allTools(),
  maxOutputTokens: 77,
  temperature: 0.5,
};

const model = (timeoutMs = 5_000) => openAiModel({ apiKey: 'sk-secret-key', baseUrl, timeoutMs });

async function faultOfCall(timeoutMs?: number): Promise<Fault> {
  const error = await model(timeoutMs).complete(request).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Fault)) throw new Error(`no fault, but ${String(error)}`);
  expect(error.message).not.toContain('sk-secret');
  expect(error.message).not.toContain('What rate?');
  return error;
}

describe('a request', () => {
  it('is one call, in the form the API documents', async () => {
    reply = completion({ content: 'Hello.' });
    await model().complete(request);
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatchObject({ path: 'POST /v1/chat/completions', headers: { authorization: 'Bearer sk-secret-key' } });
    expect(calls[0]?.body).toEqual({
      model: 'some-model',
      max_tokens: 77,
      temperature: 0.5,
      messages: [
        { role: 'system', content: 'Be exact.' },
        { role: 'user', content: 'What rate?' },
        { role: 'assistant', content: null, tool_calls: [{ id: 'call-1', type: 'function', function: { name: 'mail_send', arguments: JSON.stringify(mailArgs) } }] },
        { role: 'tool', tool_call_id: 'call-1', content: '{"outcome":"refused"}' },
      ],
      tools: [{ type: 'function', function: { name: 'mail_send', description: allTools()[0]?.description, parameters: allTools()[0]?.parameters } }],
    });
  });

  it('names the output limit as reasoning models want it, and no temperature', async () => {
    reply = completion({ content: 'Hello.' });
    await model().complete({ ...request, model: 'gpt-5-mini', tools: [] });
    expect(calls[0]?.body).toMatchObject({ max_completion_tokens: 77 });
    expect(Object.keys(calls[0]?.body ?? {}).sort()).toEqual(['max_completion_tokens', 'messages', 'model']);
  });
});

describe('an answer', () => {
  it('brings text, model, finish reason and usage', async () => {
    reply = completion({ content: 'Hello.' });
    expect(await model().complete(request)).toEqual({
      model: 'gpt-5-mini-2025-08-07',
      rehearsal: false,
      text: 'Hello.',
      toolCalls: [],
      finishReason: 'stop',
      usage: { inputTokens: 120, cachedInputTokens: 100, outputTokens: 30 },
    });
  });

  it('brings tool calls under the names of the actions', async () => {
    reply = completion(toolCall('mail_send', JSON.stringify(mailArgs)));
    expect(await model().complete(request)).toMatchObject({ text: '', finishReason: 'tool_calls', toolCalls: [{ callId: 'call_1', tool: 'mail.send', args: mailArgs }] });
  });

  it.each([['{"to": ["ada@'], ['[1]'], ['"text"'], [''], ['{"a":'.repeat(60) + '1' + '}'.repeat(60)], ['{"to":[1e999]}'], ['{"n":-1e400}']])('hands on arguments that are no object: %j', async (text) => {
    reply = completion(toolCall('mail_send', text));
    expect((await model().complete(request)).toolCalls[0]?.args).toEqual({ [UNPARSED]: text });
  });

  it('of a compatible server: parts of text, arguments as an object, calls without type or id', async () => {
    reply = completion({ content: [{ type: 'text', text: 'Hello, ' }, { type: 'text', text: 'Ada.' }], tool_calls: [{ function: { name: 'mail_send', arguments: mailArgs } }] });
    expect(await model().complete(request)).toMatchObject({ text: 'Hello, Ada.', toolCalls: [{ callId: '', tool: 'mail.send', args: mailArgs }] });
    reply = completion({ content: null, refusal: 'No.' });
    expect(await model().complete(request)).toMatchObject({ text: 'No.', toolCalls: [] });
    reply = completion({ content: [], tool_calls: [{ id: 'x', type: 'custom', custom: { name: 'y' } }, { id: 7, type: 'function', function: { name: 'mail_send' } }] });
    expect((await model().complete(request)).toolCalls).toEqual([{ callId: '', tool: 'mail.send', args: { [UNPARSED]: '' } }]);
  });

  it.each([
    [{ content: { text: 'x' } }],
    [{ content: 7 }],
    [{ content: [{ type: 'image_url' }] }],
    [{ content: 'x', tool_calls: { id: 'call_1' } }],
    [{ content: 'x', tool_calls: 'none' }],
    [{ content: 'x', tool_calls: [null] }],
    [{ content: 'x', tool_calls: [{ id: 'a', type: 'function' }] }],
    [{ content: 'x', tool_calls: [{ id: 'a', type: 'function', function: { name: 5, arguments: '{}' } }] }],
  ])('that cannot be read is a fault: %j', async (message) => {
    reply = completion(message);
    expect(await faultOfCall()).toMatchObject({ kind: 'transient', code: 'model.bad-answer' });
  });

  it.each([[null], [[]], [{ choices: [null] }], [{ choices: [{ message: null }] }], [{ choices: [{ message: [] }] }], [{ choices: { 0: {} } }]])('without a message is a fault: %j', async (body) => {
    reply = json(200, body);
    expect(await faultOfCall()).toMatchObject({ kind: 'transient', code: 'model.bad-answer' });
  });

  it.each([[undefined], [null], ['many'], [{ prompt_tokens: 'many', completion_tokens: 1 }], [{ prompt_tokens: -1, completion_tokens: 1 }]])('with usage %j has none', async (odd) => {
    reply = completion({ content: 'Hello.' }, { usage: odd });
    expect((await model().complete(request)).usage).toBeNull();
  });
});

describe('what fails is told apart, and never tried again below the books', () => {
  const error = (code: string | null) => ({ error: { message: 'You wrote: What rate? with sk-secret-key', type: 'x', param: null, code } });

  it.each([
    [429, 'rate_limit_exceeded', { 'retry-after': '7' }, { kind: 'throttled', code: 'model.throttled', retryAfterMs: 7_000 }],
    [429, 'rate_limit_exceeded', { 'retry-after-ms': '250' }, { kind: 'throttled', retryAfterMs: 250 }],
    [429, null, {}, { kind: 'throttled', retryAfterMs: undefined }],
    [429, 'insufficient_quota', {}, { kind: 'unauthorized', code: 'model.quota-exhausted' }],
    [401, 'invalid_api_key', {}, { kind: 'unauthorized', code: 'model.unauthorized' }],
    [403, null, {}, { kind: 'unauthorized' }],
    [400, 'context_length_exceeded', {}, { kind: 'invalid', code: 'model.refused' }],
    [404, 'model_not_found', {}, { kind: 'invalid' }],
    [500, null, {}, { kind: 'transient', code: 'model.failing' }],
    [503, null, {}, { kind: 'transient' }],
  ] as const)('%d %s', async (status, code, headers, expected) => {
    reply = json(status, error(code), headers);
    expect(await faultOfCall()).toMatchObject(expected);
    expect(calls).toHaveLength(1);
  });

  it('a date as Retry-After', async () => {
    reply = json(429, error(null), { 'retry-after': new Date(Date.now() + 60_000).toUTCString() });
    const { retryAfterMs } = await faultOfCall();
    expect(retryAfterMs).toBeGreaterThan(50_000);
    expect(retryAfterMs).toBeLessThanOrEqual(60_000);
  });

  it('a connection that is cut before the answer', async () => {
    reply = (response) => response.destroy();
    expect(await faultOfCall()).toMatchObject({ kind: 'transient', code: 'model.unreachable' });
    expect(calls).toHaveLength(1);
  });

  it('a connection that is cut in the middle of the answer', async () => {
    reply = (response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '5000' });
      response.write('{"id":"chatcmpl-1","choices":[', () => response.destroy());
    };
    expect(await faultOfCall()).toMatchObject({ kind: 'transient' });
    expect(calls).toHaveLength(1);
  });

  it('an answer that is no JSON, or has no choice', async () => {
    reply = (response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"id":');
    expect(await faultOfCall()).toMatchObject({ kind: 'transient', code: 'model.answer-cut' });
    reply = json(200, { error: 'busy' });
    expect(await faultOfCall()).toMatchObject({ kind: 'transient', code: 'model.bad-answer' });
  });

  it('a provider that is too slow', async () => {
    reply = () => undefined;
    expect(await faultOfCall(200)).toMatchObject({ kind: 'transient', code: 'model.timeout' });
    expect(calls).toHaveLength(1);
  });

  it('a provider that is not there', async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
    expect(await faultOfCall()).toMatchObject({ kind: 'transient', code: 'model.unreachable' });
  });
});

describe('without a key', () => {
  it('nobody is called: every alias is the rehearsal model', async () => {
    reply = completion({ content: 'Hello.' });
    const ports = openPorts(RuntimeConfig.parse({ OPENAI_BASE_URL: baseUrl, OPENAI_API_KEY: ' ', SOLOIST_MODEL: 'gpt-5', SOLOIST_MODEL_ALIASES: '{"fast":"gpt-5-nano"}' }));
    for (const alias of ['default', 'fast', 'rehearsal']) expect(ports.modelOfAlias(alias)).toBe('rehearsal');
    expect(ports.modelOfAlias('other')).toBeNull();
    expect(await ports.model.complete({ ...request, model: 'rehearsal' })).toMatchObject({ rehearsal: true, model: 'rehearsal' });
    await expect(ports.model.complete(request)).rejects.toMatchObject({ kind: 'unauthorized', code: 'model.no-key' });
    expect(calls).toHaveLength(0);
  });

  it('with one, the aliases stand for their models', () => {
    const ports = openPorts(RuntimeConfig.parse({ OPENAI_API_KEY: 'sk-x', SOLOIST_MODEL: 'gpt-5', SOLOIST_MODEL_ALIASES: '{"fast":"gpt-5-nano"}' }));
    expect(['default', 'fast', 'rehearsal', 'other', 'toString'].map(ports.modelOfAlias)).toEqual(['gpt-5', 'gpt-5-nano', 'rehearsal', null, null]);
  });

  it('wrong settings name the variable', () => {
    const wrong = RuntimeConfig.safeParse({ OPENAI_BASE_URL: 'localhost', SOLOIST_MODEL_ALIASES: '{', SOLOIST_MODEL_PRICES: '{"m":{"inputMicrosPerMillion":-1}}', SOLOIST_MODEL_TIMEOUT_MS: 'soon' });
    expect(wrong.error?.issues.map((issue) => issue.path[0])).toEqual(['OPENAI_BASE_URL', 'SOLOIST_MODEL_ALIASES', 'SOLOIST_MODEL_PRICES', 'SOLOIST_MODEL_PRICES', 'SOLOIST_MODEL_TIMEOUT_MS']);
  });
});
