/** Seeded bugs in the log: append, read-back, delivery, projections. */
import type { Mutant } from './mutant.js';

const APPEND = 'libs/eventlog/src/log/append.ts';
const COMMITTER = 'libs/service/src/committer.ts';
const DISPATCHER = 'libs/service/src/dispatcher.ts';
const SETTLEMENT = 'libs/service/src/settlement.ts';
const MEMORY_LOG = 'libs/eventlog/src/memory/memory-log.test.ts';
const FAULTS = 'libs/eventlog/src/memory/faults.test.ts';
const DISPATCHING = 'libs/service/src/dispatcher.test.ts';

export const LOG_MUTANTS: readonly Mutant[] = [
  {
    id: '1',
    what: 'append without the expectation',
    guarantee: 'G4',
    file: 'libs/eventlog/src/codec/encode-commit.ts',
    search: 'headers.push(...expectationOf(draft, stream, streams));',
    replace: '',
    tests: [MEMORY_LOG],
    caughtBy: '[G4] [G5] the in-memory log with 2 streams append answers conflict, with the present sequence, to a writer that saw less [G4]',
  },
  {
    id: '2',
    what: 'expectation taken from the cache, not read again after a conflict',
    guarantee: 'G4',
    file: COMMITTER,
    search: `      this.cache.delete(subject);
      cached = undefined;
      seen = undefined;`,
    replace: '',
    tests: ['libs/service/src/committer.test.ts'],
    caughtBy: 'a committer [G4] whose cached state was overtaken reads again and decides on what is there: no update is lost',
  },
  {
    id: '2b',
    what: 'nothing to do, concluded from a cached state',
    guarantee: 'G4',
    file: COMMITTER,
    search: 'if (settled && cached !== undefined) {',
    replace: 'if (settled && cached === null) {',
    tests: ['libs/service/src/committer.test.ts'],
    caughtBy: 'a committer [G4] never concludes from a cached state that there is nothing to do (I2)',
  },
  {
    id: '2c',
    what: 'a decision found on the log leaves the state of the try that did not write it',
    guarantee: 'G5',
    file: COMMITTER,
    search: 'if (commit.prev !== (loaded.head?.hash ?? null)) return',
    replace: 'if (commit.prev === undefined) return',
    tests: ['libs/service/src/committer.test.ts'],
    caughtBy: 'a committer [G4] [G5] keeps no state of a decision that another try has put on the log, behind what this one has not read (I3)',
  },
  {
    id: '3',
    what: 'events of one decision published as several messages',
    guarantee: 'G3',
    file: APPEND,
    search: 'export async function append(context: AppendContext, draft: CommitDraft): Promise<Appended> {',
    replace: `export async function append(context: AppendContext, draft: CommitDraft): Promise<Appended> {
  const [first, ...rest] = draft.events;
  if (first !== undefined && rest.length > 0) {
    const one = await append(context, { ...draft, events: [first] });
    if (one.outcome !== 'committed') return one;
    const { position, hash, from } = one.commit;
    return append(context, { ...draft, events: rest, after: { sequence: position.sequence, hash, from }, snapshot: false });
  }`,
    tests: ['libs/eventlog/src/log/atomic.test.ts'],
    caughtBy: '[G3] the events of one decision are stored all or none, whatever becomes of each publish',
  },
  {
    id: '4',
    what: 'append returns before the PubAck',
    guarantee: 'G1',
    file: APPEND,
    search: '  const answer = await context.broker.publish(encoded.message);',
    replace: `  void context.broker.publish(encoded.message);
  const answer = { kind: 'stored', stream: attempt.streamName, sequence: (draft.after?.sequence ?? 0) + 1, duplicate: false } as PublishAnswer;`,
    tests: [FAULTS],
    caughtBy: 'append, when a publish goes wrong [G5] lost before it was stored: sent once more, one copy',
  },
  {
    id: '7',
    what: 'an expectation that did not hold taken for success, without reading back',
    guarantee: 'G5',
    file: APPEND,
    search: "if (trace.kind === 'unmoved') return { outcome: 'conflict', lastSequence: answer.lastSequence };",
    replace: 'if (answer.lastSequence !== null) return committed(attempt, attempt.streamName, answer.lastSequence, false);',
    tests: [MEMORY_LOG],
    caughtBy: '[G4] [G5] the in-memory log with 2 streams append answers conflict, with the present sequence, to a writer that saw less [G4]',
  },
  {
    id: '8',
    what: '10071 taken for a conflict without reading back',
    guarantee: 'G5',
    file: APPEND,
    search: 'const trace = await traceOf(attempt, false);',
    replace: "const trace = { kind: 'unmoved' } as Trace;",
    tests: [FAULTS],
    caughtBy: 'append, when a publish goes wrong [G5] stored, unanswered and unreadable: unknown, and the next attempt finds it',
  },
  {
    id: '9',
    what: 'read-back compares the id, not the bytes',
    guarantee: 'G5',
    file: APPEND,
    search: 'return isSame(HEADER.commit) && isSame(HEADER.writer) && Buffer.compare(stored.body, message.body) === 0;',
    replace: 'return isSame(HEADER.commit) && isSame(HEADER.writer);',
    tests: [MEMORY_LOG, FAULTS],
    caughtBy: '[G4] [G5] the in-memory log with 2 streams append does not take an equal id with another body for its own [G5]',
  },
  {
    id: '9b',
    what: "read-back takes another writer's commit for its own",
    guarantee: 'G10',
    file: APPEND,
    search: 'return isSame(HEADER.commit) && isSame(HEADER.writer) && Buffer',
    replace: 'return isSame(HEADER.commit) && Buffer',
    tests: [FAULTS],
    caughtBy: 'append, when a publish goes wrong [G5] [G10] the same id and the same bytes of another writer are not ours: after a crash of the broker a delivery may be counted twice',
  },
  {
    id: '10',
    what: 'random commit id on a retry',
    guarantee: 'G5',
    file: COMMITTER,
    search: 'const id = commitIdOf(origin.cause ?? origin.seed,',
    replace: 'const id = commitIdOf(String(Math.random()),',
    tests: ['libs/service/src/committer.test.ts'],
    caughtBy: 'a committer [G5] gives the same decision the same commit id in every process and every try (I1)',
  },
  {
    id: '11',
    what: 'ack before the work is on the log',
    guarantee: 'G6',
    file: DISPATCHER,
    search: "if (delivery.kind === 'command') await this.execute(",
    replace: "await delivery.ack();\n      if (delivery.kind === 'command') await this.execute(",
    tests: [DISPATCHING],
    caughtBy: 'dispatcher acks after the work, and a redelivery changes nothing [F2] [G6]',
  },
  {
    id: '12',
    what: 'position stored in another transaction than the rows',
    guarantee: 'G6',
    file: 'libs/service/src/projections/mikro-projection-store.ts',
    search: `        await this.move(rows, stream, from, to);
        await write(rows);
      }),
    );`,
    replace: `        await this.move(rows, stream, from, to);
      }),
    );
    await this.guard(() => inTransaction(this.orm, write));`,
    tests: ['tests/integration/memory/projection-store.int.test.ts'],
    caughtBy: 'projection store [G6] keeps neither rows nor position of a projection that fails half way',
  },
  {
    id: '31',
    what: 'canonical JSON sorted by locale',
    guarantee: 'G14',
    file: 'libs/kernel/src/canonical-json.ts',
    search: '.sort()',
    replace: '.sort((left, right) => left.localeCompare(right))',
    tests: ['libs/kernel/src/canonical-json.test.ts', 'libs/kernel/src/canonical-json.property.test.ts'],
    caughtBy: 'canonical JSON sorts keys by UTF-16 code unit, as RFC 8785 section 3.2.3 does',
  },
  {
    id: '32',
    what: 'a projection that uses now()',
    guarantee: 'G15',
    file: 'apps/governance/src/projections/project-gates.ts',
    search: '    openedAt: commit.at,',
    replace: '    openedAt: new Date().toISOString(),',
    tests: ['tests/integration/governance/rows.int.test.ts'],
    caughtBy: '[M6] dropped rows come back equal, table by table; and PostgreSQL says what the rows in memory say',
  },
  {
    id: '37',
    what: 'poison terminated without a dead letter',
    guarantee: 'G18',
    file: SETTLEMENT,
    search: 'await this.log.dead({',
    replace: 'void ({',
    tests: [DISPATCHING],
    caughtBy: 'dispatcher keeps a message whose letter cannot be written',
  },
  {
    id: '38',
    what: 'a schema error answered with nak instead of term',
    guarantee: 'G18',
    file: SETTLEMENT,
    search: "if (isFault(error) && error.kind !== 'invalid') {",
    replace: 'if (isFault(error)) {',
    tests: [DISPATCHING],
    caughtBy: 'dispatcher buries poison at once and a defect after five tries, each with its letter [F3] [G18]',
  },
  {
    id: '39',
    what: 'a timer that fires twice is handled twice',
    guarantee: 'G19',
    file: DISPATCHER,
    search: 'cause: due.timerId, seed: due.timerId,',
    replace: 'cause: `${due.timerId}-${due.firedAt}`, seed: due.timerId,',
    tests: ["libs/service/src/timers.test.ts"],
    caughtBy: 'a timer [G19] that fires twice causes the same commit twice, so that the second is recognised whenever it comes',
  },
  {
    id: '40',
    what: 'two timers on one timer subject',
    guarantee: 'G19',
    file: 'libs/eventlog/src/log/connection.ts',
    search: "subjectOf('timer', { ...address, key: timerId })",
    replace: "subjectOf('timer', address)",
    tests: ["libs/eventlog/src/log/timers.test.ts"],
    caughtBy: 'timers [G19] of one entity do not replace each other: a second schedule on a subject would',
  },
  {
    id: '50',
    what: 'data of an earlier version taken as it is, without its upcast',
    guarantee: 'G26',
    file: 'libs/eventlog/src/codec/event-form.ts',
    search: '    return contract.upcast(data, version);',
    replace: '    return data;',
    tests: ['libs/eventlog/src/codec/codec.test.ts'],
    caughtBy: 'an older version of an event is opened and lifted',
  },
  {
    id: 'X1',
    what: 'a personal field stored in clear',
    guarantee: 'G24',
    file: 'libs/eventlog/src/codec/encode-commit.ts',
    search: 'parts.push(key === null ? kept.data : sealedData(kept, { commit: draft.id, index }, key, contracts));',
    replace: 'parts.push(key === undefined ? sealedData(kept, { commit: draft.id, index }, key, contracts) : kept.data);',
    tests: [MEMORY_LOG],
    caughtBy: '[G4] [G5] the in-memory log with 2 streams an answer that gets lost is resolved by reading back: committed, one copy [G5]',
  },
  {
    id: 'X2',
    what: 'deliveries of one key run side by side',
    guarantee: 'G6',
    file: 'libs/service/src/keyed-pool.ts',
    search: 'const before = this.tails.get(key) ?? Promise.resolve();',
    replace: 'const before = Promise.resolve();',
    tests: ['libs/service/src/keyed-pool.test.ts'],
    caughtBy: 'keyed pool runs the work of one key in the order it came',
  },
];
