/**
 * Search by meaning: an index over vectors with payload filters. Nobody asks it yet; facts are found by words
 * (FactIndex). It is a copy like any other and is filled from facts, so it can be dropped and made again.
 *
 * The port is as wide as Qdrant needs: `id` is a UUID, points are upserted whole (`upsert`, wait = true), a filter is a
 * conjunction of `match.any` conditions with `must_not` beside it, cosine is the distance, and payload keys that filters
 * name get a keyword index (`dataSubject` as tenant key). Qdrant normalises vectors and keeps 32-bit floats, so scores
 * agree to about six digits.
 *
 * I1 upsert replaces the whole point; upserting the same point again changes nothing
 * I2 search is by cosine, best first, ties by id; a filter holds before the limit counts
 * I3 what was upserted or deleted is seen by the next search
 */
export type PayloadValue = string | number | boolean;

export interface VectorPoint {
  /** UUID in lower case; `vectorIdOf` makes one of a fact id. */
  readonly id: string;
  /** As long as the index says; not all zero. */
  readonly vector: readonly number[];
  readonly payload: Readonly<Record<string, PayloadValue>>;
}

/** All of `must` hold and none of `mustNot`. A condition holds when the payload's value is one of `anyOf`. */
export interface VectorFilter {
  readonly must?: readonly VectorCondition[];
  readonly mustNot?: readonly VectorCondition[];
}

export interface VectorCondition {
  readonly key: string;
  readonly anyOf: readonly PayloadValue[];
}

export interface VectorHit {
  readonly id: string;
  /** Cosine similarity, -1 … 1. */
  readonly score: number;
  readonly payload: Readonly<Record<string, PayloadValue>>;
}

export interface VectorIndex {
  readonly dimensions: number;
  /** @throws Fault invalid: wrong length, not finite, all zero, or no UUID · transient: the index cannot be reached */
  upsert(points: readonly VectorPoint[]): Promise<void>;
  search(query: { readonly vector: readonly number[]; readonly limit: number; readonly filter?: VectorFilter }): Promise<readonly VectorHit[]>;
  /** Deletes what the filter fits; an empty filter is refused, for it would fit everything. @throws Fault invalid */
  delete(filter: VectorFilter): Promise<void>;
  count(filter?: VectorFilter): Promise<number>;
}

/** The UUID that stands for an id of 32 hex digits. */
export function vectorIdOf(id: string): string {
  return id.replace(/^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/, '$1-$2-$3-$4-$5');
}
