/** The secrets of webhooks, in the vault of the connectors and nowhere else. */
import { connectorsVault, webhookSecretName } from '@soloist/connectors';
import type { HostPaths } from './paths.js';

export function keepWebhookSecret({ secrets }: Pick<HostPaths, 'secrets'>, endpointId: string, secret: string): Promise<void> {
  return connectorsVault(secrets).set(webhookSecretName(endpointId), secret);
}

/** False when there was none. */
export function forgetWebhookSecret({ secrets }: Pick<HostPaths, 'secrets'>, endpointId: string): Promise<boolean> {
  return connectorsVault(secrets).delete(webhookSecretName(endpointId));
}
