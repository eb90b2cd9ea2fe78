import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LOG_ERRORS, logFault, type LogErrorCode } from './errors.js';

describe('the table of faults', () => {
  it('is pinned: codes are promises to operators and scripts', () => {
    expect(Object.entries(LOG_ERRORS).map(([code, { kind }]) => `${code} ${kind}`)).toMatchInlineSnapshot(`
      [
        "log.bad-draft invalid",
        "log.too-large invalid",
        "log.bad-message invalid",
        "log.newer-release transient",
        "log.chain-broken invalid",
        "log.regressed transient",
        "log.stream-mismatch invalid",
        "log.unauthorized unauthorized",
        "log.unreachable transient",
        "log.no-right transient",
        "log.full transient",
        "log.refused transient",
        "log.read-failed transient",
        "log.outcome-unknown unknown-outcome",
        "log.not-carried invalid",
        "log.no-export invalid",
        "log.blob-missing invalid",
        "log.blob-tampered invalid",
        "log.blob-erased invalid",
        "log.working-invalid invalid",
        "log.subject-erased invalid",
      ]
    `);
  });

  it('says of each what to do, in a sentence', () => {
    for (const { remedy } of Object.values(LOG_ERRORS)) expect(remedy).toMatch(/^[A-Z].{20,}\.$/);
  });

  it('holds no code that nothing throws', () => {
    const sources = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && file !== 'errors.ts' && !file.startsWith('conformance'))
      .map((file) => readFileSync(join(import.meta.dirname, file), 'utf8'))
      .join('\n');
    expect(Object.keys(LOG_ERRORS).filter((code) => !sources.includes(`'${code}'`))).toEqual([]);
  });

  it('ends every message with the remedy', () => {
    const code: LogErrorCode = 'log.full';
    expect(logFault(code, 'stream EVENTS-0').message).toBe(`stream EVENTS-0. ${LOG_ERRORS[code].remedy}`);
  });
});
