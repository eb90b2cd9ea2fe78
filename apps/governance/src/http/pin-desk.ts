/**
 * Pins an agent to one of its versions, and unpins it.
 *
 * I1 the API pins nothing: it publishes a wish, and answers what is on record
 * I2 once it is answered as on record, whatever is admitted takes what is in force then
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { DefinitionEvent, PinAgent, UnpinAgent } from '@soloist/contracts';
import type { EventLog } from '@soloist/eventlog';
import { fold } from '@soloist/service';
import { versionInForce, type Definitions } from '../domain/definition.js';
import { definitions } from '../entities.js';
import { ApiError } from './api-error.js';
import type { Pin, PinOutcome } from './pin-schemas.js';

const WAIT_MS = 10_000;
const PAUSE_MS = 20;

/** @throws ApiError 404 naming the versions that there are */
export async function pinAgent(log: EventLog, name: string, { version, because }: Pin, by: string): Promise<PinOutcome> {
  const before = await definitionsOf(log, name);
  if (!before.versions.has(version)) throw new ApiError(404, 'agent.version-unknown', `The agent ${name} has no version ${version}. Known: ${[...before.versions.keys()].join(', ')}.`, 'Pin one of those.');
  return wish(log, name, { type: 'governance.definition.pin', agent: name, version, by, because }, (now) => now.pinned === version);
}

/** @throws ApiError 404 */
export function unpinAgent(log: EventLog, name: string, because: string, by: string): Promise<PinOutcome> {
  return wish(log, name, { type: 'governance.definition.unpin', agent: name, by, because }, (now) => now.pinned === null);
}

/** Why an agent is pinned, in the words of whoever did it; null when it is not. */
export async function reasonOfPin(log: EventLog, name: string): Promise<string | null> {
  const events = (await log.read({ context: 'governance', entity: 'definition', key: name })).flatMap((commit) => commit.events) as readonly DefinitionEvent[];
  const last = events.findLast((event) => event.type !== 'governance.definition.published');
  return last?.type === 'governance.definition.pinned' ? last.data.because : null;
}

async function wish(log: EventLog, name: string, body: PinAgent | UnpinAgent, isSo: (now: Definitions) => boolean): Promise<PinOutcome> {
  const before = await definitionsOf(log, name);
  if (isSo(before)) return outcomeOf(name, before, true);
  const id = randomUUID();
  await log.command({ context: 'governance', entity: 'definition', key: name }, { id, actor: body.by, body });
  const deadline = performance.now() + WAIT_MS;
  for (;;) {
    const now = await definitionsOf(log, name);
    // Another wish may have followed at once: what is in force is answered, whoever wished for it.
    const isOnRecord = now.wishes.has(id) || isSo(now);
    if (isOnRecord || performance.now() > deadline) return outcomeOf(name, now, isOnRecord);
    await delay(PAUSE_MS);
  }
}

async function definitionsOf(log: EventLog, name: string): Promise<Definitions> {
  const events = (await log.read({ context: 'governance', entity: 'definition', key: name })).flatMap((commit) => commit.events) as readonly DefinitionEvent[];
  if (events.length === 0) throw new ApiError(404, 'agent.unknown', `There is no agent ${name}.`, 'List the agents: GET /v1/agents.');
  return fold(definitions, events);
}

function outcomeOf(name: string, state: Definitions, isOnRecord: boolean): PinOutcome {
  return { name, version: versionInForce(state) ?? '', latest: state.latest ?? '', isPinned: state.pinned !== null, isOnRecord };
}
