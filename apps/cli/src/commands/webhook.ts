/** `soloist webhook list|add|rotate|remove|test`: where notices of gates are posted */
import { randomBytes } from 'node:crypto';
import { EXIT } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { requireApi, requireInstance } from '../installation.js';
import { wholeNumber } from '../options.js';
import type { Surroundings } from '../surroundings.js';

type Options = Readonly<Record<string, unknown>>;

/** GET /v1/webhooks */
export interface Webhook {
  readonly endpointId: string;
  readonly url: string;
  readonly types: readonly string[];
  readonly reach: string;
  readonly state: string;
  readonly failuresInARow: number;
  readonly lastCode: string | null;
}

const SECRET_BYTES = 32;
const HOUR_MS = 3_600_000;
const MOST_OVERLAP_HOURS = 24 * 30;

export async function webhookListCommand(surroundings: Surroundings): Promise<void> {
  const { output } = surroundings;
  const { webhooks } = await (await requireApi(surroundings)).get<{ webhooks: readonly Webhook[] }>('/v1/webhooks');
  output.json({ type: 'webhook.list', webhooks });
  if (webhooks.length === 0) return output.message('no webhooks; add one: ./soloist webhook add https://ADDRESS');
  await output.table(
    ['id', 'state', 'failures', 'last', 'types', 'address'],
    webhooks.map(({ endpointId, state, failuresInARow, lastCode, types, url }) => [endpointId, state, String(failuresInARow), lastCode ?? '-', types.join(','), url]),
  );
}

/** The secret is the one line on standard output, shown this once; the vault has it from here, and no other service. */
export async function webhookAddCommand(surroundings: Surroundings, options: Options, url = ''): Promise<void> {
  const { output } = surroundings;
  const { keepWebhookSecret } = await import('@soloist/host');
  const { paths } = await requireInstance(surroundings);
  const api = await requireApi(surroundings);
  const types = options['types'] === undefined ? {} : { types: String(options['types']).split(',').map((type) => type.trim()) };
  const added = await api.post<Webhook>('/v1/webhooks', { url, reach: options['reach'] ?? 'public', ...types });
  const secret = newSecret();
  try {
    await keepWebhookSecret(paths, added.endpointId, secret);
  } catch (error) {
    await api.post(`/v1/webhooks/${added.endpointId}/remove`, {});
    throw error;
  }
  output.json({ type: 'webhook.added', ...added, secret });
  output.line(secret);
  output.message(`${added.endpointId}: ${added.types.join(', ')} go to ${added.url}, signed with this secret, which is shown once. Try it: ./soloist webhook test ${added.endpointId}`);
}

/** A new secret, shown this once; the one before it signs beside it for as long as it takes to change the receiver. */
export async function webhookRotateCommand(surroundings: Surroundings, options: Options, id = ''): Promise<void> {
  const { output } = surroundings;
  const hours = wholeNumber('--overlap', options['overlap'], 0, MOST_OVERLAP_HOURS);
  const { changeWebhookSecret } = await import('@soloist/host');
  const { paths } = await requireInstance(surroundings);
  const { webhooks } = await (await requireApi(surroundings)).get<{ webhooks: readonly Webhook[] }>('/v1/webhooks');
  const webhook = webhooks.find(({ endpointId }) => endpointId === id);
  if (webhook === undefined) throw new Failure('cli.no-such-webhook', `there is no webhook ${id}`, './soloist webhook list', EXIT.notFound);
  const secret = newSecret();
  const until = new Date(Date.now() + hours * HOUR_MS);
  await changeWebhookSecret(paths, id, secret, until);
  output.json({ type: 'webhook.rotated', endpointId: id, secret, until: until.toISOString() });
  output.line(secret);
  const before = hours === 0 ? 'The one before it signs nothing any more.' : `The one before it signs too until ${until.toISOString()}; give the receiver this one by then.`;
  output.message(`${id}: posts to ${webhook.url} are signed with this secret from now on, which is shown once. ${before} Try it: ./soloist webhook test ${id}`);
}

function newSecret(): string {
  return `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
}

export async function webhookRemoveCommand(surroundings: Surroundings, _options: Options, id = ''): Promise<void> {
  const { output } = surroundings;
  const { forgetWebhookSecret } = await import('@soloist/host');
  const { paths } = await requireInstance(surroundings);
  const webhook = await (await requireApi(surroundings)).post<Webhook>(`/v1/webhooks/${encodeURIComponent(id)}/remove`, {});
  await forgetWebhookSecret(paths, webhook.endpointId);
  output.json({ type: 'webhook.removed', webhook });
  output.line(`${webhook.endpointId}  removed`);
}

export async function webhookTestCommand(surroundings: Surroundings, _options: Options, id = ''): Promise<number> {
  const { output } = surroundings;
  const test = await (await requireApi(surroundings)).post<{ endpointId: string; isDelivered: boolean | null; code: string | null }>(`/v1/webhooks/${encodeURIComponent(id)}/test`, {});
  output.json({ type: 'webhook.tested', ...test });
  output.line(`${test.endpointId}  ${test.isDelivered === null ? 'no outcome yet' : test.isDelivered ? 'delivered' : `failed: ${test.code ?? 'unknown'}`}`);
  if (test.isDelivered === null) return EXIT.timedOut;
  return test.isDelivered ? EXIT.ok : EXIT.failed;
}
