import { expect, it } from 'vitest';
import { companyDayLimitMicros, modelLine, networkLine } from './service-environment.js';

it('without a key the host says that nothing leaves the computer, whatever base address is set', () => {
  expect(networkLine({})).toContain('nothing leaves your computer');
  expect(networkLine({ OPENAI_BASE_URL: 'https://models.example/v1' })).toContain('nothing leaves your computer');
  expect(modelLine({ OPENAI_API_KEY: '  ' }).what).toContain('rehearsal');
});

it('every way out that is configured is named, and the key is not', () => {
  const environment = { OPENAI_API_KEY: 'sk-very-secret', OPENAI_BASE_URL: 'https://models.example/v1', SOLOIST_POSTGRES_URL: 'postgresql://me:pw@db.example:5432/x', SOLOIST_OUTBOUND_SMTP_HOST: 'smtp.example' };
  const line = networkLine(environment);
  for (const host of ['models.example', 'db.example:5432', 'smtp.example']) expect(line).toContain(host);
  for (const secret of ['sk-very-secret', 'pw@']) expect(`${line} ${modelLine(environment).what}`).not.toContain(secret);
});

it('a model on this machine is no way out', () => {
  expect(networkLine({ OPENAI_API_KEY: 'x', OPENAI_BASE_URL: 'http://127.0.0.1:11434/v1' })).toContain('nothing leaves your computer');
});

it('the company has a limit before anybody has set one', () => {
  expect(companyDayLimitMicros({})).toBe('1000000');
  expect(companyDayLimitMicros({ SOLOIST_COMPANY_DAY_LIMIT_MICROS: '' })).toBe('1000000');
  expect(companyDayLimitMicros({ SOLOIST_COMPANY_DAY_LIMIT_MICROS: '5' })).toBe('5');
});
