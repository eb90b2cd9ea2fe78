import { join, resolve } from 'node:path';
import { z } from 'zod';

const port = z.coerce.number('must be a port number').int('must be a whole number').min(0, 'must be 0 or more').max(65_535, 'must be 65535 or less');

export const ConnectorsConfig = z
  .object({
    SOLOIST_DATA_DIR: z.string().min(1).default('.soloist'),
    /** Default: `keep` in the data folder. */
    SOLOIST_KEEP_DIR: z.string().min(1).optional(),
    /** Default: `secrets` in the data folder. */
    SOLOIST_SECRETS_DIR: z.string().min(1).optional(),
    /** Where the log is stored, when it is stored on this machine. Default: the data folder. */
    SOLOIST_STORE_DIR: z.string().min(1).optional(),
    SOLOIST_SMTP_HOST: z.string().min(1).default('127.0.0.1'),
    /** 0 takes any free port; a taken one gives way to the next free one. */
    SOLOIST_SMTP_PORT: port.default(2525),
    /** Without it everything sent goes to the sandbox post office. */
    SOLOIST_OUTBOUND_SMTP_HOST: z.string().min(1).optional(),
    SOLOIST_OUTBOUND_SMTP_PORT: port.default(587),
    SOLOIST_OPERATOR_ADDRESS: z.email('must be a mail address').default('operator@soloist.example'),
    /** Default: `governance-signing.pub` in the secrets folder. */
    SOLOIST_GOVERNANCE_PUBLIC_KEY_FILE: z.string().min(1).optional(),
  })
  .transform((environment) => {
    const dataFolder = resolve(environment.SOLOIST_DATA_DIR);
    const secretsFolder = resolve(environment.SOLOIST_SECRETS_DIR ?? join(dataFolder, 'secrets'));
    const { SOLOIST_OUTBOUND_SMTP_HOST: outboundHost, SOLOIST_OUTBOUND_SMTP_PORT: outboundPort } = environment;
    return {
      dataFolder,
      storeFolder: resolve(environment.SOLOIST_STORE_DIR ?? dataFolder),
      keepFolder: resolve(environment.SOLOIST_KEEP_DIR ?? join(dataFolder, 'keep')),
      secretsFolder,
      smtp: { host: environment.SOLOIST_SMTP_HOST, port: environment.SOLOIST_SMTP_PORT },
      /** Null: the sandbox. */
      outbound: outboundHost === undefined ? null : { host: outboundHost, port: outboundPort },
      operatorAddress: environment.SOLOIST_OPERATOR_ADDRESS,
      governancePublicKeyFile: resolve(environment.SOLOIST_GOVERNANCE_PUBLIC_KEY_FILE ?? join(secretsFolder, 'governance-signing.pub')),
    };
  });
export type ConnectorsConfig = z.output<typeof ConnectorsConfig>;
