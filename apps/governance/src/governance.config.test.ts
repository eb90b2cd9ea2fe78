import { expect, test } from 'vitest';
import { readConfig } from '@soloist/service';
import { GovernanceConfig } from './governance.config.js';

const read = (environment: Record<string, string>): GovernanceConfig => readConfig({ name: 'governance', config: GovernanceConfig }, environment);
const postgres = { SOLOIST_POSTGRES_URL: 'postgresql://a@b/c' };

test('folders follow from the data folder unless they are named', () => {
  expect(read({ ...postgres, SOLOIST_DATA_DIR: '/d', SOLOIST_HTTP_HOST: '' })).toEqual({
    keepFolder: '/d/keep',
    secretsFolder: '/d/secrets',
    publicKeyFile: '/d/secrets/governance-signing.pub',
    postgresUrl: 'postgresql://a@b/c',
    httpHost: '127.0.0.1',
    httpPort: 7420,
    approvalOrigin: null,
    companyDayLimit: { micros: 1_000_000, currency: 'USD' },
  });
  expect(read({ ...postgres, SOLOIST_KEEP_DIR: '/k', SOLOIST_SECRETS_DIR: '/s' })).toMatchObject({ keepFolder: '/k', publicKeyFile: '/s/governance-signing.pub' });
});

test('every wrong variable is named with its reason', () => {
  const reading = (): unknown => read({ SOLOIST_HTTP_PORT: '70000', SOLOIST_COMPANY_DAY_LIMIT_MICROS: '1.5' });
  expect(reading).toThrow(/SOLOIST_POSTGRES_URL: is missing/);
  expect(reading).toThrow(/SOLOIST_HTTP_PORT: /);
  expect(reading).toThrow(/SOLOIST_COMPANY_DAY_LIMIT_MICROS: /);
});
