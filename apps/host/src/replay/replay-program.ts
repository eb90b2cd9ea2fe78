/** A run of a program is replayed by executing its code again against its record: no step is run, nothing is written. */
import { subjectOf } from '@soloist/contracts';
import type { EventLog } from '@soloist/eventlog';
import { loadPrograms, rehearseProgram, type Rehearsal } from '@soloist/runtime';
import type { Divergence } from '@soloist/service';
import { countingConnections } from './connection-count.js';
import { fromRecord, stepsOf } from './episode-steps.js';
import type { ReplayReport } from './replay-report.js';

/** Null when the run is no program's. @throws Error when the module of the programs cannot be loaded · Fault of the log */
export async function replayProgram(log: EventLog, runId: string, environment: Readonly<Record<string, string | undefined>>): Promise<ReplayReport | null> {
  const address = { context: 'runtime', entity: 'loop', key: runId } as const;
  const [head] = (await log.history(address))[0]?.events ?? [];
  if (head?.type !== 'runtime.loop.program-started') return null;
  const programs = await loadPrograms(environment['SOLOIST_PROGRAMS']?.trim() || null);
  const { result: rehearsal, opened } = await countingConnections(() => rehearseProgram(log, runId, programs));
  if (rehearsal.kind === 'no-program') return null;
  const commits = await log.history(address);
  return {
    runId,
    commits: commits.length,
    deliveries: 0,
    decisionsEqual: rehearsal.kind === 'equal' ? rehearsal.calls + rehearsal.histories : 0,
    given: 0,
    divergences: divergencesOf(rehearsal, subjectOf('evt', address)),
    fromRecord: fromRecord(commits),
    modelCalls: opened,
    effects: opened,
    steps: stepsOf(commits),
  };
}

function divergencesOf(rehearsal: Rehearsal, subject: string): readonly Divergence[] {
  switch (rehearsal.kind) {
    case 'call-differs': {
      const { path, recorded, replayed } = rehearsal.difference;
      return [{ delivery: `history ${rehearsal.history}, call ${path}`, subject, because: 'the code does not make the call on record', recorded, replayed }];
    }
    case 'end-differs': {
      const { recorded, replayed } = rehearsal;
      return [{ delivery: `history ${rehearsal.history}, its end`, subject, because: 'the code ends otherwise than on record', recorded, replayed }];
    }
    case 'impossible':
      return [{ delivery: 'none', subject, because: rehearsal.because, recorded: null, replayed: null }];
    case 'equal':
    case 'no-program':
      return [];
  }
}
