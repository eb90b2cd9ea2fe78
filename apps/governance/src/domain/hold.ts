/**
 * A run's share of the budget and the versions it is pinned to, seen from the run.
 *
 * I1 granted or refused once; released once, and only what was granted
 * I2 a run that waits for an extension is granted or refused like any other once the operator has answered
 */
import type { ExtensionAsked, HoldEvent } from '@soloist/contracts';

type Granted = Extract<HoldEvent, { type: 'governance.hold.granted' }>['data'];
type Asked = Extract<HoldEvent, { type: 'governance.hold.asked' }>['data'];

export type Hold =
  | { readonly state: 'none' }
  | { readonly state: 'asked'; readonly asked: Asked; readonly isExtended: boolean }
  | { readonly state: 'granted'; readonly grant: Granted }
  | { readonly state: 'released'; readonly grant: Granted }
  | { readonly state: 'refused'; readonly code: string };

export const noHold: Hold = { state: 'none' };

export function evolveHold(hold: Hold, event: HoldEvent): Hold {
  switch (event.type) {
    case 'governance.hold.asked':
      return { state: 'asked', asked: event.data, isExtended: false };
    case 'governance.hold.extended':
      return hold.state === 'asked' ? { ...hold, isExtended: true } : hold;
    case 'governance.hold.granted':
      return { state: 'granted', grant: event.data };
    case 'governance.hold.refused':
      return { state: 'refused', code: event.data.code };
    case 'governance.hold.released':
      return hold.state === 'granted' ? { state: 'released', grant: hold.grant } : hold;
  }
}

/** Neither granted nor refused. */
export function isUndecided(hold: Hold): boolean {
  return hold.state === 'none' || hold.state === 'asked';
}

export function askExtension(hold: Hold, asked: Asked): readonly HoldEvent[] {
  return hold.state === 'none' ? [{ type: 'governance.hold.asked', data: asked }] : [];
}

/** Noted before the grant it leads to: what the operator let, by which command. */
export function extendHold(hold: Hold, runId: string, lines: readonly ExtensionAsked[], by: string, commandId: string): readonly HoldEvent[] {
  return hold.state === 'asked' && !hold.isExtended ? [{ type: 'governance.hold.extended', data: { runId, lines: [...lines], by, commandId } }] : [];
}

export function grantHold(hold: Hold, grant: Granted): readonly HoldEvent[] {
  return isUndecided(hold) ? [{ type: 'governance.hold.granted', data: grant }] : [];
}

export function refuseHold(hold: Hold, runId: string, code: string, because: string): readonly HoldEvent[] {
  return isUndecided(hold) ? [{ type: 'governance.hold.refused', data: { runId, code, because } }] : [];
}

export function releaseHold(hold: Hold, runId: string, spentMicros: number): readonly HoldEvent[] {
  if (hold.state !== 'granted') return [];
  return [{ type: 'governance.hold.released', data: { runId, spentMicros, releasedMicros: Math.max(0, hold.grant.envelopeMicros - spentMicros) } }];
}
