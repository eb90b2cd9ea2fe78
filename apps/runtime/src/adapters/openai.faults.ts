/**
 * What an OpenAI-compatible server's failures mean.
 *
 * I1 a fault's text names status and the server's error code only: its messages may quote the prompt, or the key
 * I2 nothing here is unknown-outcome: a model call may be repeated, and its ceiling stays charged
 */
import { APIConnectionError, APIConnectionTimeoutError, APIError } from 'openai';
import { Fault, type FaultKind } from '@soloist/kernel';

/** Null when the error is not the world's: a defect of ours. */
export function faultOf(error: unknown, now: () => number = Date.now): Fault | null {
  if (error instanceof APIConnectionTimeoutError) return new Fault('transient', 'model.timeout', 'The model did not answer in time.');
  if (error instanceof APIConnectionError) return new Fault('transient', 'model.unreachable', 'The model provider could not be reached, or cut the connection.');
  if (error instanceof APIError && typeof error.status === 'number') return faultOfStatus(error.status, error, now);
  // The client reads the body itself: a cut connection in the middle of it, or a body that is no JSON.
  if (error instanceof SyntaxError || (error instanceof TypeError && error.message === 'terminated')) {
    return new Fault('transient', 'model.answer-cut', 'The answer of the model provider broke off or is not JSON.');
  }
  return null;
}

function faultOfStatus(status: number, error: APIError, now: () => number): Fault {
  const named = typeof error.code === 'string' && /^[a-z0-9_.-]{1,60}$/i.test(error.code) ? ` (${error.code})` : '';
  const told = `The model provider answered ${status}${named}.`;
  if (status === 401 || status === 403) return new Fault('unauthorized', 'model.unauthorized', `${told} Check OPENAI_API_KEY and what the key may do.`);
  if (error.code === 'insufficient_quota') return new Fault('unauthorized', 'model.quota-exhausted', `${told} Add credit at the provider, or use another key.`);
  if (status === 429) {
    const retryAfterMs = retryAfterOf(error.headers, now);
    return new Fault('throttled', 'model.throttled', told, retryAfterMs === null ? {} : { retryAfterMs });
  }
  const kind: FaultKind = status >= 500 || status === 408 || status === 409 ? 'transient' : 'invalid';
  const next = kind === 'invalid' ? ' Check the model name and that it takes tools and this output limit.' : '';
  return new Fault(kind, kind === 'invalid' ? 'model.refused' : 'model.failing', `${told}${next}`);
}

/** Milliseconds, seconds or a date (RFC 9110 section 10.2.3). */
function retryAfterOf(headers: Headers | undefined, now: () => number): number | null {
  const exact = Number(headers?.get('retry-after-ms') ?? Number.NaN);
  if (Number.isFinite(exact) && exact >= 0) return exact;
  const value = headers?.get('retry-after') ?? null;
  if (value === null) return null;
  const ms = /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - now();
  return Number.isFinite(ms) ? Math.max(0, Math.round(ms)) : null;
}
