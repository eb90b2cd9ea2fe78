/** The history of a run as people read it: what came in, and every commit that followed. */
import type { HoldEvent, LoopEvent, RecallEvent } from '@soloist/contracts';
import type { Commit, EventLog } from '@soloist/eventlog';
import type { RecordedCommit, Versions } from './schemas.js';

/** The input and its routing, where there is one, then the run's own commits in their order. */
export async function commitsOfRun(log: EventLog, runId: string, inputId: string | null): Promise<readonly Commit[]> {
  const [intake, request, episode] = await Promise.all([
    inputId === null ? [] : log.read({ context: 'connectors', entity: 'intake', key: inputId }),
    inputId === null ? [] : log.read({ context: 'orchestrator', entity: 'request', key: inputId }),
    log.episode(runId),
  ]);
  return [...intake, ...request, ...episode];
}

export function recordedCommit(commit: Commit): RecordedCommit {
  const { id, position, subject, at, actor, cause, policy, hash, events } = commit;
  return {
    ...{ id, position, subject, at, actor, cause, policy, hash },
    type: events.map((event) => event.type).join(','),
    events: events.map(({ type, data }) => ({ type, data: data as RecordedCommit['events'][number]['data'] })),
  };
}

export function versionsIn(episode: readonly Commit[]): Versions {
  const versions: Versions = { agent: null, policy: null, model: null, prompt: null, price: null, retrieval: null };
  for (const event of episode.flatMap((commit) => commit.events) as readonly (HoldEvent | LoopEvent | RecallEvent)[]) {
    if (event.type === 'governance.hold.granted') {
      versions.agent = `${event.data.agent}@${event.data.definitionVersion}`;
      versions.policy = event.data.policyVersion;
    }
    if (event.type === 'runtime.loop.model-asked') {
      const { model, promptDigest, price } = event.data;
      Object.assign(versions, { model, prompt: promptDigest.slice(0, 16), price: `${price.source}@${price.version}` });
    }
    if (event.type === 'memory.recall.answered') versions.retrieval = event.data.index;
  }
  return versions;
}
