/**
 * The whole company in one process: every replica of the five service values on a machine of its own, on one in-memory
 * log, with ports into the simulated world. A machine that dies is started again with nothing in its memory.
 */
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { connectorsService, type ConnectorsPorts } from '@soloist/connectors';
import type { Context } from '@soloist/contracts';
import type { Commit, LogConnection, MemoryLog } from '@soloist/eventlog';
import { governanceService, isAuthentic, signerOf } from '@soloist/governance';
import { isFault } from '@soloist/kernel';
import { memoryService } from '@soloist/memory';
import { orchestratorService } from '@soloist/orchestrator';
import { ajvArgsCheck, runtimeService, type RuntimePorts } from '@soloist/runtime';
import { part, runInProcess, type InProcessPart, type OpenPorts, type Service } from '@soloist/service';
import { Machine, wired, type Agenda, type Fate, type FaultCounts, type Random, type WireFaults } from '@soloist/testing';
import type { Logger } from '@soloist/telemetry';
import type { Mutation } from './mutation.js';
import type { Inbox } from './world/inbox.js';
import type { MailWorld } from './world/mail-world.js';
import type { ProgramWorld } from './world/programs.js';
import { FactRows, openRememberedFacts } from './world/remembered-facts.js';
import { scriptedPrices, type ScriptedModel } from './world/scripted-model.js';
import type { Swarm } from './world/swarm.js';
import { catalogOf, rulebook } from './world/terms.js';

/** A fixed key, so that the same seed signs the same bytes. PKCS #8 of an Ed25519 key made of 32 equal bytes. */
const privateKey = createPrivateKey({ key: Buffer.from(`302e020100300506032b657004220420${'17'.repeat(32)}`, 'hex'), format: 'der', type: 'pkcs8' });
export const publicKey = createPublicKey(privateKey);
const signer = signerOf(privateKey);
const checkArgs = ajvArgsCheck();

export const EPOCH_MS = Date.parse('2026-03-10T12:00:00.000Z');
const LONGEST_RESTART_MS = 4_000;
const HOUR_MS = 3_600_000;

export interface CompanyOptions {
  readonly agenda: Agenda;
  readonly random: Random;
  readonly swarm: Swarm;
  readonly log: MemoryLog;
  readonly mail: MailWorld;
  readonly model: ScriptedModel;
  readonly programs: ProgramWorld;
  readonly inbox: Inbox;
  readonly fate: Fate;
  readonly wireFaults: () => WireFaults;
  readonly counts: FaultCounts;
  readonly mutation: Mutation;
  /** An append that answered `committed`. */
  readonly onAcknowledged: (commit: Commit) => void;
  readonly onDefect: (text: string) => void;
}

export class Company {
  readonly #options: CompanyOptions;
  readonly #databases = new Map<string, FactRows>();
  #lives = 0;
  #claims = 0;

  constructor(options: CompanyOptions) {
    this.#options = options;
  }

  start(): void {
    for (const [service, replicas] of Object.entries(this.#options.swarm.replicas) as [Context, number][]) {
      for (let replica = 0; replica < replicas; replica += 1) this.#boot(service, replica, 0);
    }
  }

  #boot(service: Context, replica: number, afterMs: number): void {
    const { agenda, random, swarm, fate } = this.#options;
    this.#lives += 1;
    const machine = new Machine(`${service}-${replica}`, agenda, random.fork(`machine ${this.#lives}`), fate);
    machine.latencyMs = swarm.slowdown;
    machine.onDeath(() => this.#boot(service, replica, random.between(50, LONGEST_RESTART_MS)));
    machine.post(afterMs, () => {
      // A service that cannot start ends its process, and is started again.
      this.#run(service, machine).catch((error: unknown) => {
        if (!isFault(error) || error.kind === 'invalid') this.#options.onDefect(`${machine.name} did not start: ${String(error)}`);
        machine.kill();
      });
    });
  }

  async #run(service: Context, machine: Machine): Promise<void> {
    const { log, wireFaults, counts, random, mutation } = this.#options;
    const wire = random.fork(`wire ${this.#lives}`);
    const raw = log.connect(service, (broker) => mutation.broker(wired(broker, machine, wire, wireFaults, counts), service));
    const connection = mutation.connection(this.#recording(raw), service);
    await runInProcess([this.#part(service, machine, connection)], { clock: this.#clock(service, machine), logger: this.#logger(machine) });
  }

  #recording(own: LogConnection): LogConnection {
    const append: LogConnection['log']['append'] = async (draft) => {
      const appended = await own.log.append(draft);
      if (appended.outcome === 'committed') this.#options.onAcknowledged(appended.commit);
      return appended;
    };
    return { ...own, log: { ...own.log, append } };
  }

  #part(name: Context, machine: Machine, connection: LogConnection): InProcessPart {
    const { swarm, inbox, mutation } = this.#options;
    const made = <Config, Ports>(service: Service<Config, Ports>, opened: OpenPorts<Ports>): InProcessPart => part(mutation.service(service), connection, opened);
    switch (name) {
      case 'orchestrator':
        return made(orchestratorService, closed({ rulebook }));
      case 'governance':
        return made(governanceService, closed({ signer, catalog: catalogOf(swarm), view: unused('view'), tokens: unused('tokens'), rounds: noRounds, links: unused('links') }));
      case 'runtime':
        return made(runtimeService, closed(this.#runtimePorts(machine)));
      case 'memory': {
        const rows = this.#databases.get(machine.name) ?? new FactRows();
        this.#databases.set(machine.name, rows);
        return made(memoryService, openRememberedFacts(rows));
      }
      case 'connectors':
        return made({ ...connectorsService, sources: [inbox.source(machine)] }, closed(this.#connectorsPorts(machine)));
    }
  }

  #runtimePorts(machine: Machine): RuntimePorts {
    const { model, programs, mutation } = this.#options;
    return {
      model: mutation.model(model.port(machine)),
      modelOfAlias: () => 'scripted',
      windowTokens: 128_000,
      prices: scriptedPrices,
      checkArgs,
      pause: (ms) => machine.sleep(ms, 'pause'),
      programs: programs.registry(machine),
    };
  }

  #connectorsPorts(machine: Machine): ConnectorsPorts {
    const { mail, mutation, agenda } = this.#options;
    return {
      connectors: [mutation.connector(mail.connector(machine))],
      authorizations: { isGenuine: (authorization) => Promise.resolve(isAuthentic(authorization, publicKey)) },
      arrivals: unused('arrivals'),
      postOffice: unused('post office'),
      stopwatch: () => agenda.now(),
      claimName: (key) => `${machine.name}-${++this.#claims}-${key}`,
    };
  }

  #clock(service: Context, machine: Machine): { now(): string } {
    const { swarm, agenda } = this.#options;
    return {
      now: () => {
        // Jumps back and forth each virtual second, differently for each machine.
        const jumpMs = swarm.clockJumps ? ((Math.floor(agenda.now() / 1_000) * 7 + machine.name.length) % 5) * HOUR_MS : 0;
        return new Date(EPOCH_MS + Math.floor(agenda.now()) + swarm.skewMs[service] + jumpMs).toISOString();
      },
    };
  }

  #logger(machine: Machine): Logger {
    const silent = (): void => undefined;
    return { debug: silent, info: silent, warn: silent, error: (text, fields) => this.#options.onDefect(`${machine.name}: ${text} ${JSON.stringify(fields ?? {})}`) };
  }
}

function closed<Ports>(ports: Ports): OpenPorts<Ports> {
  return { ports, close: () => Promise.resolve() };
}

/** There are no rows to look for work in; what a late decision closes is closed here as well. */
const noRounds = { now: () => new Date(EPOCH_MS).toISOString(), every: () => ({ stop: () => Promise.resolve() }) };

/** No decision needs it; touching it is a defect. */
function unused<Port extends object>(name: string): Port {
  return new Proxy({} as Port, {
    get: (_target, member) => {
      throw new Error(`the simulation has no ${name}: somebody asked it for ${String(member)}`);
    },
  });
}
