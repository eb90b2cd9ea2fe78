/** A gate as an operator meets it: a client asked, the agent recalled what it knows and drafted an answer. */
import type { EventOf, intake, recall } from '@soloist/contracts';
import { derivedId } from '@soloist/eventlog';
import { claimed, effectRequested, eventsOf, requestRun, runIdOf, say, until, type Company, type Loop } from '../integration/governance/company.fixture.js';

const MAIL = `Dear Jonas,

thank you for your message. The hourly rate we agreed for the Harbour project is 95 EUR, valid until 31 December 2026. Travel within Hamburg is included; anything beyond is billed at cost.

I can start on the second work package on 7 December and would need about 40 hours for it. The invoice for November follows at the end of the month. I have cancelled our call on Thursday.

Kind regards
Ada Brandt`;

export async function openLifelikeGate(company: Company, number: number): Promise<{ runId: string; gateId: string }> {
  const runId = runIdOf(number);
  const inputId = derivedId('input', runId);
  const received: EventOf<typeof intake> = {
    type: 'connectors.intake.input-received',
    data: {
      ...{ inputId, source: 'mail', via: 'office', dataSubject: 'subject-1', messageId: `<${number}@northport.example>`, inReplyTo: null, attachments: [], raw: null, trust: 'third-party-text' },
      from: { name: 'Jonas Feld', address: 'jonas.feld@northport.example' },
      to: [{ name: 'Ada Brandt', address: 'ada@brandt.example' }],
      subject: 'Your hourly rate',
      text: 'Hello Ada, could you confirm the hourly rate for the Harbour project, and when you can start on the second work package? I have 7 December in mind. Best, Jonas',
    },
  };
  await say(company.log, 'connectors', 'intake', inputId, received);
  await requestRun(company.log, runId);
  await until(() => eventsOf(company.log, 'hold', runId), (events) => events.length > 0);
  await say(company.log, 'runtime', 'loop', runId, claimed(runId));
  await say(company.log, 'memory', 'recall', runId, recalled(runId));
  const args = { to: ['jonas.feld@northport.example'], subject: 'Re: Your hourly rate', text: MAIL, inReplyTo: `<${number}@northport.example>` };
  await say(company.log, 'runtime', 'loop', runId, answered(runId), effectRequested(runId, 1, { args }));
  const events = await until(() => eventsOf(company.log, 'gate', runId), (found) => found.some(({ type }) => type === 'governance.gate.opened'));
  const { gateId } = events.find(({ type }) => type === 'governance.gate.opened')?.data as { gateId: string };
  return { runId, gateId };
}

function recalled(runId: string): EventOf<typeof recall> {
  const source = { commit: derivedId('source', 'rate'), index: 0, start: 0, end: 80 };
  const facts = [
    { factId: derivedId('fact', 'rate'), text: 'The hourly rate agreed with Northport for the Harbour project is 95 EUR, valid until 31 December 2026.', score: 0.91, trust: 'verified-internal' as const, source },
    { factId: derivedId('fact', 'travel'), text: 'Travel within Hamburg is included in the rate; anything beyond is billed at cost.', score: 0.74, trust: 'connector-structured' as const, source },
  ];
  return { type: 'memory.recall.answered', data: { recallId: `${runId.slice(0, 24)}-r1`, facts, session: [], index: 'exact@1', asOf: [], dataSubject: 'subject-1' } };
}

function answered(runId: string): Loop {
  const data = {
    ...{ askId: `${runId.slice(0, 24)}-a1`, model: 'rehearsal', rehearsal: true, finishReason: 'tool_calls', inputTokens: 900, outputTokens: 210, costMicros: 3_400, dataSubject: 'subject-1' },
    text: 'Jonas asks for the agreed rate and a start date. I answered from the agreed terms and offered the date he named.',
    toolCalls: [],
  };
  return { type: 'runtime.loop.model-answered', data };
}
