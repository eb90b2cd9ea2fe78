/** The database of memory, in memory: rows survive the process, search is by shared words. */
import type { FactEvent, RecalledFact } from '@soloist/contracts';
import type { Commit } from '@soloist/eventlog';
import type { FactQuestion, MemoryPorts } from '@soloist/memory';
import { Projector, type OpenPorts, type ProjectionStore, type StoredPosition } from '@soloist/service';
import { silentLogger } from '@soloist/telemetry';

type Fact = Extract<FactEvent, { type: 'memory.fact.asserted' }>['data'];

/** What lies in the database; one for each replica, kept over its restarts. */
export class FactRows implements ProjectionStore<Map<string, Fact>> {
  readonly rows = new Map<string, Fact>();
  private readonly positions = new Map<number, StoredPosition>();

  position(stream: number): Promise<StoredPosition> {
    return Promise.resolve(this.positions.get(stream) ?? { sequence: 0, hash: '' });
  }
  async advance(stream: number, to: StoredPosition, write: (rows: Map<string, Fact>) => Promise<void>): Promise<void> {
    await write(this.rows);
    this.positions.set(stream, to);
  }

  search({ text, dataSubject, inputId, limit }: FactQuestion): readonly RecalledFact[] {
    const wanted = wordsOf(text);
    return [...this.rows.values()]
      .filter((fact) => fact.dataSubject === dataSubject && fact.inputId !== inputId)
      .map((fact) => ({ fact, score: [...wordsOf(fact.text)].filter((word) => wanted.has(word)).length }))
      .filter(({ score }) => score > 0)
      .sort((one, other) => other.score - one.score || (one.fact.factId < other.fact.factId ? -1 : 1))
      .slice(0, limit)
      .map(({ fact: { factId, text: said, trust, source }, score }) => ({ factId, text: said, trust, source, score }));
  }
}

export function openRememberedFacts(store: FactRows): OpenPorts<MemoryPorts> {
  const projector = new Projector('facts', 'memory', store, project, silentLogger);
  const turns = new Map<string, Promise<unknown>>();
  const ports: MemoryPorts = {
    facts: { name: 'simulated-words-1', search: (question) => Promise.resolve(store.search(question)) },
    followed: {
      reach: async (log, positions) => {
        for (const { stream, sequence } of positions) await projector.reach(log, stream, sequence);
      },
      asOf: () => projector.asOf(),
    },
    inTurn: (key, work) => {
      const turn = (turns.get(key) ?? Promise.resolve()).then(work, work);
      turns.set(key, turn);
      return turn;
    },
  };
  return { ports, projections: [projector], close: () => Promise.resolve() };
}

function project(rows: Map<string, Fact>, commits: readonly Commit[]): Promise<void> {
  for (const event of commits.flatMap((commit) => commit.events) as readonly FactEvent[]) {
    if (event.type === 'memory.fact.asserted' && typeof event.data.text === 'string') rows.set(event.data.factId, event.data);
  }
  return Promise.resolve();
}

function wordsOf(text: string): Set<string> {
  return new Set(text.toLowerCase().match(/[a-z]{3,}/g) ?? []);
}
