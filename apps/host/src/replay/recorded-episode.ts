/**
 * Everything on record about one run: its own episode, the input and request it came from, the company's ledger lines
 * it caused, in causal order; and the commands people gave, rebuilt from the decisions that name them.
 */
import type { Address, AnyEvent, GateEvent, HoldEvent, RunEvent } from '@soloist/contracts';
import { parseSubject, subjectOf } from '@soloist/contracts';
import { isErased, type Command, type Commit, type EventLog } from '@soloist/eventlog';
import { HostError } from '../host-error.js';

export interface RecordedEpisode {
  readonly runId: string;
  readonly commits: readonly Commit[];
  readonly commands: readonly Command[];
  /** Definition and policy as the run was pinned to them; later versions are not shown to its decisions. */
  readonly cut: (address: Address, history: readonly Commit[]) => readonly Commit[];
}

/** @throws HostError when no such run is on record */
export async function recordedEpisode(log: EventLog, runId: string): Promise<RecordedEpisode> {
  const episode = await log.episode(runId);
  const requested = eventsOf<RunEvent>(episode).find((event) => event.type === 'orchestrator.run.requested');
  if (requested === undefined) {
    throw new HostError('replay.run-unknown', `no run ${runId} is on record`, 'list the runs with: soloist run list');
  }
  const { inputId } = requested.data as { inputId: string };
  const intake = await log.history({ context: 'connectors', entity: 'intake', key: inputId });
  const request = await log.history({ context: 'orchestrator', entity: 'request', key: inputId });
  const ids = new Set(episode.map((commit) => commit.id));
  const ledger = await log.history({ context: 'governance', entity: 'budget', key: 'company' });
  const own = ledger.filter((commit) => commit.cause !== null && ids.has(commit.cause));
  const commands = commandsOf(episode);
  const approvals = await approvalsOf(log, episode, new Set(commands.map(({ id }) => id)));
  return {
    runId,
    commits: [...intake, ...request, ...episode.flatMap((commit) => [commit, ...own.filter((line) => line.cause === commit.id)]), ...approvals],
    commands,
    cut: cutAtSeenApprovals(eventsOf<GateEvent>(episode), cutAtPinnedVersions(eventsOf<HoldEvent>(episode))),
  };
}

export function eventsOf<Event extends AnyEvent>(commits: readonly Commit[]): readonly Event[] {
  return commits.flatMap((commit) => commit.events) as unknown as readonly Event[];
}

function commandsOf(episode: readonly Commit[]): readonly Command[] {
  const commands: Command[] = [];
  for (const commit of episode) {
    for (const event of commit.events as readonly GateEvent[]) {
      if (event.type !== 'governance.gate.decided') continue;
      const { commandId, gateId, decision, digest, by, surface, reason } = event.data;
      const address = parseSubject(subjectOf('cmd', commit.address));
      if (address === null) throw new Error(`no command can be addressed to ${commit.subject}`);
      const edit = editIn(commit, gateId);
      // The words of an erased edit are gone, and with them what could be decided again.
      if (edit === 'erased') continue;
      const body = { type: 'governance.gate.decide', runId: commit.address.key, gateId, decision, digest, by, surface, reason, ...(edit === null ? {} : { edit }) };
      commands.push({ id: commandId, actor: by, address, body });
    }
  }
  return commands;
}

/** The operator's edit, which stands in the commit of his decision. */
function editIn(commit: Commit, gateId: string): { readonly args: unknown; readonly digest: string } | 'erased' | null {
  const edited = (commit.events as readonly GateEvent[]).find((event) => event.type === 'governance.gate.edited' && event.data.gateId === gateId);
  if (edited?.type !== 'governance.gate.edited') return null;
  const { args, digestAfter } = edited.data;
  return isErased(args) ? 'erased' : { args, digest: digestAfter };
}

/** Contacts that became known by this run's own gates stand on the person's entity, not on the run's. */
async function approvalsOf(log: EventLog, episode: readonly Commit[], commands: ReadonlySet<string>): Promise<readonly Commit[]> {
  const subjects = new Set(eventsOf<GateEvent>(episode).flatMap((event) => (event.type === 'governance.gate.opened' ? [event.data.dataSubject] : [])));
  const histories = await Promise.all([...subjects].map((key) => log.history({ context: 'governance', entity: 'contact', key })));
  return histories.flat().filter((commit) => commit.cause !== null && commands.has(commit.cause));
}

/** A run sees the approvals that its first judgement pinned. */
function cutAtSeenApprovals(events: readonly GateEvent[], otherwise: RecordedEpisode['cut']): RecordedEpisode['cut'] {
  const judged = events.find((event) => event.type === 'governance.gate.judged');
  const seen = judged?.type === 'governance.gate.judged' ? judged.data.approvals : undefined;
  return (address, history) => (address.context === 'governance' && address.entity === 'contact' && seen !== undefined ? history.slice(0, seen) : otherwise(address, history));
}

function cutAtPinnedVersions(events: readonly HoldEvent[]): RecordedEpisode['cut'] {
  const granted = events.find((event) => event.type === 'governance.hold.granted');
  if (granted?.type !== 'governance.hold.granted') return (_address, history) => history;
  const pinned: Readonly<Record<string, string>> = { definition: granted.data.definitionVersion, policy: granted.data.policyVersion };
  return (address, history) => {
    const version = address.context === 'governance' ? pinned[address.entity] : undefined;
    if (version === undefined) return history;
    const at = history.findIndex((commit) => commit.events.some((event) => (event.data as { version?: string }).version === version));
    return at < 0 ? history : history.slice(0, at + 1);
  };
}
