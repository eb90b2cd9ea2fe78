/**
 * The facts of a request in a live run. Its trigger is text from outside, so its values are trusted no more than the run
 * itself, except recipients that the operator approved before.
 *
 * I1 pure: the hour is the commit's own, contacts and trust come from the log
 * I2 trust is never higher than the request's, but for recipients in `known`
 */
import type { JudgedFacts, PolicyDocument, SinkRole } from '@soloist/contracts';
import { joinTrust, type EffectClass, type EffectReach, type Json, type Trust } from '@soloist/kernel';
import { isQuiet } from '../domain/quiet-hours.js';
import { leavesOf, type Leaf } from './provenance/arguments.js';
import { kindOf } from './provenance/intents.js';

export interface LiveRequest {
  readonly action: string;
  readonly args: Json;
  readonly effectClass: EffectClass;
  readonly trust: Trust;
}

export interface Circumstances {
  /** Recipients the operator approved before in this matter, lower case. */
  readonly known: ReadonlySet<string>;
  readonly quietHours: PolicyDocument['quietHours'];
  /** RFC 3339, of the commit that asks. */
  readonly at: string;
}

const MAX_SINKS = 200;
const MICROS = 1_000_000;

export function liveFacts({ action, args, effectClass, trust }: LiveRequest, { known, quietHours, at }: Circumstances): JudgedFacts {
  const { leaves, isCut } = leavesOf(args);
  const effect: EffectReach = effectClass === 'read-only' ? 'none' : 'external';
  const sinks = effect === 'none' ? [] : leaves.flatMap((leaf) => sinkOf(leaf, trust, known));
  if (isCut || sinks.length > MAX_SINKS) sinks.unshift({ path: '…', role: 'recipient', trust: 'unknown' });
  const recipients = leaves.filter(({ role }) => role === 'recipient');
  return {
    effect,
    context: trust,
    sinks: sinks.slice(0, MAX_SINKS),
    // A run is started by what came in; what its trigger asks for is not the operator's word.
    asked: trust === 'owner' ? 'asked' : 'unasked',
    isForbidden: false,
    amountMicros: amountOf(leaves),
    reach: Math.max(1, recipients.length),
    hasNewRecipient: effect !== 'none' && recipients.some(({ value }) => !known.has(String(value).trim().toLowerCase())),
    repeats: 0,
    isReversible: effect === 'none' || (effectClass === 'natural' && !kindOf(action).families.has('delete')),
    dataClass: 'internal',
    confidence: null,
    isQuietHours: quietHours !== undefined && isQuiet(at, quietHours),
  };
}

function sinkOf({ path, role, value }: Leaf, trust: Trust, known: ReadonlySet<string>): JudgedFacts['sinks'] {
  if (role === 'body' || role === 'time' || role === 'option') return [];
  const isKnown = role === 'recipient' && known.has(String(value).trim().toLowerCase());
  return [{ path, role: role satisfies SinkRole, trust: isKnown ? 'verified-internal' : joinTrust(trust, 'verified-internal') }];
}

function amountOf(leaves: readonly Leaf[]): number | null {
  const amounts = leaves.flatMap(({ role, value }) => (role === 'amount' && typeof value === 'number' && Number.isFinite(value) ? [Math.abs(value)] : []));
  return amounts.length === 0 ? null : Math.min(Number.MAX_SAFE_INTEGER, Math.round(Math.max(...amounts) * MICROS));
}
