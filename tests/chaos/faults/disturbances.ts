/** What does not kill: processes that stand still (F2, F5), networks that fail (F3), frames that are lost or doubled (F4), wrong clocks (F11). */
import { writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { DELIVERY } from '@soloist/contracts';
import type { Copies, FrameKind, Link } from '@soloist/testing';
import { readyIn, type Fault, type Scene } from './fault.js';

const DAY_MS = 86_400_000;

/** Longer than a lease: when it wakes, its deliveries are another's. */
const asleepMs = (scene: Scene): number => Math.round(DELIVERY.ackWaitMs * (1.2 + scene.luck.next()));

export const pauseWorker: Fault = {
  kind: 'pauses',
  name: 'stop a worker beyond its lease',
  strike: async (scene) => {
    const worker = scene.luck.of(await readyIn(scene.company));
    if (!worker.signal('SIGSTOP')) return false;
    await pause(asleepMs(scene));
    return worker.signal('SIGCONT');
  },
};

export const pauseBroker: Fault = {
  kind: 'pauses',
  name: 'stop the broker beyond a lease',
  strike: async (scene) => {
    const { foundations } = scene.company;
    await foundations.untilUp();
    const hasStruck = foundations.signalBroker('SIGSTOP');
    await pause(asleepMs(scene));
    foundations.signalBroker('SIGCONT');
    return hasStruck;
  },
};

/** Half of the time it does nothing (F5). */
export const slowBroker: Fault = {
  kind: 'slow',
  name: 'slow broker',
  strike: async ({ company: { foundations }, luck }) => {
    await foundations.untilUp();
    for (let beat = 0; beat < 20; beat += 1) {
      if (!foundations.signalBroker('SIGSTOP')) return false;
      await pause(luck.between(20, 150));
      foundations.signalBroker('SIGCONT');
      await pause(luck.between(20, 150));
    }
    return true;
  },
};

const onLink = (name: string, hurt: (link: Link, scene: Scene) => Promise<void>): Fault => ({
  kind: 'cuts',
  name,
  strike: async (scene) => {
    const labels = [...scene.company.links.keys()];
    const link = scene.company.link(scene.luck.of(labels));
    await hurt(link, scene).finally(() => {
      link.setLatency(0);
      link.set('open');
    });
    return true;
  },
});

export const cutLink = onLink('cut a link', async (link, { luck }) => {
  link.set('cut');
  await pause(luck.between(300, 4_000));
});

export const blackHole = onLink('black-hole a link', async (link, { luck }) => {
  link.set('black-hole');
  await pause(luck.between(1_000, 9_000));
});

export const halfOpen = onLink('half-open a link', async (link, { luck }) => {
  link.set('half-open');
  await pause(luck.between(500, 5_000));
});

export const slowLink = onLink('latency on a link', async (link, { luck }) => {
  link.setLatency(luck.between(50, 1_500));
  await pause(luck.between(2_000, 5_000));
});

export const flapLink = onLink('flap a link', async (link, { luck }) => {
  for (let beat = 0; beat < 8; beat += 1) {
    link.set('cut');
    await pause(luck.between(20, 300));
    link.set('open');
    await pause(luck.between(20, 400));
  }
});

export const CUTS: readonly Fault[] = [cutLink, blackHole, halfOpen, slowLink, flapLink];

/** Messages, acknowledgements of publishes and of deliveries are lost or come twice, on all links at once. */
export const loseFrames: Fault = {
  kind: 'frames',
  name: 'lose and double frames',
  strike: async ({ company, luck }) => {
    let touched = 0;
    const fate = (kind: FrameKind): Copies => {
      if (kind === 'other' || kind === 'publish' || !luck.chance(0.08)) return 1;
      touched += 1;
      return luck.chance(0.5) ? 0 : 2;
    };
    for (const link of company.links.values()) link.fate = fate;
    await pause(luck.between(2_000, 5_000));
    for (const link of company.links.values()) link.fate = null;
    return touched > 0;
  },
};

/** The clocks of some processes are a day off, or jump within two. */
export const wrongClocks: Fault = {
  kind: 'clocks',
  name: 'wrong clocks',
  strike: async ({ company, luck }) => {
    const hurt = company.processes.filter(() => luck.chance(0.4));
    const content = (): string => luck.of([String(DAY_MS), String(-DAY_MS), `jump ${DAY_MS}`]);
    await Promise.all(hurt.map(({ options }) => writeFile(options.clockFile, content())));
    await pause(luck.between(2_000, 5_000));
    await Promise.all(hurt.map(({ options }) => writeFile(options.clockFile, '0')));
    return hurt.length > 0;
  },
};
