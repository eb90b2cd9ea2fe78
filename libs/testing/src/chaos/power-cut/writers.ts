/** Many entities written at once, through the same append as the services: the set of what it called committed. */
import { randomBytes } from 'node:crypto';
import type { StreamCount } from '@soloist/contracts';
import { commitIdOf, connectLog, type Commit, type KeyTable, type LogConnection } from '@soloist/eventlog';
import { isFault } from '@soloist/kernel';
import { subjectOf, type Address } from '@soloist/contracts';
import type { Acknowledged } from '../history.js';

const ENTITIES = 48;

export class Writers {
  readonly acknowledged: Acknowledged[] = [];
  /** Appends whose outcome nobody could tell: they may be there or not. */
  unknown = 0;
  private isOver = false;
  private readonly loops: Promise<void>[];

  private constructor(private readonly connection: LogConnection) {
    this.loops = Array.from({ length: ENTITIES }, () => this.write({ context: 'runtime', entity: 'loop', key: randomBytes(13).toString('hex') }));
  }

  static async start(options: { servers: string; seedFile: string; streams: StreamCount; keys: KeyTable }): Promise<Writers> {
    return new Writers(await connectLog({ ...options, service: 'runtime', name: 'power cut writers', answerWithinMs: 1_000 }));
  }

  /** Nothing is written any more; what was under way has an answer or none. */
  async stop(): Promise<void> {
    this.isOver = true;
    await this.connection.close();
    await Promise.all(this.loops);
  }

  /** One entity, one commit after the other; after a fault it is left as it is. */
  private async write(address: Address): Promise<void> {
    let head: Commit | null = null;
    try {
      for (let number = 0; !this.isOver; number += 1) head = await this.append(address, head, number);
    } catch (error) {
      if (isFault(error) && error.kind === 'unknown-outcome') this.unknown += 1;
      // The broker is gone: that is what the cut is for. A defect of ours would be one while it is there.
      else if (!this.isOver) throw error;
    }
  }

  private async append(address: Address, head: Commit | null, number: number): Promise<Commit> {
    const subject = subjectOf('evt', address);
    const id = commitIdOf(randomBytes(8).toString('hex'), 'power-cut', subject);
    const appended = await this.connection.log.append({
      address,
      id,
      cause: null,
      actor: 'service:runtime',
      policy: null,
      at: '2026-01-02T03:04:05.000Z',
      traceparent: null,
      events: [{ type: 'runtime.loop.suspended', data: { waitingFor: 'recall', id: `wait-${number}` } }],
      after: head === null ? null : { sequence: head.position.sequence, hash: head.hash, from: head.from },
      snapshot: false,
    });
    if (appended.outcome !== 'committed') throw new Error(`${subject} has one writer and met another`);
    const { position } = appended.commit;
    this.acknowledged.push({ ...position, subject, commitId: id, types: 'runtime.loop.suspended.v1' });
    return appended.commit;
  }
}
