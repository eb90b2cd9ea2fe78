/**
 * A run's share of the budget and the versions it is pinned to, seen from the run.
 *
 * I1 granted or refused once; released once, and only what was granted
 */
import type { HoldEvent } from '@soloist/contracts';

type Granted = Extract<HoldEvent, { type: 'governance.hold.granted' }>['data'];

export type Hold =
  | { readonly state: 'none' }
  | { readonly state: 'granted'; readonly grant: Granted }
  | { readonly state: 'released'; readonly grant: Granted }
  | { readonly state: 'refused'; readonly code: string };

export const noHold: Hold = { state: 'none' };

export function evolveHold(hold: Hold, event: HoldEvent): Hold {
  switch (event.type) {
    case 'governance.hold.granted':
      return { state: 'granted', grant: event.data };
    case 'governance.hold.refused':
      return { state: 'refused', code: event.data.code };
    case 'governance.hold.released':
      return hold.state === 'granted' ? { state: 'released', grant: hold.grant } : hold;
  }
}

export function grantHold(hold: Hold, grant: Granted): readonly HoldEvent[] {
  return hold.state === 'none' ? [{ type: 'governance.hold.granted', data: grant }] : [];
}

export function refuseHold(hold: Hold, runId: string, code: string, because: string): readonly HoldEvent[] {
  return hold.state === 'none' ? [{ type: 'governance.hold.refused', data: { runId, code, because } }] : [];
}

export function releaseHold(hold: Hold, runId: string, spentMicros: number): readonly HoldEvent[] {
  if (hold.state !== 'granted') return [];
  return [{ type: 'governance.hold.released', data: { runId, spentMicros, releasedMicros: Math.max(0, hold.grant.envelopeMicros - spentMicros) } }];
}
