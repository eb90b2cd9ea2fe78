/**
 * kill -9 (F1): by label at the durable boundaries of the flow, and at random moments, of everything there is.
 */
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { readyIn, type Fault, type Scene } from './fault.js';

/** A boundary that nobody passes within this time is given up: the flow may not come there at the moment. */
const PASSED_WITHIN_MS = 2_500;
const LOOK_EVERY_MS = 15;

const processKill = (label: string): Fault => ({
  kind: 'kills',
  name: `kill ${label}`,
  strike: ({ company }) => Promise.resolve(company.process(label).isReady && company.process(label).signal('SIGKILL')),
});

export const brokerKill: Fault = {
  kind: 'kills',
  name: 'kill broker',
  strike: async ({ company }) => {
    await company.foundations.untilUp();
    return company.foundations.signalBroker('SIGKILL');
  },
};

const bothKill = (label: string): Fault => ({
  kind: 'kills',
  name: `kill broker and ${label}`,
  strike: async (scene) => {
    const [broker, service] = await Promise.all([brokerKill.strike(scene), processKill(label).strike(scene)]);
    return broker && service;
  },
});

export const groupKill: Fault = {
  kind: 'kills',
  name: 'kill all',
  strike: async ({ company }) => {
    await company.foundations.untilUp();
    const hasStruck = company.foundations.signalBroker('SIGKILL');
    for (const one of company.processes) one.signal('SIGKILL');
    await company.foundations.killDatabase();
    return hasStruck;
  },
};

/** SIGKILL to the server and all its children while projections write (F12). */
export const databaseKill: Fault = {
  kind: 'databases',
  name: 'kill database',
  strike: async ({ company }) => {
    await company.foundations.killDatabase();
    return true;
  },
};

/** Connections reset in the middle of whatever transaction is open (F12). */
export const databaseReset: Fault = {
  kind: 'databases',
  name: 'reset database connections',
  strike: ({ company }) => {
    company.link('database').reset();
    return Promise.resolve(true);
  },
};

/** Whoever passes a boundary of the flow next dies there. */
const boundaryKill = (label: string): Fault => ({
  kind: 'kills',
  name: `kill at ${label}`,
  strike: async ({ company: { crashPlan } }) => {
    await rm(`${crashPlan}.taken`, { force: true });
    // Seen whole or not at all.
    await writeFile(`${crashPlan}.new`, label);
    await rename(`${crashPlan}.new`, crashPlan);
    const deadline = Date.now() + PASSED_WITHIN_MS;
    while (Date.now() < deadline) {
      if (await isThere(`${crashPlan}.taken`)) return true;
      await pause(LOOK_EVERY_MS);
    }
    await rm(crashPlan, { force: true });
    return isThere(`${crashPlan}.taken`);
  },
});

/** The next kill. Of the boundaries that the flow passes at the moment, the one that was killed at least often. */
export class Kills {
  /** How often somebody died at each boundary that was ever passed. */
  readonly boundaries = new Map<string, number>();
  private readonly tries = new Map<string, number>();
  private traceRead = 0;

  async next({ company, luck }: Scene): Promise<Fault> {
    const draw = luck.next();
    const label = luck.of(await readyIn(company)).label;
    if (draw < 0.12) return processKill(label);
    if (draw < 0.18) return brokerKill;
    if (draw < 0.21) return bothKill(label);
    if (draw < 0.22) return groupKill;
    return this.atBoundary(await this.leastTried(company.crashTrace), processKill(label));
  }

  private atBoundary(boundary: string | null, otherwise: Fault): Fault {
    if (boundary === null) return otherwise;
    const fault = boundaryKill(boundary);
    return {
      ...fault,
      strike: async (scene) => {
        const hasStruck = await fault.strike(scene);
        if (hasStruck) this.boundaries.set(boundary, (this.boundaries.get(boundary) ?? 0) + 1);
        return hasStruck;
      },
    };
  }

  /** Among those passed since the last look; null when nothing moves. */
  private async leastTried(trace: string): Promise<string | null> {
    const passed = await readFile(trace, 'utf8').catch(() => '');
    const fresh = new Set(passed.slice(this.traceRead).split('\n').filter((label) => label !== ''));
    this.traceRead = passed.length;
    for (const label of fresh) if (!this.boundaries.has(label)) this.boundaries.set(label, 0);
    const least = [...fresh].sort((one, other) => (this.tries.get(one) ?? 0) - (this.tries.get(other) ?? 0))[0];
    if (least === undefined) return null;
    this.tries.set(least, (this.tries.get(least) ?? 0) + 1);
    return least;
  }
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
