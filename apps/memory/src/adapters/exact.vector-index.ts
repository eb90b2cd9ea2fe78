/**
 * The vector index of one process: compares with every vector, exactly. Good for some ten thousand points; what it
 * holds is gone with the process and made again from the log.
 */
import { Fault } from '@soloist/kernel';
import type { PayloadValue, VectorCondition, VectorFilter, VectorHit, VectorIndex, VectorPoint } from '../ports/vector-index.port.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

interface StoredPoint {
  readonly unit: Float64Array;
  readonly payload: Readonly<Record<string, PayloadValue>>;
}

export class ExactVectorIndex implements VectorIndex {
  private readonly points = new Map<string, StoredPoint>();

  constructor(readonly dimensions: number) {
    if (!Number.isInteger(dimensions) || dimensions < 1) throw new RangeError(`dimensions must be a positive integer, got ${dimensions}`);
  }

  async upsert(points: readonly VectorPoint[]): Promise<void> {
    // All are checked before the first is stored.
    const checked = points.map(({ id, vector, payload }) => {
      if (!UUID.test(id)) throw invalid(`id ${JSON.stringify(id)} is no UUID in lower case`);
      return [id, { unit: this.unit(vector), payload: { ...payload } }] as const;
    });
    for (const [id, point] of checked) this.points.set(id, point);
  }

  async search(query: { readonly vector: readonly number[]; readonly limit: number; readonly filter?: VectorFilter }): Promise<readonly VectorHit[]> {
    const unit = this.unit(query.vector);
    const hits: VectorHit[] = [];
    for (const [id, point] of this.points) {
      if (fits(point, query.filter)) hits.push({ id, score: dot(unit, point.unit), payload: { ...point.payload } });
    }
    return hits.sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1)).slice(0, query.limit);
  }

  async delete(filter: VectorFilter): Promise<void> {
    if ((filter.must?.length ?? 0) + (filter.mustNot?.length ?? 0) === 0) throw invalid('a filter without conditions would delete everything');
    for (const [id, point] of this.points) if (fits(point, filter)) this.points.delete(id);
  }

  async count(filter?: VectorFilter): Promise<number> {
    return [...this.points.values()].filter((point) => fits(point, filter)).length;
  }

  private unit(vector: readonly number[]): Float64Array {
    if (vector.length !== this.dimensions) throw invalid(`the vector has ${vector.length} numbers, the index wants ${this.dimensions}`);
    if (!vector.every(Number.isFinite)) throw invalid('the vector holds something that is no finite number');
    const length = Math.hypot(...vector);
    if (length === 0) throw invalid('the vector is all zero and has no direction');
    return Float64Array.from(vector, (value) => value / length);
  }
}

function fits(point: StoredPoint, filter: VectorFilter | undefined): boolean {
  const holds = ({ key, anyOf }: VectorCondition): boolean => {
    const value = Object.hasOwn(point.payload, key) ? point.payload[key] : undefined;
    return value !== undefined && anyOf.includes(value);
  };
  return (filter?.must ?? []).every(holds) && !(filter?.mustNot ?? []).some(holds);
}

function dot(left: Float64Array, right: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < left.length; index += 1) sum += (left[index] ?? 0) * (right[index] ?? 0);
  return sum;
}

function invalid(reason: string): Fault {
  return new Fault('invalid', 'memory.vector-invalid', reason);
}
