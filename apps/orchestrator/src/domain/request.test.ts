import { describe, expect, it } from 'vitest';
import { evolveRequest, initialRequest, receive } from './request.js';

const input = { inputId: 'input-1', source: 'mail', dataSubject: 'subject-1' };
const toArchive = { route: { kind: 'archive' as const }, rule: 'records', reasons: ['For the records.'] };
const toInbox = { route: { kind: 'inbox' as const }, rule: 'otherwise', reasons: ['No rule fits.'] };

describe('receive', () => {
  it('given nothing, records and places the input in one commit (I1)', () => {
    expect(receive(initialRequest, input, toArchive)).toEqual([
      { type: 'orchestrator.request.received', data: input },
      { type: 'orchestrator.request.routed', data: { inputId: 'input-1', route: { kind: 'archive' }, rule: 'records', reasons: ['For the records.'], dataSubject: 'subject-1' } },
    ]);
  });

  it('given a placed request, changes nothing, whatever the rules say now (I2)', () => {
    const placed = receive(initialRequest, input, toArchive).reduce(evolveRequest, initialRequest);
    expect(receive(placed, input, toArchive)).toEqual([]);
    expect(receive(placed, input, toInbox)).toEqual([]);
  });
});
