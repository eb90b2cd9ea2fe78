/** What governance reads from its environment. An empty variable counts as unset. */
import { join } from 'node:path';
import { z } from 'zod';
import { PUBLIC_KEY_FILE } from './adapters/ed25519.authorization-signer.js';

const unset = (value: unknown): unknown => (value === '' ? undefined : value);
const text = z.preprocess(unset, z.string().optional());
const whole = (smallest: number, largest: number, otherwise: number): z.ZodType<number> =>
  z.preprocess(unset, z.coerce.number().int().min(smallest).max(largest).default(otherwise));

/** One US dollar a day, until the operator says otherwise. */
const DEFAULT_COMPANY_DAY_LIMIT_MICROS = 1_000_000;
const DEFAULT_PORT = 7420;

export const GovernanceConfig = z
  .object({
    SOLOIST_DATA_DIR: text,
    SOLOIST_KEEP_DIR: text,
    SOLOIST_SECRETS_DIR: text,
    SOLOIST_GOVERNANCE_PUBLIC_KEY_FILE: text,
    SOLOIST_POSTGRES_URL: z.preprocess(unset, z.string({ error: 'is missing: give postgresql://user:password@host:port/database' })),
    SOLOIST_HTTP_HOST: text,
    SOLOIST_HTTP_PORT: whole(0, 65_535, DEFAULT_PORT),
    SOLOIST_APPROVAL_ORIGIN: z.preprocess(unset, z.url({ protocol: /^https?$/, error: 'must be the address that a phone reaches, for example https://gates.example.com' }).transform((url) => new URL(url).origin).optional()),
    SOLOIST_COMPANY_DAY_LIMIT_MICROS: whole(0, Number.MAX_SAFE_INTEGER, DEFAULT_COMPANY_DAY_LIMIT_MICROS),
  })
  .transform((env) => {
    const dataFolder = env.SOLOIST_DATA_DIR ?? '.soloist';
    const secretsFolder = env.SOLOIST_SECRETS_DIR ?? join(dataFolder, 'secrets');
    return {
      keepFolder: env.SOLOIST_KEEP_DIR ?? join(dataFolder, 'keep'),
      secretsFolder,
      publicKeyFile: env.SOLOIST_GOVERNANCE_PUBLIC_KEY_FILE ?? join(secretsFolder, PUBLIC_KEY_FILE),
      postgresUrl: env.SOLOIST_POSTGRES_URL,
      httpHost: env.SOLOIST_HTTP_HOST ?? '127.0.0.1',
      /** 0 takes any free port. */
      httpPort: env.SOLOIST_HTTP_PORT,
      /** Where the operator's phone reaches the approval pages, through a proxy or tunnel; null: this machine only. */
      approvalOrigin: env.SOLOIST_APPROVAL_ORIGIN ?? null,
      /** Prices are in US dollars, so the books are. */
      companyDayLimit: { micros: env.SOLOIST_COMPANY_DAY_LIMIT_MICROS, currency: 'USD' },
    };
  });
export type GovernanceConfig = z.output<typeof GovernanceConfig>;
