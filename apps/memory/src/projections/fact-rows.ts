/**
 * Facts and the inputs they come from, as rows to be searched. Nothing is decided here: events are copied.
 *
 * I1 rows are a pure fold of commits: equal whatever the batches, and whichever of fact and input came first
 * I2 what is erased on the log is not stored
 */
import type { FactEvent, IntakeEvent } from '@soloist/contracts';
import { defineEntity, p, type EntityManager, type InferEntity } from '@mikro-orm/postgresql';
import type { Commit } from '@soloist/eventlog';
import { storableText, writeRows } from '@soloist/service';

/** Raise it when rows should be made again from the log although their shape stays. */
export const FACT_ROWS_VERSION = 1;

const text = () => p.string().columnType('text');
/** Stems of the English dictionary, and below them the words as they stand, for names and other languages. */
const searchable = (source: string) =>
  p
    .string()
    .columnType('tsvector')
    .generated(`(setweight(to_tsvector('english'::regconfig, ${source}), 'A') || setweight(to_tsvector('simple'::regconfig, ${source}), 'D')) stored`)
    .nullable()
    .lazy()
    .hidden();

export const FactRow = defineEntity({
  name: 'FactRow',
  tableName: 'facts',
  properties: {
    factId: text().primary(),
    kind: text(),
    text: text(),
    dataSubject: text(),
    trust: text(),
    inputId: text(),
    sourceCommit: text(),
    sourceIndex: p.integer(),
    spanStart: p.integer(),
    spanEnd: p.integer(),
    stream: p.integer(),
    sequence: p.bigint('number'),
    search: searchable('text'),
  },
  indexes: [
    { name: 'facts_search', properties: ['search'], type: 'gin' },
    { name: 'facts_data_subject', properties: ['dataSubject'] },
  ],
});

/** What a mail was about and from whom; it lends meaning to its sentences. */
export const InputRow = defineEntity({
  name: 'InputRow',
  tableName: 'inputs',
  properties: {
    inputId: text().primary(),
    dataSubject: text(),
    subject: text(),
    sender: text(),
    stream: p.integer(),
    sequence: p.bigint('number'),
    search: searchable("subject || ' ' || sender"),
  },
  indexes: [{ name: 'inputs_search', properties: ['search'], type: 'gin' }],
});

type Fields<Row> = Omit<Row, 'search'>;
type FactFields = Fields<InferEntity<typeof FactRow>>;
type InputFields = Fields<InferEntity<typeof InputRow>>;

export async function projectFacts(rows: EntityManager, commits: readonly Commit[]): Promise<void> {
  // By key, because one statement may not touch a row twice.
  const facts = new Map<string, FactFields>();
  const inputs = new Map<string, InputFields>();
  for (const commit of commits) {
    for (const event of commit.events as readonly (FactEvent | IntakeEvent)[]) {
      if (event.type === 'memory.fact.asserted') {
        const row = factFields(commit, event.data);
        if (row !== null) facts.set(row.factId, row);
      } else if (event.type === 'connectors.intake.input-received') {
        const row = inputFields(commit, event.data);
        if (row !== null) inputs.set(row.inputId, row);
      }
    }
  }
  await writeRows(rows, FactRow, [...facts.values()]);
  await writeRows(rows, InputRow, [...inputs.values()]);
}

function factFields(commit: Commit, fact: Extract<FactEvent, { type: 'memory.fact.asserted' }>['data']): FactFields | null {
  if (typeof fact.text !== 'string') return null;
  return {
    factId: fact.factId,
    kind: fact.kind,
    text: storableText(fact.text),
    dataSubject: fact.dataSubject,
    trust: fact.trust,
    inputId: fact.inputId,
    sourceCommit: fact.source.commit,
    sourceIndex: fact.source.index,
    spanStart: fact.source.start,
    spanEnd: fact.source.end,
    stream: commit.position.stream,
    sequence: commit.position.sequence,
  };
}

function inputFields(commit: Commit, input: Extract<IntakeEvent, { type: 'connectors.intake.input-received' }>['data']): InputFields | null {
  if (typeof input.subject !== 'string' || typeof input.from?.address !== 'string') return null;
  return {
    inputId: input.inputId,
    dataSubject: input.dataSubject,
    subject: storableText(input.subject),
    sender: storableText(`${input.from.name} ${input.from.address}`.trim()),
    stream: commit.position.stream,
    sequence: commit.position.sequence,
  };
}
