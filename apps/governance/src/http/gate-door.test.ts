/** Under the name that a phone reaches, the door serves approval pages and nothing else. */
import type { Request, Response } from 'express';
import { expect, test } from 'vitest';
import { doorOf } from './door.js';

const ORIGIN = 'https://gates.example.com';

function knock(path: string, headers: Record<string, string>, approvalOrigin: string | null = ORIGIN): number | 'in' {
  let answer: number | 'in' = 0;
  const response = { setHeader: () => response, status: (status: number) => ((answer = status), response), json: () => response } as unknown as Response;
  doorOf({ isValid: (token) => token === 'A'.repeat(43) }, approvalOrigin)({ path, method: 'GET', headers, socket: { localPort: 7420 } } as unknown as Request, response, () => void (answer = 'in'));
  return answer;
}

test('I3 the approval page, from that name or without an origin', () => {
  expect(knock('/approve/g/c', { host: 'gates.example.com' })).toBe('in');
  expect(knock('/approve/g/c', { host: 'Gates.example.com', origin: ORIGIN })).toBe('in');
});

test('I3 nothing else under that name, also with the token', () => {
  const authorization = `Bearer ${'A'.repeat(43)}`;
  for (const path of ['/v1/gates', '/health', '/openapi.json', '/approve', '/Approve/g/c']) expect(knock(path, { host: 'gates.example.com', authorization })).toBe(403);
});

test('I1 no other name and no other origin', () => {
  for (const headers of [{ host: 'evil.example' }, { host: 'gates.example.com:8080' }, { host: 'gates.example.com', origin: 'https://evil.example' }, { host: 'gates.example.com', origin: 'null' }]) expect(knock('/approve/g/c', headers)).toBe(403);
  expect(knock('/approve/g/c', { host: 'gates.example.com' }, null)).toBe(403);
});

test('I3 on this machine the page asks for no token, everything else does', () => {
  expect(knock('/approve/g/c', { host: '127.0.0.1:7420' })).toBe('in');
  expect(knock('/v1/gates', { host: '127.0.0.1:7420' })).toBe(401);
});
