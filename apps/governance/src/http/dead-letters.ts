/**
 * Dead letters as the operator sees them, and his wishes about them.
 *
 * I1 the API decides nothing: it publishes a wish to the service whose letter it is, and answers what that one recorded
 * I2 a letter that is settled stays settled; a try that failed leaves it open with its reason
 * I3 a service that may not read the log is brought the commit; it holds it against what it can read
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { ACCESS, CONTEXTS, type Context } from '@soloist/contracts';
import type { DeadLetter, EventLog, LetterOutcome, LetterRecord } from '@soloist/eventlog';
import { DISCARD, REDELIVER, type DiscardLetter, type RedeliverLetter } from '@soloist/service';
import { ApiError } from './api-error.js';
import type { DeadLetterCard } from './schemas.js';

const WAIT_MS = 10_000;
const FIRST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 200;

interface Standing {
  readonly letter: DeadLetter;
  readonly owner: Context;
  readonly outcomes: readonly LetterOutcome[];
  /** How often the same letter was written. */
  readonly written: number;
}

export class DeadLetters {
  constructor(
    private readonly log: EventLog,
    private readonly waitMs: number = WAIT_MS,
  ) {}

  /** Oldest first; what cannot be read is counted. */
  async list(): Promise<{ letters: readonly DeadLetterCard[]; unreadable: number }> {
    const records = await this.log.letters();
    return { letters: [...standings(records)].map(([id, standing]) => cardOf(id, standing)), unreadable: records.filter(({ kind }) => kind === 'unreadable').length };
  }

  /** @throws ApiError 404 */
  async show(id: string): Promise<DeadLetterCard> {
    return cardOf(id, await this.standing(id));
  }

  /** Answers the letter as it stands after the try, or as before it when nothing was on record in time. @throws ApiError 404 · 409 */
  async retry(id: string, by: string): Promise<{ card: DeadLetterCard; isOnRecord: boolean }> {
    const standing = await this.openLetter(id);
    const what = await this.whatOf(id, standing);
    return this.wish(id, standing, by, { type: REDELIVER, letterId: id, what });
  }

  /** @throws ApiError 404 · 409 */
  async discard(id: string, by: string, reason: string): Promise<{ card: DeadLetterCard; isOnRecord: boolean }> {
    return this.wish(id, await this.openLetter(id), by, { type: DISCARD, letterId: id, reason });
  }

  private async wish(id: string, { letter, owner }: Standing, by: string, body: RedeliverLetter | DiscardLetter): Promise<{ card: DeadLetterCard; isOnRecord: boolean }> {
    const commandId = randomUUID();
    const { entity, key } = letter.address;
    await this.log.command({ context: owner, entity, key }, { id: commandId, actor: by, body });
    const deadline = performance.now() + this.waitMs;
    for (let pause = FIRST_PAUSE_MS; performance.now() < deadline; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      const now = await this.standing(id);
      if (now.outcomes.some((outcome) => outcome.commandId === commandId)) return { card: cardOf(id, now), isOnRecord: true };
      await delay(pause);
    }
    return { card: await this.show(id), isOnRecord: false };
  }

  private async whatOf(id: string, { letter, owner }: Standing): Promise<RedeliverLetter['what']> {
    if (letter.command !== undefined) return { kind: 'command', id: letter.command.id, actor: letter.command.actor, body: letter.command.body };
    const { position } = letter;
    if (position === null || letter.consumer !== `${owner}_reactors`) throw new ApiError(409, 'dead.not-retryable', `Letter ${id} holds nothing that could be handed over again.`, `Discard it: POST /v1/dead/${id}/discard.`);
    const carried = ACCESS[owner].coldReads ? null : await this.log.carry(position);
    return { kind: 'commit', position, carried: carried === null ? null : { ...carried, headers: carried.headers.map(([name, value]) => [name, value]) } };
  }

  private async openLetter(id: string): Promise<Standing> {
    const standing = await this.standing(id);
    const { state } = cardOf(id, standing);
    if (state !== 'open') throw new ApiError(409, 'dead.settled', `Letter ${id} is ${state}.`, `Read it: GET /v1/dead/${id}.`);
    return standing;
  }

  private async standing(id: string): Promise<Standing> {
    const found = standings(await this.log.letters()).get(id);
    if (found === undefined) throw new ApiError(404, 'dead.unknown', `There is no dead letter ${id}.`, 'List them: GET /v1/dead.');
    return found;
  }
}

export function standings(records: readonly LetterRecord[]): ReadonlyMap<string, Standing> {
  const letters = new Map<string, Standing>();
  for (const record of records) {
    if (record.kind === 'letter') {
      const owner = CONTEXTS.find((context) => record.letter.consumer.startsWith(`${context}_`));
      if (owner === undefined) continue;
      const before = letters.get(record.id);
      letters.set(record.id, { letter: before?.letter ?? record.letter, owner, outcomes: before?.outcomes ?? [], written: (before?.written ?? 0) + 1 });
    } else if (record.kind === 'outcome') {
      const standing = letters.get(record.outcome.settles);
      // Only whose letter it is says what became of it.
      if (standing?.owner === record.outcome.address.context) letters.set(record.outcome.settles, { ...standing, outcomes: [...standing.outcomes, record.outcome] });
    }
  }
  return letters;
}

function cardOf(id: string, { letter, owner, outcomes }: Standing): DeadLetterCard {
  const { consumer, address, position, commit, reason, attempts, at, command } = letter;
  const settled = outcomes.find(({ outcome }) => outcome !== 'failed')?.outcome;
  return {
    id,
    state: settled === undefined || settled === 'failed' ? 'open' : settled,
    owner,
    consumer,
    entity: address.entity,
    key: address.key,
    position,
    commit,
    isCommand: command !== undefined || consumer.endsWith('_commands'),
    reason,
    attempts,
    at,
    outcomes: outcomes.map(({ outcome, reason: because, at: when }) => ({ outcome, reason: because, at: when })),
  };
}
