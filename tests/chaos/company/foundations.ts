/** Broker and database under the supervision of the harness: whatever dies is started again on its old place. */
import { setTimeout as pause } from 'node:timers/promises';
import type { HostPaths } from '@soloist/host/installation';
import { openBroker, type RunningBroker } from '@soloist/eventlog/broker';
import { startPostgres, type TestPostgres } from '@soloist/testing';

const LOOK_EVERY_MS = 50;
/** Below the ports that the system hands out to outgoing connections. */
const portRange = (): { from: number; to: number } => {
  const from = 10_000 + ((process.pid * 41) % 190) * 50;
  return { from, to: from + 2_000 };
};

export class Foundations {
  /** What could not be started, for whoever looks why nothing moves. */
  lastFailure = '';
  private isStopping = false;
  private readonly watches: Promise<void>[] = [];

  private constructor(
    private readonly paths: HostPaths,
    private broker: RunningBroker,
    private readonly postgres: TestPostgres,
    private isDatabaseDown = false,
  ) {}

  static async start(paths: HostPaths): Promise<Foundations> {
    const range = portRange();
    const [broker, postgres] = await Promise.all([openBroker({ folder: paths.bus, keepFolder: paths.keep, portRange: range }), startPostgres()]);
    const foundations = new Foundations(paths, broker, postgres);
    foundations.watches.push(foundations.watchBroker(range));
    process.once('exit', foundations.onExit);
    return foundations;
  }

  /** A harness that ends without `stop` takes its broker along. */
  private readonly onExit = (): void => {
    if (this.broker.server.isRunning()) process.kill(this.broker.server.pid, 'SIGKILL');
  };

  get bus(): RunningBroker {
    return this.broker;
  }

  get databaseUrl(): string {
    return this.postgres.url;
  }

  get databasePort(): number {
    return this.postgres.port;
  }

  /** False when it is gone: one that was killed a moment ago may not have been noticed yet. */
  signalBroker(name: NodeJS.Signals): boolean {
    try {
      return process.kill(this.broker.server.pid, name);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
      throw error;
    }
  }

  /** SIGKILL to the server and its children, then recovery: the caller waits for neither. */
  async killDatabase(): Promise<void> {
    if (this.isDatabaseDown) return;
    this.isDatabaseDown = true;
    await this.postgres.kill9();
    await this.postgres.restart();
    this.isDatabaseDown = false;
  }

  /** Throws all rows away. */
  wipeDatabase(): Promise<void> {
    return this.postgres.wipe();
  }

  async untilUp(): Promise<void> {
    while (!this.broker.server.isRunning() || this.isDatabaseDown) await pause(LOOK_EVERY_MS);
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    process.off('exit', this.onExit);
    await Promise.all(this.watches);
    await Promise.allSettled([this.broker.server.stop(), this.postgres.stop()]);
  }

  /** As the host does: recovery, health, and the anchors of the keep before anybody writes again. */
  private async watchBroker(range: { from: number; to: number }): Promise<void> {
    const { bus: folder, keep: keepFolder } = this.paths;
    while (!this.isStopping) {
      if (!this.broker.server.isRunning()) {
        await openBroker({ folder, keepFolder, portRange: range }).then(
          (broker) => (this.broker = broker),
          (error: unknown) => (this.lastFailure = String(error)),
        );
      }
      await pause(LOOK_EVERY_MS);
    }
  }
}
