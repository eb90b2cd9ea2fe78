/**
 * Posts by Standard Webhooks: headers `webhook-id`, `webhook-timestamp` and `webhook-signature` (v1, HMAC-SHA256).
 *
 * I1 the secrets come from the vault for each post and stand in no outcome: an outcome is a code
 * I2 no redirect is followed, no proxy of the environment used, and nothing of the answer's body kept
 * I3 a post ends in time, whatever the receiver does; one that was late rests for as long, so that a line of posts does not
 *    hold up the end of the service
 */
import { request as httpRequest, Agent as HttpAgent, type IncomingMessage } from 'node:http';
import { request as httpsRequest, Agent as HttpsAgent } from 'node:https';
import { isFault } from '@soloist/kernel';
import { Webhook } from 'standardwebhooks';
import type { SecretVault } from '../ports/secret-vault.port.js';
import type { PostOutcome, Webhooks } from '../ports/webhooks.port.js';
import { ADDRESS_REFUSED, checkedLookup, isLiteralReachable } from './address-check.js';
import { signingSecrets } from './signing-secrets.js';

const WITHIN_MS = 10_000;
const MAX_HEADER_BYTES = 16 * 1024;

const NO_SECRET = { kind: 'failed', code: 'webhook.no-secret', retryAfterMs: 0 } as const;
const NO_VAULT = { kind: 'failed', code: 'webhook.vault', retryAfterMs: 0 } as const;
const NOT_THERE = { kind: 'failed', code: 'webhook.address-refused', retryAfterMs: 0 } as const;
const REDIRECTED = { kind: 'failed', code: 'webhook.redirected', retryAfterMs: 0 } as const;
const UNREACHABLE = { kind: 'failed', code: 'webhook.unreachable', retryAfterMs: 0 } as const;
const LATE = { kind: 'failed', code: 'webhook.late', retryAfterMs: 0 } as const;

type Target = Parameters<Webhooks['post']>[0];

/** Under which name the vault keeps the secrets of an endpoint (signing-secrets.ts). */
export function webhookSecretName(endpointId: string): string {
  return `webhook.${endpointId}`;
}

export interface SignedWebhooksOptions {
  readonly now?: () => Date;
  readonly withinMs?: number;
}

export function signedWebhooks(vault: Pick<SecretVault, 'get'>, { now = () => new Date(), withinMs = WITHIN_MS }: SignedWebhooksOptions = {}): Webhooks {
  const restsUntil = new Map<string, number>();
  return {
    post: async (endpoint, messageId, payload) => {
      if ((restsUntil.get(endpoint.endpointId) ?? 0) > performance.now()) return LATE;
      const signers = await signersOf(vault, endpoint.endpointId, now());
      if ('kind' in signers) return signers;
      const url = targetOf(endpoint);
      if (!(url instanceof URL)) return url;
      const at = now();
      const headers = {
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(payload)),
        'user-agent': 'soloist',
        'webhook-id': messageId,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
        'webhook-signature': signers.map((signer) => signer.sign(messageId, at, payload)).join(' '),
      };
      const outcome = await send(url, endpoint, headers, payload, withinMs);
      if (outcome === LATE) restsUntil.set(endpoint.endpointId, performance.now() + withinMs);
      else restsUntil.delete(endpoint.endpointId);
      return outcome;
    },
  };
}

async function signersOf(vault: Pick<SecretVault, 'get'>, endpointId: string, now: Date): Promise<readonly Webhook[] | PostOutcome> {
  try {
    const kept = await vault.get(webhookSecretName(endpointId));
    return kept === null ? NO_SECRET : signingSecrets(kept, now).map((secret) => new Webhook(secret));
  } catch (error) {
    // The library's own error could quote the secret.
    return isFault(error) ? NO_VAULT : NO_SECRET;
  }
}

function targetOf({ url: text, reach }: Target): URL | PostOutcome {
  if (!URL.canParse(text)) return NOT_THERE;
  const url = new URL(text);
  const isSchemeGood = url.protocol === 'https:' || (url.protocol === 'http:' && reach === 'loopback');
  return isSchemeGood && url.username === '' && url.password === '' && isLiteralReachable(url.hostname, reach) ? url : NOT_THERE;
}

function send(url: URL, { reach }: Target, headers: Readonly<Record<string, string>>, payload: string, withinMs: number): Promise<PostOutcome> {
  const isHttps = url.protocol === 'https:';
  // A connection of its own for each post: what an agent kept was checked for another.
  const agent = isHttps ? new HttpsAgent() : new HttpAgent();
  const options = { method: 'POST', headers, agent, lookup: checkedLookup(reach), maxHeaderSize: MAX_HEADER_BYTES, signal: AbortSignal.timeout(withinMs) };
  return new Promise<PostOutcome>((resolve) => {
    const request = (isHttps ? httpsRequest : httpRequest)(url, options, (response) => {
      resolve(outcomeOf(response));
      response.destroy();
    });
    request.on('error', (error: NodeJS.ErrnoException) => resolve(failureOf(error)));
    request.end(payload);
  }).finally(() => agent.destroy());
}

function outcomeOf({ statusCode: status = 0, headers }: IncomingMessage): PostOutcome {
  if (status >= 200 && status < 300) return { kind: 'delivered' };
  if (status === 410) return { kind: 'gone', code: 'webhook.gone' };
  if (status >= 300 && status < 400) return REDIRECTED;
  return { kind: 'failed', code: status >= 400 && status < 500 ? 'webhook.refused' : 'webhook.broken', retryAfterMs: retryAfterOf(headers['retry-after']) };
}

/** Seconds; a date is not worth trusting a foreign clock for. */
function retryAfterOf(header: string | undefined): number {
  return /^\d{1,7}$/.test(header ?? '') ? Number(header) * 1_000 : 0;
}

function failureOf({ code, name }: NodeJS.ErrnoException): PostOutcome {
  if (code === ADDRESS_REFUSED) return NOT_THERE;
  return name === 'AbortError' || name === 'TimeoutError' ? LATE : UNREACHABLE;
}
