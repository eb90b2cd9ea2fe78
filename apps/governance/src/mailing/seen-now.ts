/** What a digest is made of, as the rows and the holds say it at this moment. */
import { type MailDigest } from '@soloist/contracts';
import type { Work } from '@soloist/service';
import type { Seen, SeenGate } from '../domain/digest.js';
import { holds } from '../entities.js';
import type { GovernancePorts } from '../ports/governance-ports.js';
import type { GateRow, GovernanceView, RunRow } from '../ports/governance-view.port.js';

/** More than that is told by its number at most. */
const MOST_LOOKED_AT = 500;

/** @param before ids of the gates that were open at the last digest */
export async function seenNow(work: Work<GovernancePorts>, before: readonly string[]): Promise<Seen> {
  const { view } = work.ports;
  await view.refresh();
  const [open, latest, asking] = await Promise.all([view.gates({ limit: MOST_LOOKED_AT, state: 'open' }), view.gates({ limit: MOST_LOOKED_AT, isNewestFirst: true }), view.runs({ limit: MOST_LOOKED_AT, state: 'requested' })]);
  const known = new Set([...open, ...latest].map(({ gateId }) => gateId));
  const others = await Promise.all(before.filter((gateId) => !known.has(gateId)).map((gateId) => view.gate(gateId)));
  const rows = [...open, ...others.filter((row) => row !== null), ...latest.toReversed()];
  return { gates: await withAgents(view, rows), asks: await asksOf(work, asking) };
}

async function withAgents(view: GovernanceView, rows: readonly GateRow[]): Promise<readonly SeenGate[]> {
  const runIds = [...new Set(rows.filter(({ state }) => state === 'open').map(({ runId }) => runId))];
  const runs = await Promise.all(runIds.map((runId) => view.run(runId)));
  const agents = new Map(runs.flatMap((run) => (run === null ? [] : [[run.runId, run.agent] as const])));
  return rows.map((row) => ({ ...row, agent: agents.get(row.runId) ?? null }));
}

async function asksOf(work: Work<GovernancePorts>, runs: readonly RunRow[]): Promise<MailDigest['asks']['runs']> {
  const states = await Promise.all(runs.map(async ({ runId }) => (await work.load(holds, runId)).state));
  return states.flatMap((hold) => (hold.state === 'asked' && !hold.isExtended ? [askOf(hold.asked)] : []));
}

function askOf({ runId, agent, currency, lines }: { readonly runId: string; readonly agent: string; readonly currency: string; readonly lines: MailDigest['asks']['runs'][number]['lines'] }): MailDigest['asks']['runs'][number] {
  return { runId, agent, currency, lines: lines.map(({ line, limit, committed, needed }) => ({ line, limit, committed, needed })) };
}
