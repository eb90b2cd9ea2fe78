/**
 * From a call and what was read before it to the facts that the rules judge.
 *
 * I1 pure and total; the verdict rests on names, classes, labels and where values come from, never on what a text says,
 *    except that the operator's own words tell what was asked
 * I2 less trust in any text gives facts that are no milder (rules.policy.ts I3 then gives no milder verdict)
 */
import { SINK_ROLES, type Asked, type JudgedFacts, type SinkRole } from '@soloist/contracts';
import type { EffectReach, Trust } from '@soloist/kernel';
import { recipientsOf, type Leaf, type Leaves } from './arguments.js';
import { hostOf, looksLikeUrl, urlsIn } from './forms.js';
import { isForeign } from './content.js';
import { isAskedBy, isForbiddenBy, kindOf, wishesOf, type ToolKind, type Wishes } from './intents.js';
import { fetchOrigin, linkOrigin, originOf } from './origin.js';
import { sayingOf, type Saying } from './saying.js';
import { nameParts } from './roles.js';
import { isReservation, isSelected } from './selection.js';
import type { Sources } from './sources.js';

export interface Call {
  readonly tool: string;
  readonly given: Leaves;
  readonly effect: EffectReach;
  /** How often this went to the same recipients before, since the operator last spoke. */
  readonly repeats: number;
  /** How often this tool was called before, since the operator last spoke. */
  readonly earlier: number;
}

type Sink = JudgedFacts['sinks'][number];
const MAX_SINKS = 200;
const MAX_LINKS = 20;
const MICROS = 1_000_000;
const ROLES: ReadonlySet<string> = new Set(SINK_ROLES);

/** What the operator's words so far ask for, and how far they let others speak. */
export interface Asking extends Wishes {
  readonly saying: Saying;
}

/** @param asking of the operator's words so far; reckoned once a step, not once a call */
export function assess(call: Call, sources: Sources, asking: Asking): JudgedFacts {
  const kind = kindOf(call.tool);
  const { leaves, isCut } = call.given;
  const sinks = leaves.flatMap((leaf) => sinksOf(leaf, call, kind, sources));
  if (call.effect === 'external') sinks.push(...contentSink(leaves, sources, asking.saying));
  // What was not looked at counts as the worst it could be.
  if (isCut || sinks.length > MAX_SINKS) sinks.unshift({ path: '…', role: 'recipient', trust: 'unknown' });
  const recipients = sinks.filter((sink) => sink.role === 'recipient');
  const isDeletion = kind.families.has('delete');
  return {
    effect: call.effect,
    context: contextOf(sources),
    sinks: sinks.slice(0, MAX_SINKS),
    asked: askedFor(kind, asking),
    isForbidden: call.effect !== 'none' && isForbiddenBy(kind, asking),
    amountMicros: amountOf(leaves),
    reach: Math.max(1, recipients.length, isDeletion ? sinks.length : 1),
    hasNewRecipient: recipients.some(({ trust }) => trust === 'third-party-text' || trust === 'unknown'),
    repeats: call.repeats,
    isReversible: call.effect !== 'external' && !isDeletion && !kind.families.has('credential'),
    dataClass: 'internal',
    confidence: null,
    isQuietHours: false,
  };
}

export function askingIn(sources: Sources): Asking {
  return { ...wishesOf(sources.operator.all), saying: sayingOf(sources.operator.all) };
}

function contextOf({ trusted, untrusted }: Sources): Trust {
  if (!untrusted.isEmpty) return 'third-party-text';
  return trusted.isEmpty ? 'owner' : 'verified-internal';
}

function askedFor(kind: ToolKind, wishes: Wishes): Asked {
  if (isForbiddenBy(kind, wishes)) return 'unasked';
  if (isAskedBy(kind, wishes)) return 'asked';
  return wishes.delegates ? 'delegated' : 'unasked';
}

function sinksOf(leaf: Leaf, { effect, earlier }: Call, kind: ToolKind, sources: Sources): Sink[] {
  const { path, value } = leaf;
  if (effect === 'none') {
    const isAddress = typeof value === 'string' && (leaf.role === 'url' ? /[./]/.test(value) : looksLikeUrl(value));
    return isAddress ? [{ path, role: 'fetch', trust: fetchOrigin(value, sources) }] : [];
  }
  const role = roleIn(leaf, kind);
  const links = typeof value === 'string' && (role === 'body' || role === 'time') ? linksOf(path, value, sources) : [];
  if (role === null || !ROLES.has(role)) return links;
  const trust = originOf({ value, role: role as SinkRole, names: [...kind.parts, ...nameParts(path)], isNaming: isNaming(kind) }, sources);
  const isBelow = trust === 'third-party-text' && role === 'object' && earlier === 0 && isReservation(kind);
  return [{ path, role: role as SinkRole, trust: isBelow && isSelected(String(value), kind, sources) ? 'connector-structured' : trust }, ...links];
}

/** A deletion and a command name their object by any text they take. */
function roleIn({ role, value }: Leaf, kind: ToolKind): Leaf['role'] | null {
  if (kind.families.has('delete') && (role === 'body' || role === 'object' || role === 'path')) return 'target';
  if (kind.families.has('credential') && typeof value !== 'boolean' && (role === 'object' || role === 'body')) return 'secret';
  return role;
}

/** A tool that makes a thing of our own may give it a name that nobody said. */
function isNaming({ families }: ToolKind): boolean {
  return families.has('create') && !families.has('book') && !families.has('publish');
}

/** What a message says, taken together: one sink, named by its first part. */
function contentSink(leaves: readonly Leaf[], sources: Sources, saying: Saying): Sink[] {
  const bodies = leaves.filter(({ role, value }) => role === 'body' && typeof value === 'string');
  const first = bodies[0];
  const message = { bodies: bodies.map(({ value }) => String(value)), recipients: recipientsOf(leaves) };
  if (first === undefined || !isForeign(message, sources, saying)) return [];
  return [{ path: first.path, role: 'content', trust: 'third-party-text' }];
}

function linksOf(path: string, text: string, sources: Sources): Sink[] {
  return urlsIn(text)
    .slice(0, MAX_LINKS)
    .map((plain) => ({ path, role: 'link' as const, trust: linkOrigin(hostOf(plain), plain, sources) }));
}

function amountOf(leaves: readonly Leaf[]): number | null {
  const amounts = leaves.flatMap(({ role, value }) => {
    if (role !== 'amount') return [];
    const number = typeof value === 'number' ? value : Number(String(value).replace(/[^\d.]/g, ''));
    return Number.isFinite(number) ? [Math.abs(number)] : [];
  });
  if (amounts.length === 0) return null;
  return Math.min(Number.MAX_SAFE_INTEGER, Math.round(Math.max(...amounts) * MICROS));
}
