/**
 * A run with a model that costs money, on a server that speaks the OpenAI protocol: the books show what its usage costs,
 * the server is asked once for each step, and a replay asks it nothing and comes to the same money.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { replayRun } from '@soloist/host';
import { hostPaths } from '@soloist/host/installation';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, Installation } from '../installation/installation.js';

interface Asked {
  readonly messages: readonly { readonly role: string }[];
}

let asked: Asked[] = [];
let provider: Server;
let company: Installation;

/** First a tool call, then, when the tool's result is there, a closing sentence. */
function completionFor(request: Asked): object {
  const hasResult = request.messages.some((message) => message.role === 'tool');
  const reply = JSON.stringify({ to: ['ada@client.example'], subject: 'Re: priced', text: 'Our rate is 95 EUR an hour.' });
  const message = hasResult
    ? { role: 'assistant', content: 'The reply was sent.' }
    : { role: 'assistant', content: null, tool_calls: [{ id: 'call_1', type: 'function', function: { name: toolName, arguments: reply } }] };
  const usage = { prompt_tokens: hasResult ? 1_400 : 1_000, completion_tokens: 200, total_tokens: 1_200, prompt_tokens_details: { cached_tokens: 256 } };
  return { id: 'chatcmpl-1', object: 'chat.completion', created: 1, model: 'gpt-5-mini', choices: [{ index: 0, message, finish_reason: hasResult ? 'stop' : 'tool_calls' }], usage };
}
let toolName = 'mail.send';

beforeAll(async () => {
  provider = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const parsed = JSON.parse(body) as Asked & { tools?: { function: { name: string } }[] };
      toolName = parsed.tools?.[0]?.function.name ?? toolName;
      asked.push(parsed);
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(completionFor(parsed)));
    });
  });
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
  const { port } = provider.address() as AddressInfo;
  company = await Installation.start({ env: { OPENAI_API_KEY: 'test-key', OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1`, SOLOIST_MODEL: 'gpt-5-mini' } });
}, 120_000);

afterAll(async () => {
  await company.stop();
  provider.close();
}, 60_000);

describe('a priced run', () => {
  it('is asked once a step, charged by its usage, and replayed for nothing [V2] [R5] [M4] [G13]', async () => {
    await company.mail({ subject: 'Question, priced', text: 'What is your hourly rate?' });
    const gate = await eventually('the gate', async () => (await company.gates()).at(0));
    const card = (await company.api(`/v1/gates/${gate.gateId}`)).body as { digest: string };
    expect((await company.decide({ ...gate, digest: card.digest }, 'approve')).status).toBe(200);
    await eventually('the end', async () => (await company.run(gate.runId)).state === 'done');
    expect(asked).toHaveLength(2);
    const run = (await company.run(gate.runId)) as unknown as { spentMicros: number; envelopeMicros: number };
    expect(run.spentMicros).toBeGreaterThan(0);
    expect(run.spentMicros).toBeLessThanOrEqual(run.envelopeMicros);

    asked = [];
    const report = await replayRun({ paths: hostPaths(company.dataDir), runId: gate.runId, environment: {} });
    expect(report.divergences).toEqual([]);
    expect([report.modelCalls, report.effects, asked.length]).toEqual([0, 0, 0]);
    expect(report.fromRecord).toMatchObject({ modelAnswers: 2, receipts: 1 });
  }, 90_000);
});
