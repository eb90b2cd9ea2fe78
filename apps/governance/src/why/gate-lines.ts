/** The gate of one generation of an effect: what was put before the operator, who decided what and where, and what was signed. */
import type { GateEvent } from '@soloist/contracts';
import { LEFT_UNKNOWN } from '../domain/gate-closing.js';
import { missing, only, open, recorded, type Seen, type WhyLine } from './why-line.js';

export type Opened = Seen<Extract<GateEvent, { type: 'governance.gate.opened' }>>;

/** The generation that a yes at this gate lets go: the next one after an unknown outcome. */
export function grantedBy({ event: { data } }: Opened): number {
  return data.kind === 'unknown-outcome' ? data.generation + 1 : data.generation;
}

/** A no to trying once more is told of the generation whose outcome stays unknown. */
function refusedGeneration({ event: { data } }: Seen<Extract<GateEvent, { type: 'governance.gate.refused' }>>): number {
  return data.code === LEFT_UNKNOWN ? data.generation + 1 : data.generation;
}

/** @param own the events that name the effect */
export function gateLines(episode: readonly Seen[], own: readonly Seen[], openings: readonly Opened[], generation: number): readonly WhyLine[] {
  const gates = openings.filter((opening) => grantedBy(opening) === generation);
  const authorized = only<GateEvent, 'governance.gate.authorized'>(own, 'governance.gate.authorized').find(({ event }) => event.data.generation === generation);
  const refused = only<GateEvent, 'governance.gate.refused'>(own, 'governance.gate.refused').filter((seen) => refusedGeneration(seen) === generation);
  const [judged] = only<GateEvent, 'governance.gate.judged'>(own, 'governance.gate.judged');
  const needsGate = generation > 1 || judged?.event.data.verdict === 'gate';
  return [
    ...(gates.length === 0 && needsGate ? [missing('gate', `It needed a decision, but no gate of generation ${generation} is on record.`)] : []),
    ...gates.flatMap((gate) => oneGate(episode, gate, authorized !== undefined)),
    ...(authorized === undefined ? notAuthorized(own, generation, refused) : [signature(authorized, expectedDigest(episode, gates, judged))]),
  ];
}

function oneGate(episode: readonly Seen[], gate: Opened, isAuthorized: boolean): readonly WhyLine[] {
  const { gateId, kind, digest, reasons, policyVersion, expiresAt, generation } = gate.event.data;
  const own = episode.filter(({ event }) => (event.data as { readonly gateId?: unknown }).gateId === gateId);
  const decided = own.some(({ event }) => event.type === 'governance.gate.decided' || event.type === 'governance.gate.expired');
  return [
    recorded('gate', gate, kind === 'unknown-outcome' ? `The gate ${gateId} asked whether to try once more.` : `The gate ${gateId} asked the operator.`, { gate: gateId, kind, digest, generation, because: reasons.join('; '), policy: `company@${policyVersion}`, expires: expiresAt }),
    ...own.flatMap((seen) => deciding(seen as Seen<GateEvent>, digest)),
    ...(decided ? [] : [isAuthorized ? missing('decision', `It was authorized, but no decision at ${gateId} is on record.`) : open('decision', `Nobody has decided at ${gateId} yet.`)]),
  ];
}

function deciding(seen: Seen<GateEvent>, digest: string): readonly WhyLine[] {
  const { event } = seen;
  switch (event.type) {
    case 'governance.gate.decided': {
      const { decision, by, surface, reason, commandId, digest: said } = event.data;
      const fits = said === digest;
      const word = decision === 'approve' ? 'approved' : 'rejected';
      return [recorded('decision', seen, `${by} ${word} it on the surface ${surface}${fits ? '.' : ', for another digest than the gate showed.'}`, { digest: said, reason: reason ?? undefined, command: commandId }, fits ? 'recorded' : 'mismatch')];
    }
    case 'governance.gate.decision-refused': {
      const { decision, by, surface, code, because, digest: said, commandId } = event.data;
      return [recorded('decision', seen, `${by} wanted to ${decision} it on the surface ${surface}; that was not taken (${code}): ${because}`, { digest: said, command: commandId })];
    }
    case 'governance.gate.edited': {
      const { by, surface, fields, digestBefore, digestAfter, verdict, label, args } = event.data;
      return [recorded('edit', seen, `${by} changed ${fields.join(', ')} on the surface ${surface} before approving.`, { label, 'digest before': digestBefore, 'digest after': digestAfter, 'the policy on the edit': verdict, arguments: args })];
    }
    case 'governance.gate.expired':
      return [recorded('decision', seen, `The gate closed without a decision: ${event.data.because}`)];
    default:
      return [];
  }
}

/** What a signature has to cover: the edit, else what the gate showed, else what was judged. */
function expectedDigest(episode: readonly Seen[], gates: readonly Opened[], judged: Seen<Extract<GateEvent, { type: 'governance.gate.judged' }>> | undefined): string | null {
  const gate = gates.at(-1);
  const edit = only<GateEvent, 'governance.gate.edited'>(episode, 'governance.gate.edited').find(({ event }) => event.data.gateId === gate?.event.data.gateId);
  return edit?.event.data.digestAfter ?? gate?.event.data.digest ?? judged?.event.data.digest ?? null;
}

function signature(seen: Seen<Extract<GateEvent, { type: 'governance.gate.authorized' }>>, expected: string | null): WhyLine {
  const { generation, digest, keyId, nonce, policyVersion, stopGeneration, epoch, expiresAt } = seen.event.data;
  const fits = expected === null || digest === expected;
  const text = fits ? `Authorization ${generation} was signed.` : `Authorization ${generation} was signed for another digest than was decided about.`;
  return recorded('authorization', seen, text, { digest, key: keyId, nonce, policy: `company@${policyVersion}`, 'stop generation': stopGeneration, epoch, expires: expiresAt }, fits ? 'recorded' : 'mismatch');
}

function notAuthorized(own: readonly Seen[], generation: number, refused: readonly Seen<Extract<GateEvent, { type: 'governance.gate.refused' }>>[]): readonly WhyLine[] {
  const wentOut = own.some(({ event }) => event.type.startsWith('connectors.effect.') && (event.data as { readonly generation?: unknown }).generation === generation);
  if (wentOut) return [missing('authorization', `It was acted on, but no authorization of generation ${generation} is on record.`)];
  if (refused.length > 0) return refused.map((seen) => recorded('authorization', seen, `It was not authorized (${seen.event.data.code}): ${seen.event.data.because}`));
  return [open('authorization', 'It is not authorized yet.')];
}
