/** Which mail server things are sent to, with the login kept in the vault under `smtp.outbound`. */
import { Fault } from '@soloist/kernel';
import { z } from 'zod';
import type { SmtpEndpoint } from '../connectors/mail/smtp.sender.js';
import type { PostOffice } from '../ports/connectors.ports.js';
import type { SecretVault } from '../ports/secret-vault.port.js';

export const OUTBOUND_SECRET = 'smtp.outbound';
const IMPLICIT_TLS_PORT = 465;
const Login = z.strictObject({ user: z.string().min(1), password: z.string().min(1) });

/** The sandbox asks for no login; its post office opens with the first mail if it has not before. */
export function sandboxEndpoint(postOffice: PostOffice): () => Promise<SmtpEndpoint> {
  return async () => ({ ...(await postOffice.open()), isSecure: false, login: null });
}

/** Read at each use, so that a changed secret counts without a restart. */
export function relayEndpoint(relay: { readonly host: string; readonly port: number }, vault: SecretVault): () => Promise<SmtpEndpoint> {
  return async () => {
    const secret = await vault.get(OUTBOUND_SECRET);
    return { ...relay, isSecure: relay.port === IMPLICIT_TLS_PORT, login: secret === null ? null : parseLogin(secret) };
  };
}

function parseLogin(secret: string): z.output<typeof Login> {
  try {
    return Login.parse(JSON.parse(secret));
  } catch {
    // The cause would quote the secret.
    throw new Fault('unauthorized', 'mail.login-unreadable', `The secret ${OUTBOUND_SECRET} must be JSON with "user" and "password"; set it again.`);
  }
}
