/** The secrets of webhooks, in the vault of the connectors and nowhere else. */
import { connectorsVault, webhookSecretName, withNewSecret } from '@soloist/connectors';
import type { HostPaths } from './paths.js';

export function keepWebhookSecret({ secrets }: Pick<HostPaths, 'secrets'>, endpointId: string, secret: string): Promise<void> {
  return connectorsVault(secrets).set(webhookSecretName(endpointId), secret);
}

/** The secret that signed so far signs beside the new one until then. */
export async function changeWebhookSecret({ secrets }: Pick<HostPaths, 'secrets'>, endpointId: string, secret: string, until: Date): Promise<void> {
  const vault = connectorsVault(secrets);
  const name = webhookSecretName(endpointId);
  await vault.set(name, withNewSecret(await vault.get(name), secret, new Date(), until));
}

/** False when there was none. */
export function forgetWebhookSecret({ secrets }: Pick<HostPaths, 'secrets'>, endpointId: string): Promise<boolean> {
  return connectorsVault(secrets).delete(webhookSecretName(endpointId));
}
