/**
 * Full-text search over the fact rows in PostgreSQL.
 *
 * I1 only facts of the asking data subject and of the company (trust `owner`, `verified-internal`) are looked at
 * I2 the own subject's first, the trigger's own statements last; then by rank; ties by fact id
 */
import { TRUST_LEVELS, type Trust } from '@soloist/kernel';
import type { RecalledFact } from '@soloist/contracts';
import { storableText, type PostgresProjectionStore } from '@soloist/service';
import type { FactIndex, FactQuestion } from '../ports/fact-index.port.js';

const COMPANY_TRUST: readonly Trust[] = ['owner', 'verified-internal'];
/** The first words say what a mail is about; the rest only costs. */
const LONGEST_QUESTION = 4_000;
/** Sentences that repeat each other are shown once; so more are fetched than asked for. */
const SPARE = 3;
/** The first of the question; the effort grows with words times candidates. */
const MOST_STEMS = 32;
const MOST_FORMS = 16;
/** So many are weighed word by word; the rest had less density anyway. */
const MOST_CANDIDATES = 300;

interface FoundRow {
  readonly fact_id: string;
  readonly text: string;
  readonly trust: string;
  readonly source_commit: string;
  readonly source_index: number;
  readonly span_start: number;
  readonly span_end: number;
  readonly score: number;
}

export class PostgresFactIndex implements FactIndex {
  readonly name = 'postgresql-fulltext-1';

  constructor(private readonly store: PostgresProjectionStore) {}

  async search(question: FactQuestion): Promise<readonly RecalledFact[]> {
    const text = storableText(question.text.slice(0, LONGEST_QUESTION)).toWellFormed();
    const found = await this.store.read((rows) =>
      rows.execute<FoundRow[]>(this.sql(), [text, text, question.dataSubject, question.inputId, question.dataSubject, ...COMPANY_TRUST, question.limit * SPARE]),
    );
    const seen = new Set<string>();
    const distinct = found.filter((row) => {
      const same = row.text.toLowerCase();
      return seen.has(same) ? false : seen.add(same);
    });
    return distinct.slice(0, question.limit).map(recalled);
  }

  /**
   * Any word of the question will do. Stop words are dropped by the English dictionary; besides the stem the plain form
   * is looked for, and counts little. PostgreSQL's cover density picks the candidates; among them each word counts by
   * how rare it is (inverse document frequency), in the mail's subject or sender a quarter of that. Scores are rounded
   * before they order, so that the last bit of a sum decides nothing.
   */
  private sql(): string {
    const facts = this.store.table('facts');
    const inputs = this.store.table('inputs');
    return `
      with words as materialized (
        select word, max(weight) as weight, quote_literal(word)::tsquery as query from (
          (select lexeme as word, 1.0 as weight from unnest(to_tsvector('english', ?)) order by positions[1], lexeme collate "C" limit ${MOST_STEMS})
          union all
          (select lexeme, 0.2 from unnest(to_tsvector('simple', ?)) where to_tsvector('english', lexeme) <> ''::tsvector order by positions[1], lexeme collate "C" limit ${MOST_FORMS})
        ) of_question where strpos(word, chr(92)) = 0 group by word
      ), question as materialized (
        select string_agg(quote_literal(word), ' | ' order by word collate "C")::tsquery as any_word from words
      ), candidates as materialized (
        select f.*, i.search as about, (f.data_subject = ?) as is_own, (f.input_id = ?) as is_trigger, ts_rank_cd(f.search, q.any_word) as density
        from question q, ${facts} f left join ${inputs} i on i.input_id = f.input_id
        where (f.data_subject = ? or f.trust in (${COMPANY_TRUST.map(() => '?').join(', ')}))
          and (f.search @@ q.any_word or i.search @@ q.any_word)
        order by is_own desc, density desc, f.fact_id collate "C"
        limit ${MOST_CANDIDATES}
      ), weighed as materialized (
        select w.query, w.weight * ln(1 + (select count(*) from candidates)::float8 / greatest(1, (select count(*) from candidates c where c.search @@ w.query))) as weight
        from words w
      ), ranked as (
        select c.*, round((c.density / 10 + coalesce((select sum(w.weight * (case when c.search @@ w.query then 1 when c.about @@ w.query then 0.25 else 0 end)) from weighed w), 0))::numeric, 6)::float8 as score
        from candidates c
      )
      select fact_id, text, trust, source_commit, source_index, span_start, span_end, score
      from ranked
      order by is_trigger, is_own desc, score desc, fact_id collate "C"
      limit ?`;
  }
}

function recalled(row: FoundRow): RecalledFact {
  return {
    factId: row.fact_id,
    text: row.text,
    score: row.score,
    trust: trustOf(row.trust),
    source: { commit: row.source_commit, index: row.source_index, start: row.span_start, end: row.span_end },
  };
}

function trustOf(stored: string): Trust {
  return TRUST_LEVELS.find((level) => level === stored) ?? 'unknown';
}
