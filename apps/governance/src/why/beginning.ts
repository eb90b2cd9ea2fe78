/** How it began: what came in, where it was routed, and what it was admitted with. */
import type { BudgetEvent, DefinitionEvent, HoldEvent, IntakeEvent, LoopEvent, PolicyEvent, RequestEvent, RunEvent } from '@soloist/contracts';
import { isErased } from '@soloist/eventlog';
import { formatMoney } from '@soloist/kernel';
import type { Trail } from './trail.js';
import { missing, only, open, recorded, seenIn, wordOf, type Seen, type WhyLine } from './why-line.js';

export function beginningOf(trail: Trail): readonly WhyLine[] {
  const episode = seenIn(trail.episode);
  const [program] = only<LoopEvent, 'runtime.loop.program-started'>(episode, 'runtime.loop.program-started');
  if (program !== undefined) {
    const { program: name, version, parent } = program.event.data;
    return [recorded('trigger', program, `The program ${name}@${version} was started${parent === null ? '' : ` by run ${parent.runId}`}.`)];
  }
  const came = [trigger(trail, inputOf(episode)), routing(trail)];
  if (episode.length > 0) return [...came, requested(episode), ...admission(trail, episode)];
  const isForAgent = only<RequestEvent, 'orchestrator.request.routed'>(seenIn(trail.request), 'orchestrator.request.routed').some(({ event }) => event.data.route.kind === 'agent');
  return isForAgent ? [...came, open('run', 'No run of it is on record yet.')] : came;
}

/** The run's own word for what set it off. */
export function inputOf(episode: readonly Seen[]): string | null {
  const [told] = only<RunEvent | LoopEvent, 'orchestrator.run.requested' | 'orchestrator.run.admitted' | 'runtime.loop.claimed'>(episode, 'orchestrator.run.requested', 'orchestrator.run.admitted', 'runtime.loop.claimed');
  return told?.event.data.inputId ?? null;
}

function trigger({ intake }: Trail, inputId: string | null): WhyLine {
  const [received] = only<IntakeEvent, 'connectors.intake.input-received'>(seenIn(intake), 'connectors.intake.input-received');
  if (received === undefined) return missing('trigger', inputId === null ? 'What set it off is not on record: no event of the run names its input.' : `What set it off is not on record: nothing came in as ${inputId}.`);
  const { from, subject, messageId, via, trust, inputId: id, to } = received.event.data;
  const sender = isErased(from) ? wordOf(from) : from.name === '' ? from.address : `${from.name} <${from.address}>`;
  return recorded('trigger', received, `A mail from ${sender} came in: ${wordOf(subject)}`, { 'message id': messageId, to: isErased(to) ? to : to.map(({ address }) => address).join(', '), by: via, trust, input: id });
}

function routing({ request }: Trail): WhyLine {
  const [routed] = only<RequestEvent, 'orchestrator.request.routed'>(seenIn(request), 'orchestrator.request.routed');
  if (routed === undefined) return missing('routing', 'No routing is on record.');
  const { route, rule, reasons } = routed.event.data;
  const where = route.kind === 'agent' ? `to the agent ${route.agent}` : `to the ${route.kind}, not to an agent`;
  return recorded('routing', routed, `The rule "${rule}" sent it ${where}.`, { reasons: reasons.join('; ') });
}

function requested(episode: readonly Seen[]): WhyLine {
  const [run] = only<RunEvent, 'orchestrator.run.requested'>(episode, 'orchestrator.run.requested');
  if (run === undefined) return missing('run', 'No request of this run is on record.');
  return recorded('run', run, `A run of the agent ${run.event.data.agent} was requested.`, { run: run.event.data.runId });
}

function admission(trail: Trail, episode: readonly Seen[]): readonly WhyLine[] {
  const holds = only<HoldEvent, 'governance.hold.asked' | 'governance.hold.extended' | 'governance.hold.granted' | 'governance.hold.refused'>(episode, 'governance.hold.asked', 'governance.hold.extended', 'governance.hold.granted', 'governance.hold.refused');
  const granted = holds.find(({ event }) => event.type === 'governance.hold.granted');
  const isRefused = holds.some(({ event }) => event.type === 'governance.hold.refused');
  const hasStarted = episode.some(({ event }) => event.type === 'runtime.loop.claimed');
  const lines = holds.map((hold) => holdLine(hold));
  if (granted === undefined) {
    if (isRefused && !hasStarted) return lines;
    return [...lines, hasStarted ? missing('admission', 'The run worked, but no admission of it is on record.') : open('admission', 'It is not admitted yet.')];
  }
  return [...reservation(trail), ...lines, ...agentPin(trail, granted as Seen<Granted>), ...pinned(trail, granted as Seen<Granted>)];
}

type Granted = Extract<HoldEvent, { type: 'governance.hold.granted' }>;

function holdLine(hold: Seen<HoldEvent>): WhyLine {
  const { event } = hold;
  switch (event.type) {
    case 'governance.hold.asked':
      return recorded('budget', hold, 'It would have passed budget lines, and the operator was asked.', placesOf(event.data.lines));
    case 'governance.hold.extended':
      return recorded('budget', hold, `${event.data.by} let it pass them.`, { ...placesOf(event.data.lines), command: event.data.commandId });
    case 'governance.hold.granted': {
      const { agent, definitionVersion, policyVersion, envelopeMicros, currency, feature, workflow, client } = event.data;
      return recorded('admission', hold, `Admitted with ${formatMoney({ micros: envelopeMicros, currency })} at most, as ${agent}@${definitionVersion}, under the policy ${policyVersion}.`, { feature: feature ?? undefined, workflow: workflow ?? undefined, client: client ?? undefined });
    }
    case 'governance.hold.refused':
      return recorded('admission', hold, `Not admitted (${event.data.code}): ${event.data.because}`);
    default:
      return recorded('admission', hold, event.type);
  }
}

function placesOf(lines: readonly { readonly line: string; readonly period: string; readonly limit: number; readonly committed: number; readonly needed: number }[]): Readonly<Record<string, string>> {
  return Object.fromEntries(lines.map(({ line, period, limit, committed, needed }) => [line, `${period}: limit ${amountOn(line, limit)}, committed ${amountOn(line, committed)}, needed ${amountOn(line, needed)}`]));
}

/** A line ends with what it measures. */
function amountOn(line: string, amount: number): string {
  const measure = line.slice(line.lastIndexOf('/') + 1);
  return `${amount} ${measure === 'money' ? 'micro-units' : measure}`;
}

function reservation({ reservation: commit, budgetLines, runId }: Trail): readonly WhyLine[] {
  const ledger = commit === null ? [] : seenIn([commit]);
  const reserved = only<BudgetEvent, 'governance.budget.reserved'>(ledger, 'governance.budget.reserved').find(({ event }) => event.data.runId === runId);
  if (reserved === undefined) return [missing('budget', 'The ledger\'s reservation for this run was not found near its admission.')];
  const { micros, currency, day } = reserved.event.data;
  const warned = only<BudgetEvent, 'governance.budget.warned'>(ledger, 'governance.budget.warned').filter(({ event }) => event.data.runId === runId);
  const held = Object.fromEntries((budgetLines ?? []).map(({ line, limit, mode }) => [line, `limit ${amountOn(line, limit)}, ${mode}`]));
  return [
    recorded('budget', reserved, `The ledger set ${formatMoney({ micros, currency })} aside on ${day}.`, held),
    ...(budgetLines === null ? [missing('budget', 'Which budget lines held it then could not be read.')] : []),
    ...warned.map((line) => recorded('budget', line, `It passed the soft line ${line.event.data.line} (${line.event.data.period}): limit ${amountOn(line.event.data.line, line.event.data.limit)}, committed ${amountOn(line.event.data.line, line.event.data.committed)}.`)),
  ];
}

/** The operator's word that the run had to take this version; nothing when it was the latest by itself. */
function agentPin({ definitions = [] }: Trail, { event, commit }: Seen<Granted>): readonly WhyLine[] {
  const { agent, definitionVersion } = event.data;
  // Moments order nothing for certain; the version is what tells whether it is this pin.
  const before = seenIn(definitions.filter(({ at }) => at <= commit.at));
  const last = only<DefinitionEvent, 'governance.definition.pinned' | 'governance.definition.unpinned'>(before, 'governance.definition.pinned', 'governance.definition.unpinned').at(-1);
  if (last?.event.type !== 'governance.definition.pinned' || last.event.data.version !== definitionVersion) return [];
  const { by, because, commandId } = last.event.data;
  return [recorded('admission', last, `The agent ${agent} was pinned to ${definitionVersion} by ${by}: ${because}`, { command: commandId })];
}

/** Where the pinned policy came from. */
function pinned({ policies }: Trail, { event }: Seen<Granted>): readonly WhyLine[] {
  const { policyVersion } = event.data;
  const adopted = only<PolicyEvent, 'governance.policy.adopted'>(seenIn(policies), 'governance.policy.adopted').findLast(({ event: one }) => one.data.version === policyVersion);
  if (adopted === undefined) return [missing('policy', `The adoption of the policy ${policyVersion} is not on record.`)];
  const { document, version, origin } = adopted.event.data;
  return [recorded('policy', adopted, `The policy ${document.name}@${version} was adopted.`, { origin })];
}
