/**
 * `soloist gate approve|reject`
 *
 * I1 the decision carries the digest of what was shown: a draft that was replaced meanwhile is not what is approved
 * I2 no flag answers a gate without its id
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { canonicalJson, type Json } from '@soloist/kernel';
import type { ApiClient } from '../api/client.js';
import type { DecisionOutcome, GateCard } from '../api/shapes.js';
import { EXIT } from '../exit-codes.js';
import { cardLines } from '../gate-card.js';
import { requireApi } from '../installation.js';
import type { Surroundings } from '../surroundings.js';
import { Failure } from '../failure.js';

type Options = Readonly<Record<string, unknown>>;

export async function decideCommand(surroundings: Surroundings, options: Options, decision: 'approve' | 'reject', gateId: string): Promise<number> {
  const { output } = surroundings;
  const api = await requireApi(surroundings);
  const given = options['digest'];
  const shown = typeof given === 'string' ? null : await showCard(surroundings, api, gateId);
  const digest = shown === null ? requireDigest(String(given)) : shown.digest;
  const edit = decision === 'approve' && typeof options['edit'] === 'string' ? await editFrom(options['edit'], shown ?? (await cardOf(api, gateId))) : undefined;
  const reason = typeof options['reason'] === 'string' ? options['reason'] : null;
  const outcome = await decide(api, gateId, { decision, digest, reason, ...(edit === undefined ? {} : { edit }) });
  output.json({ type: 'gate.decided', decision, digest, shown, ...outcome });
  const already = outcome.alreadyDecided === true ? ' (decided before; nothing was changed)' : '';
  output.line(`${outcome.gateId}  ${outcome.state}${already}`);
  return exitCodeOf(decision, outcome);
}

export function decide(api: ApiClient, gateId: string, body: { decision: 'approve' | 'reject'; digest: string; reason: string | null; edit?: Edit }): Promise<DecisionOutcome> {
  return api.post<DecisionOutcome>(`/v1/gates/${encodeURIComponent(gateId)}/decision`, { ...body, surface: 'cli' });
}

async function showCard({ output }: Surroundings, api: ApiClient, gateId: string): Promise<GateCard> {
  const card = await cardOf(api, gateId);
  for (const line of cardLines(card)) output.message(line);
  return card;
}

function cardOf(api: ApiClient, gateId: string): Promise<GateCard> {
  return api.get<GateCard>(`/v1/gates/${encodeURIComponent(gateId)}`);
}

interface Edit {
  readonly args: Readonly<Record<string, Json>>;
  readonly digest: string;
}

/** The digest is taken here, over what the file says: what is approved is what the operator wrote, or nothing. */
async function editFrom(file: string, { action }: GateCard): Promise<Edit> {
  try {
    const args = JSON.parse(await readFile(file, 'utf8')) as Edit['args'];
    return { args, digest: createHash('sha256').update(canonicalJson({ action, args })).digest('hex') };
  } catch (error) {
    throw new Failure('cli.usage', `${file} holds no arguments as JSON: ${error instanceof Error ? error.message : String(error)}`, 'take those of the gate as a start: ./soloist gate show ID --json', EXIT.usage, { cause: error });
  }
}

function requireDigest(digest: string): string {
  if (/^[0-9a-f]{64}$/.test(digest)) return digest;
  throw new Failure('cli.usage', `--digest is ${JSON.stringify(digest)}, but a digest has 64 hexadecimal digits`, 'copy it from: ./soloist gate show ID', EXIT.usage);
}

/** The gate was closed the other way before: what was asked for did not happen. */
function exitCodeOf(decision: 'approve' | 'reject', { state }: DecisionOutcome): number {
  if (state === (decision === 'approve' ? 'approved' : 'rejected')) return EXIT.ok;
  return state === 'open' || state === 'pending' ? EXIT.timedOut : EXIT.conflict;
}
