/** Gathers what a run works on from the facts of other services. Everything missing or erased is a rejection. */
import type { AgentDefinition, DefinitionEvent, IntakeEvent, RecallEvent } from '@soloist/contracts';
import { isErased, type Commit, type EventLog } from '@soloist/eventlog';
import { isRejection, reject, type Rejection } from '@soloist/kernel';
import { SUBJECT_ERASED } from '../domain/erased.js';
import type { Claim } from '../domain/loop.js';
import type { RunBrief, RunInput, RunRecall } from '../domain/run-brief.js';
import { knownDefinition, rememberDefinition } from './known-definitions.js';

/** @throws Fault of the log */
export async function readBrief(log: EventLog, claim: Claim): Promise<RunBrief | Rejection> {
  const [definition, input, recall] = await Promise.all([
    readDefinition(log, claim),
    readInput(log, claim.inputId),
    readRecall(log, claim.runId),
  ]);
  if (isRejection(definition)) return definition;
  if (isRejection(input)) return input;
  if (isRejection(recall)) return recall;
  return { definition, input, recall };
}

async function readDefinition(log: EventLog, { agent, definitionVersion }: Claim): Promise<AgentDefinition | Rejection> {
  const known = knownDefinition(log, agent, definitionVersion);
  if (known !== undefined) return known;
  const commits = await log.read({ context: 'governance', entity: 'definition', key: agent });
  for (const event of eventsOf<DefinitionEvent>(commits)) {
    if (event.type === 'governance.definition.published' && event.data.version === definitionVersion) return rememberDefinition(log, agent, definitionVersion, event.data.definition);
  }
  return reject('definition.unknown', `Agent ${agent} has no version ${definitionVersion} on the log. Publish its definition and send the request again.`);
}

async function readInput(log: EventLog, inputId: string): Promise<RunInput | Rejection> {
  const head = await log.head({ context: 'connectors', entity: 'intake', key: inputId });
  const received = head === null ? undefined : eventsOf<IntakeEvent>([head]).find((event) => event.type === 'connectors.intake.input-received');
  if (received === undefined) return reject('input.missing', `Input ${inputId} is not on the log.`);
  const { from, to, subject, text, messageId, trust } = received.data;
  if ([from, to, subject, text, messageId].some(isErased)) return erased();
  return { from, to, subject, text, messageId, trust };
}

async function readRecall(log: EventLog, runId: string): Promise<RunRecall | null | Rejection> {
  const commits = await log.read({ context: 'memory', entity: 'recall', key: runId });
  const answered = eventsOf<RecallEvent>(commits).findLast((event) => event.type === 'memory.recall.answered');
  if (answered === undefined) return null;
  const { recallId, facts, session } = answered.data;
  if (isErased(facts) || isErased(session)) return erased();
  return { recallId, facts, session };
}

export function erased(): Rejection {
  return reject('subject.erased', SUBJECT_ERASED);
}

/** The codec has checked every event against its contract. */
function eventsOf<Event>(commits: readonly Commit[]): readonly Event[] {
  return commits.flatMap((commit) => commit.events) as readonly unknown[] as readonly Event[];
}
