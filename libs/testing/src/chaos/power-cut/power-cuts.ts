/**
 * Power cuts under a broker that is written to (F7): what append called committed must be there afterwards (G2), in
 * order, in chains (G4), whole (G3). Each cut goes on with the disk of the one before.
 *
 * I1 the keep lies on another disk, as the operator's backups do; its anchors must be met after each cut
 * I2 `syncs: 'default'` is the control: with the broker's default the same recipe must find a loss, or it sees nothing
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { DEFAULT_STREAM_COUNT } from '@soloist/contracts';
import { connectLog, type Commit } from '@soloist/eventlog';
import { bootstrap, brokerConf, brokerManifest, connectAs, findBrokerBinary, openCredentials, openKeyTable, startBrokerServer, type BrokerServer, type Credentials, type ErasableKeyTable } from '@soloist/eventlog/broker';
import { acknowledgedIsStored, commitsAreSingle } from '../checkers/acknowledged.js';
import { entitiesAreChained, streamsHaveNoGap } from '../checkers/order.js';
import type { Acknowledged, History, Violation } from '../history.js';
import { Luck } from '../world/luck.js';
import { LoopImage } from './loop-image.js';
import { Writers } from './writers.js';

export interface PowerCutOptions {
  readonly cuts: number;
  readonly seed: number;
  readonly syncs: 'always' | 'default';
  readonly report: (line: string) => void;
}

export interface PowerCutReport {
  readonly cuts: number;
  readonly acknowledged: number;
  /** Appends under way at a cut: they may be there or not. */
  readonly unknown: number;
  readonly violations: readonly Violation[];
}

const IMAGE_MB = 256;
const PAGE = 1_000;

/** @throws Error where power cannot be cut: no root, no loop devices */
export async function powerCuts(options: PowerCutOptions): Promise<PowerCutReport> {
  const folder = await mkdtemp(join(tmpdir(), 'soloist-power-'));
  const image = await LoopImage.create(join(folder, 'image'), IMAGE_MB).catch((error: unknown) => rm(folder, { recursive: true, force: true }).then(() => Promise.reject(error)));
  const keepFolder = join(folder, 'keep');
  await mkdir(keepFolder, { mode: 0o700 });
  const site = new Site(options, image, keepFolder, await openCredentials(join(keepFolder, 'credentials')), await openKeyTable(keepFolder));
  try {
    return await site.fight();
  } finally {
    await site.close();
    await image.remove();
    await rm(folder, { recursive: true, force: true });
  }
}

class Site {
  private readonly manifest = brokerManifest(DEFAULT_STREAM_COUNT);
  private readonly acknowledged: Acknowledged[] = [];
  private readonly luck: Luck;
  private unknown = 0;
  private cuts = 0;
  private server: BrokerServer | null = null;

  constructor(
    private readonly options: PowerCutOptions,
    private readonly image: LoopImage,
    private readonly keepFolder: string,
    private readonly credentials: Credentials,
    private readonly keys: ErasableKeyTable,
  ) {
    this.luck = new Luck(options.seed);
  }

  async fight(): Promise<PowerCutReport> {
    let violations: readonly Violation[] = [];
    let server = await this.start();
    while (this.cuts < this.options.cuts && violations.length === 0) {
      await this.writeAndCut(server);
      this.cuts += 1;
      server = await this.startAgain().catch((error: unknown) => {
        violations = [{ kind: 'lost', guarantee: 'G2', because: `after the cut the broker was refused: ${String(error)}` }];
        return server;
      });
      if (violations.length === 0) violations = check(await this.read(server), this.acknowledged);
      this.options.report(`power cuts ${this.cuts}, acknowledged ${this.acknowledged.length}, under way ${this.unknown}, lost ${violations.length}`);
    }
    return { cuts: this.cuts, acknowledged: this.acknowledged.length, unknown: this.unknown, violations };
  }

  async close(): Promise<void> {
    await this.server?.stop();
  }

  /** Writers at full speed until a random moment; then nothing that is not on the disk ever was. */
  private async writeAndCut(server: BrokerServer): Promise<void> {
    const { manifest } = this;
    const writers = await Writers.start({ servers: server.url, seedFile: this.credentials.seedFile('runtime'), streams: manifest.streamCount, keys: this.keys });
    await pause(this.luck.between(200, 900));
    process.kill(server.pid, 'SIGSTOP');
    await this.image.cut(async () => {
      process.kill(server.pid, 'SIGKILL');
      while (server.isRunning()) await pause(5);
      await writers.stop();
    });
    this.acknowledged.push(...writers.acknowledged);
    this.unknown += writers.unknown;
  }

  private async start(): Promise<BrokerServer> {
    const { credentials, image, manifest, options } = this;
    const from = 10_000 + ((process.pid * 43) % 190) * 50;
    this.server = await startBrokerServer({
      binary: await findBrokerBinary(),
      folder: join(image.mountPoint, 'bus'),
      portRange: { from, to: from + 2_000 },
      conf: (ports, paths) => {
        const conf = brokerConf({ manifest, publicKeys: credentials.publicKeys, ports, ...paths, serverName: 'soloist-power' });
        return options.syncs === 'always' ? conf : conf.replace(/^ *sync_interval: always\n/m, '');
      },
    });
    await this.bootstrap(this.server);
    return this.server;
  }

  /** Bootstrap compares the keep with the store, as at each start of a host, and refuses one that has less. */
  private startAgain(): Promise<BrokerServer> {
    this.server = null;
    return this.start();
  }

  private async bootstrap({ healthUrl, url }: BrokerServer): Promise<void> {
    const connection = await connectAs(url, this.credentials.seedFile('bootstrap'), 'power cut');
    try {
      await bootstrap({ connection, healthUrl, keepFolder: this.keepFolder, manifest: this.manifest });
    } finally {
      await connection.close();
    }
  }

  private async read(server: BrokerServer): Promise<readonly Commit[]> {
    const { credentials, keys, manifest } = this;
    const reader = await connectLog({ servers: server.url, seedFile: credentials.seedFile('replay'), service: 'replay', streams: manifest.streamCount, keys, name: 'power cut reader' });
    const commits: Commit[] = [];
    try {
      for (let stream = 0; stream < manifest.streamCount; stream += 1) {
        for (let next = 0; ; ) {
          const page = await reader.log.readAfter(stream, next, PAGE);
          commits.push(...page);
          next = page.at(-1)?.position.sequence ?? 0;
          if (page.length === 0) break;
        }
      }
    } finally {
      await reader.close();
    }
    return commits;
  }
}

function check(commits: readonly Commit[], acknowledged: readonly Acknowledged[]): readonly Violation[] {
  const history: History = { commits, acknowledged, delivered: [], charges: [], accepted: [] };
  return [acknowledgedIsStored, commitsAreSingle, streamsHaveNoGap, entitiesAreChained].flatMap((checker) => checker(history));
}
