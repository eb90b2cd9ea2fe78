/**
 * Random damage to a log (G22, harness F10). Each must be noticed before anything could be decided from the log, or leave
 * every byte that is read as it was.
 *
 * I1 the log is a real one, written through a real broker; at least every tenth change is made to the broker's own files
 *    and looked at by a real start
 * I2 whoever changes messages makes all the rest fit but has no key: the kept heads and the signature are what tells
 * I3 a seed gives the same changes in every run
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isFault } from '@soloist/kernel';
import { checkExportBytes, openLogKey, publicLogKey, recordedHeads, writeExport, type Proofs } from '@soloist/eventlog/verify';
import { drawsOf, exportOf, firstLineOf, ON_BYTES, ON_MESSAGES, type Draw } from './corruption-changes.js';
import { DamagedStore, STORE_CHANGES, STREAMS, type Seen } from './corruption-store.js';

export type Corruptions = Readonly<Record<'made' | 'detected' | 'undetected' | 'harmless' | 'brokerStarts', number>>;

export interface Damage extends Corruptions {
  /** What nobody noticed, by kind and number; empty, or G22 is broken. */
  readonly missed: readonly string[];
  /** How many of each kind, and by what they were noticed. */
  readonly byKind: Readonly<Record<string, number>>;
  readonly noticedBy: Readonly<Record<string, number>>;
}

/** A start takes about a second. */
const MOST_STARTS = 600;
const SHARE_OF_STARTS = 10;

interface Exported {
  readonly bytes: Buffer;
  readonly proofs: Proofs;
}

/** @param report is told from time to time how far it is, and of everything that nobody noticed */
export async function runCorruptions(count: number, seed: number, report: (line: string) => void): Promise<Corruptions> {
  const { missed, byKind: _kinds, noticedBy: _by, ...counts } = await damageLog(count, seed, report);
  for (const what of missed) report(`not noticed: ${what}`);
  return counts;
}

export async function damageLog(count: number, seed: number, report: (line: string) => void): Promise<Damage> {
  const store = await DamagedStore.open();
  const tally = new Tally();
  try {
    const exported = await exportedFrom(store);
    const starts = Math.min(Math.ceil(count / SHARE_OF_STARTS), MOST_STARTS);
    const draw = drawsOf(seed);
    for (let number = 0; number < count; number += 1) {
      const isStart = number < starts;
      const kinds = isStart ? STORE_CHANGES : [...Object.keys(ON_BYTES), ...Object.keys(ON_MESSAGES)];
      const kind = kinds[isStart ? number % kinds.length : draw(kinds.length)] ?? '';
      const seen = isStart ? await store.attempt(kind as never, draw) : await onExport(kind, exported, store, draw);
      tally.add(number, kind, seen);
      if (isStart) tally.starts += 1;
      if ((number + 1) % Math.max(100, Math.floor(count / 20)) === 0) report(`${number + 1} of ${count} changes, ${tally.missed.length} not noticed`);
    }
  } finally {
    await store.close();
  }
  return tally.result();
}

async function exportedFrom(store: DamagedStore): Promise<Exported> {
  const folder = await mkdtemp(join(tmpdir(), 'soloist-export-'));
  try {
    const file = join(folder, 'log.jsonl');
    await writeExport(file, STREAMS, (async function* () { yield store.messages; })(), '2026-01-02T03:04:05.000Z', await openLogKey(store.keepFolder));
    const publicKey = await publicLogKey(store.keepFolder);
    const proofs: Proofs = { remembered: await recordedHeads(store.keepFolder), ...(publicKey === null ? {} : { publicKey }) };
    const bytes = await readFile(file);
    // What is not accepted unchanged would be noticed whatever was changed.
    if (!(await checkExportBytes(bytes, proofs)).isWhole) throw new Error('the export is not whole before anything was changed');
    return { bytes, proofs };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function onExport(kind: string, { bytes, proofs }: Exported, store: DamagedStore, draw: Draw): Promise<Seen> {
  const onBytes = ON_BYTES[kind];
  const onMessages = ON_MESSAGES[kind];
  if (onBytes !== undefined) {
    const changed = onBytes(bytes, draw);
    return changed.equals(bytes) ? { kind: 'harmless', by: 'nothing was changed' } : noticed(changed, proofs);
  }
  const messages = onMessages?.(store.messages, draw) ?? store.messages;
  const changed = exportOf(messages, STREAMS, firstLineOf(bytes));
  if (changed.equals(exportOf(store.messages, STREAMS, firstLineOf(bytes)))) return { kind: 'harmless', by: 'nothing was changed' };
  // Both alone must tell: the signature to whoever has only the public key, the heads to whoever has only the keep.
  const { remembered, publicKey } = proofs;
  const bySignature = publicKey === undefined ? null : await noticed(changed, { publicKey });
  const byHeads = remembered === undefined ? null : await noticed(changed, { remembered });
  return bySignature === null || byHeads === null ? null : byHeads;
}

async function noticed(bytes: Buffer, proofs: Proofs): Promise<Seen> {
  try {
    const report = await checkExportBytes(bytes, proofs);
    return report.isWhole ? null : { kind: 'detected', by: `verify: ${report.findings[0]?.check ?? 'broken'}` };
  } catch (error) {
    if (isFault(error)) return { kind: 'detected', by: error.code };
    throw error;
  }
}

class Tally {
  starts = 0;
  readonly missed: string[] = [];
  private made = 0;
  private detected = 0;
  private harmless = 0;
  private readonly byKind = new Map<string, number>();
  private readonly noticedBy = new Map<string, number>();

  add(number: number, kind: string, seen: Seen): void {
    this.made += 1;
    this.byKind.set(kind, (this.byKind.get(kind) ?? 0) + 1);
    if (seen === null) this.missed.push(`${kind} #${number}`);
    else if (seen.kind === 'harmless') this.harmless += 1;
    else {
      this.detected += 1;
      this.noticedBy.set(seen.by, (this.noticedBy.get(seen.by) ?? 0) + 1);
    }
  }

  result(): Damage {
    const { made, detected, missed, harmless, starts } = this;
    return { made, detected, undetected: missed.length, harmless, brokerStarts: starts, missed, byKind: Object.fromEntries(this.byKind), noticedBy: Object.fromEntries(this.noticedBy) };
  }
}
