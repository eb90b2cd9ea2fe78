/** Under the name that a phone reaches, the door serves approval pages and nothing else. */
import { expect, test } from 'vitest';
import { DoorRig, OPERATOR_TOKEN } from './door.fixture.js';

const ORIGIN = 'https://gates.example.com';

const knock = async (path: string, headers: Record<string, string>, approvalOrigin: string | null = ORIGIN): Promise<number | 'in'> => (await new DoorRig(approvalOrigin).knock({ path, headers })).status;

test('I3 the approval page, from that name or without an origin', async () => {
  expect(await knock('/approve/g/c', { host: 'gates.example.com' })).toBe('in');
  expect(await knock('/approve/g/c', { host: 'Gates.example.com', origin: ORIGIN })).toBe('in');
});

test('I3 nothing else under that name, also with the token', async () => {
  const authorization = `Bearer ${OPERATOR_TOKEN}`;
  for (const path of ['/v1/gates', '/health', '/openapi.json', '/approve', '/Approve/g/c']) expect(await knock(path, { host: 'gates.example.com', authorization })).toBe(403);
});

test('I1 no other name and no other origin', async () => {
  for (const headers of [{ host: 'evil.example' }, { host: 'gates.example.com:8080' }, { host: 'gates.example.com', origin: 'https://evil.example' }, { host: 'gates.example.com', origin: 'null' }]) expect(await knock('/approve/g/c', headers)).toBe(403);
  expect(await knock('/approve/g/c', { host: 'gates.example.com' }, null)).toBe(403);
});

test('I3 on this machine the page asks for no token, everything else does', async () => {
  expect(await knock('/approve/g/c', { host: '127.0.0.1:7420' })).toBe('in');
  expect(await knock('/v1/gates', { host: '127.0.0.1:7420' })).toBe(401);
});
