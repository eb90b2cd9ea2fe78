import { describe, expect, test } from 'vitest';
import { requireBrokerVersion } from './version.js';

describe('broker version', () => {
  test.each(['2.12.0', '2.12.1', '2.15.1', '3.0.0', 'nats-server: v2.14.0-RC.1'])('%s is new enough', (text) => {
    expect(requireBrokerVersion(text)).toMatch(/^\d+\.\d+\.\d+$/);
  });
  test.each(['nats-server: v2.9.10', '2.11.99', '1.99.99'])('%s is refused with what was found and what to install', (text) => {
    const found = /\d+\.\d+\.\d+/.exec(text)?.[0] ?? '';
    expect(() => requireBrokerVersion(text)).toThrow(`nats-server ${found} is too old, 2.12.0 or later is needed. Install nats-server 2.15.1.`);
  });
  test.each(['', 'command not found'])('%j names no version', (text) => {
    expect(() => requireBrokerVersion(text)).toThrow('Expected a nats-server version');
  });
});
