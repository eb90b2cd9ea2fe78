/** Reads the log of the installation under the replay identity, which can write nothing; only what is new each time. */
import type { StreamCount } from '@soloist/contracts';
import { connectLog, type Commit, type LogConnection } from '@soloist/eventlog';
import { openKeyTable } from '@soloist/eventlog/broker';

const PAGE = 500;

export class LogReader {
  readonly commits: Commit[] = [];
  private readonly reached = new Map<number, number>();
  /** One reading at a time: two would take in the same commits twice. */
  private reading: Promise<void> = Promise.resolve();

  private constructor(
    private readonly connection: LogConnection,
    private readonly streams: StreamCount,
  ) {}

  static async open(options: { servers: string; seedFile: string; streams: StreamCount; keepFolder: string }): Promise<LogReader> {
    const { keepFolder, ...rest } = options;
    const keys = await openKeyTable(keepFolder);
    return new LogReader(await connectLog({ ...rest, service: 'replay', keys, name: 'chaos reader' }), options.streams);
  }

  /** Takes in what was written since the last time. @throws Fault while the broker is away */
  readOn(): Promise<void> {
    this.reading = this.reading.catch(() => undefined).then(() => this.takeIn());
    return this.reading;
  }

  /** Everything again from the first message on: nothing that was read before is believed. */
  async readAgain(): Promise<void> {
    await this.reading.catch(() => undefined);
    this.commits.length = 0;
    this.reached.clear();
    await this.readOn();
  }

  close(): Promise<void> {
    return this.connection.close();
  }

  private async takeIn(): Promise<void> {
    for (let stream = 0; stream < this.streams; stream += 1) {
      for (;;) {
        const page = await this.connection.log.readAfter(stream, this.reached.get(stream) ?? 0, PAGE);
        const last = page.at(-1);
        if (last === undefined) break;
        this.commits.push(...page);
        this.reached.set(stream, last.position.sequence);
      }
    }
  }
}
