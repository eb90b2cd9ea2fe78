/**
 * What a connector is to the reactors: a manifest of actions, each saying how it may be repeated, how to prepare
 * exactly what will leave, and how to look afterwards whether it left.
 */
import type { EffectClass, Rejection } from '@soloist/kernel';

export type JsonRecord = Readonly<Record<string, unknown>>;

/** One try of one effect, as the outside may see it. */
export interface EffectIdentity {
  readonly idempotencyKey: string;
}

/** A request that stands ready, byte for byte. Nothing has left yet. */
export interface Prepared {
  /** SHA-256 over the canonical JSON of `{action, args}` as they stand in what will go out. */
  readonly digest: string;
  /**
   * Touches the wire. `mayProceed` is asked at the last moment before anything irrevocable; when it says no, or cannot
   * tell, nothing is done and a fault of kind transient says so. Answers the receipt.
   * @throws Fault: unknown-outcome when it may have been done, every other kind when it certainly was not
   */
  send(mayProceed: () => Promise<boolean>): Promise<JsonRecord>;
}

export type Sighting =
  | { readonly kind: 'found'; readonly receipt: JsonRecord }
  /** Not there as far as one can see, which proves nothing while something may still be on its way. */
  | { readonly kind: 'not-found'; readonly hint: string }
  | { readonly kind: 'cannot-tell'; readonly hint: string };

export interface OutwardAction {
  /** `<connector>.<verb>`, as agents and policies name it. */
  readonly action: string;
  readonly effectClass: EffectClass;
  /**
   * @returns a rejection naming the field when the arguments are not fit to be sent
   * @throws Fault transient when the connector is not ready; nothing was claimed yet, so it may be tried again
   */
  prepare(args: unknown, identity: EffectIdentity): Promise<Prepared | Rejection>;
  /** Looks at the world; changes nothing. @throws Fault transient when it could not look */
  look(identity: EffectIdentity): Promise<Sighting>;
}

export interface Connector {
  readonly name: string;
  readonly actions: readonly OutwardAction[];
}
