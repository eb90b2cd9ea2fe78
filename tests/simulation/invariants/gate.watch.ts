/** G12 a gate is decided once, about what it shows, and an authorization follows an approval in the same commit. */
import type { Authorization, GateEvent } from '@soloist/contracts';
import type { Commit } from '@soloist/eventlog';
import { eventsOf, hold, type Watch } from './watch.js';

type Card = Extract<GateEvent, { type: 'governance.gate.opened' }>['data'];

export class GateWatch implements Watch {
  readonly name = 'G12 gates';
  readonly authorizations = new Map<string, Authorization>();
  /** `<effect>-g<generation>` of what was refused. */
  readonly refused = new Set<string>();
  readonly open = new Map<string, Card>();
  readonly #decided = new Set<string>();

  onCommit(commit: Commit): void {
    if (commit.address.entity !== 'gate') return;
    let approved: Card | null = null;
    for (const event of eventsOf<GateEvent>(commit)) {
      if (event.type === 'governance.gate.decided') approved = this.#decide(event.data);
      else if (event.type === 'governance.gate.edited') approved = this.#edit(event.data, approved);
      else this.#on(event, approved);
    }
  }

  #decide({ gateId, decision, digest }: Extract<GateEvent, { type: 'governance.gate.decided' }>['data']): Card | null {
    const card = this.open.get(gateId);
    hold(!this.#decided.has(gateId), `gate ${gateId} was decided twice`);
    hold(card !== undefined, `gate ${gateId} was decided and is not open`);
    hold(card?.digest === digest, `gate ${gateId} was decided about another action`);
    this.#decided.add(gateId);
    this.open.delete(gateId);
    return decision === 'approve' ? (card ?? null) : null;
  }

  /** What goes out then is what the operator made of it, and nothing else. */
  #edit({ gateId, digestBefore, digestAfter }: Extract<GateEvent, { type: 'governance.gate.edited' }>['data'], approved: Card | null): Card | null {
    hold(approved?.gateId === gateId && approved.digest === digestBefore, `gate ${gateId} was edited without an approval of what it showed`);
    return approved === null ? null : { ...approved, digest: digestAfter };
  }

  #on(event: GateEvent, approved: Card | null): void {
    switch (event.type) {
      case 'governance.gate.opened':
        this.open.set(event.data.gateId, event.data);
        return;
      case 'governance.gate.authorized': {
        const { effectId, generation, digest, nonce } = event.data;
        const isGranted = approved?.effectId === effectId && approved.digest === digest && generation === approved.generation + (approved.kind === 'unknown-outcome' ? 1 : 0);
        hold(isGranted, `effect ${effectId} generation ${generation} was authorized without an approval`);
        hold(!this.authorizations.has(nonce), `the authorization ${nonce} was given twice`);
        hold(!this.refused.has(`${effectId}-g${generation}`), `effect ${effectId} generation ${generation} was authorized after it was refused`);
        this.authorizations.set(nonce, event.data);
        return;
      }
      case 'governance.gate.refused': {
        const { effectId, generation, code } = event.data;
        if (code === 'gate.expired' || code === 'effect.left-unknown') for (const [gateId, card] of this.open) if (card.effectId === effectId) this.open.delete(gateId);
        // Of an unknown outcome a refusal says that there is no further try, not that there was none.
        if (code !== 'effect.left-unknown') this.refused.add(`${effectId}-g${generation}`);
        return;
      }
      case 'governance.gate.expired':
        this.open.delete(event.data.gateId);
        return;
      case 'governance.gate.reminded':
      case 'governance.gate.escalated':
      case 'governance.gate.snoozed':
        hold(this.open.has(event.data.gateId), `gate ${event.data.gateId} is closed, and the operator was told of it`);
        return;
      case 'governance.gate.review-asked':
      case 'governance.gate.reviewed':
      case 'governance.gate.edited':
      case 'governance.gate.judged':
      case 'governance.gate.decided':
      case 'governance.gate.decision-refused':
    }
  }
}
