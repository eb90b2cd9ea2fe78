/** What a received input states, asserted fact by fact; shared by the two reactors that need them asserted. */
import type { IntakeEvent } from '@soloist/contracts';
import { derivedId, type Commit, type Position } from '@soloist/eventlog';
import type { Work } from '@soloist/service';
import { assertFact, statementsIn, type FactSource, type Statement } from '../domain/fact.js';
import { factEntity } from '../entities.js';
import type { MemoryPorts } from '../ports/memory-ports.js';

/** Facts are entities of their own, so that several may be appended at once. */
const AT_ONCE = 8;

type InputReceived = Extract<IntakeEvent, { type: 'connectors.intake.input-received' }>;

/** Answers where each fact stands on the log, whoever wrote it. Safe to repeat. */
export async function assertFactsOf(commit: Commit, work: Work<MemoryPorts>): Promise<readonly Position[]> {
  const found = commit.events.flatMap((event, index) => {
    const input = event as InputReceived;
    if (input.type !== 'connectors.intake.input-received') return [];
    const { inputId, trust, dataSubject, text } = input.data;
    return statementsIn(text).map((statement) => ({ statement, source: { inputId, commit: commit.id, index, trust, dataSubject } }));
  });
  const positions: Position[] = [];
  for (let from = 0; from < found.length; from += AT_ONCE) {
    const group = found.slice(from, from + AT_ONCE);
    positions.push(...(await Promise.all(group.map(({ statement, source }) => assertOne(statement, source, work)))));
  }
  return positions;
}

export function factIdOf(source: Pick<FactSource, 'commit' | 'index'>, statement: Pick<Statement, 'start' | 'end'>): string {
  return derivedId('fact', source.commit, String(source.index), String(statement.start), String(statement.end));
}

async function assertOne(statement: Statement, source: FactSource, work: Work<MemoryPorts>): Promise<Position> {
  const factId = factIdOf(source, statement);
  const outcome = await work.commit(factEntity, factId, 'assert', (state) => assertFact(state, factId, statement, source));
  if (outcome.kind === 'committed') return outcome.commit.position;
  const head = await work.head({ context: 'memory', entity: 'fact', key: factId });
  if (head === null) throw new Error(`fact ${factId} counts as asserted and is not on the log`);
  return head.position;
}
