/**
 * Dead letters given another chance: the operator has put right what was wrong, and the message is handed to the same
 * reactors once more.
 *
 * I1 governance wishes, the owner acts: what became of the letter is written by the service whose letter it is
 * I2 what is handed over is what lies on the log; a service that may not read there is brought the commit, takes only
 *    governance's own facts that way, and holds them against the head it can read
 * I3 a try that fails leaves the letter open with the new reason and is no letter of its own; the same commit does the
 *    same work under the same ids, so a try that was cut off is tried again without doubling anything
 */
import { ACCESS } from '@soloist/contracts';
import { CarriedCommitShape, type Command, type Commit, type EventLog, type LetterOutcome } from '@soloist/eventlog';
import { Fault, isFault } from '@soloist/kernel';
import { z } from 'zod';

export const REDELIVER = 'soloist.redeliver';
export const DISCARD = 'soloist.discard';

const Position = z.strictObject({ stream: z.int().nonnegative(), sequence: z.int().positive() });

/** Wishes about a letter; the address of the command is that of the letter. */
export const RedeliverLetter = z.strictObject({
  type: z.literal(REDELIVER),
  letterId: z.string().min(1).max(64),
  what: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('commit'), position: Position, carried: CarriedCommitShape.nullable() }),
    z.strictObject({ kind: z.literal('command'), id: z.string(), actor: z.string(), body: z.unknown() }),
  ]),
});
export type RedeliverLetter = z.output<typeof RedeliverLetter>;

export const DiscardLetter = z.strictObject({ type: z.literal(DISCARD), letterId: z.string().min(1).max(64), reason: z.string().min(1).max(2_000) });
export type DiscardLetter = z.output<typeof DiscardLetter>;

/** What a dispatcher can do with what is handed over. */
export interface Redeliverer {
  readonly service: Command['address']['context'];
  readonly log: EventLog;
  now(): string;
  reactTo(commit: Commit): Promise<unknown>;
  execute(command: Command): Promise<unknown>;
}

export function isAboutLetter(body: unknown): boolean {
  const type = (body as { type?: unknown } | null)?.type;
  return type === REDELIVER || type === DISCARD;
}

/** @throws Fault: what may pass is thrown, so that the wish itself comes again; invalid for a wish that breaks its contract */
export async function settleLetter(command: Command, by: Redeliverer): Promise<LetterOutcome['outcome']> {
  const discard = DiscardLetter.safeParse(command.body);
  if (discard.success) return written(command, by, discard.data.letterId, 'discarded', discard.data.reason);
  const wish = RedeliverLetter.safeParse(command.body);
  if (!wish.success) {
    const issue = wish.error.issues[0];
    throw new Fault('invalid', 'redelivery.invalid', `command ${command.id}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'breaks its contract'}`);
  }
  const { letterId, what } = wish.data;
  try {
    if (what.kind === 'command') {
      if (isAboutLetter(what.body)) throw new Fault('invalid', 'redelivery.invalid', `command ${command.id} wishes for another wish about a letter`);
      await by.execute({ id: what.id, actor: what.actor, address: command.address, body: what.body });
    } else await by.reactTo(await commitOf(what, command, by));
  } catch (error) {
    if (isFault(error) && error.kind !== 'invalid') throw error;
    return written(command, by, letterId, 'failed', isFault(error) ? `${error.code}: ${error.message}` : `defect: ${error instanceof Error ? error.message : String(error)}`);
  }
  return written(command, by, letterId, 'redelivered', 'The reactors have done their work.');
}

async function commitOf(what: Extract<RedeliverLetter['what'], { kind: 'commit' }>, command: Command, { log, service }: Redeliverer): Promise<Commit> {
  const commit = ACCESS[service].coldReads ? await log.commitAt(what.position) : await brought(what, command, log);
  if (commit === null) throw new Fault('invalid', 'redelivery.not-on-log', `nothing lies at sequence ${what.position.sequence} of event stream ${what.position.stream}`);
  const { context, entity, key } = commit.address;
  if (key !== command.address.key || !ACCESS[service].reacts.includes(`${context}.${entity}`)) {
    throw new Fault('invalid', 'redelivery.foreign', `${commit.subject} is nothing that ${service} reacts to under the key ${command.address.key}`);
  }
  return commit;
}

async function brought({ carried, position }: Extract<RedeliverLetter['what'], { kind: 'commit' }>, command: Command, log: EventLog): Promise<Commit> {
  if (carried === null || carried.stream !== position.stream || carried.sequence !== position.sequence) {
    throw new Fault('invalid', 'redelivery.invalid', `command ${command.id} brings no commit, and this service may not read the log where it lies`);
  }
  const commit = await log.openCarried(carried);
  if (commit.address.context !== 'governance') throw new Fault('invalid', 'redelivery.foreign', `${commit.subject} is no fact of governance, whose word alone is taken`);
  return commit;
}

async function written(command: Command, by: Redeliverer, settles: string, outcome: LetterOutcome['outcome'], reason: string): Promise<LetterOutcome['outcome']> {
  const { entity, key } = command.address;
  await by.log.settle({ settles, address: { context: by.service, entity, key }, outcome, reason, by: by.service, commandId: command.id, at: by.now() });
  return outcome;
}
