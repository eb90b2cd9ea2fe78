/**
 * A request: what came in, seen as work to be placed. Keyed by the input.
 *
 * I1 received and routed in one commit, so nothing that came in is ever without a place
 * I2 routed once: later rules never move what was placed before
 */
import type { RequestEvent, Route } from '@soloist/contracts';
import type { Placement } from './routing.js';

export interface RequestState {
  readonly route: Route | null;
}

export const initialRequest: RequestState = { route: null };

export function evolveRequest(state: RequestState, event: RequestEvent): RequestState {
  switch (event.type) {
    case 'orchestrator.request.received':
      return state;
    case 'orchestrator.request.routed':
      return { route: event.data.route };
  }
}

export interface Received {
  readonly inputId: string;
  readonly source: string;
  readonly dataSubject: string;
}

export function receive(state: RequestState, input: Received, placement: Placement): readonly RequestEvent[] {
  if (state.route !== null) return [];
  const { inputId, source, dataSubject } = input;
  return [
    { type: 'orchestrator.request.received', data: { inputId, source, dataSubject } },
    {
      type: 'orchestrator.request.routed',
      data: { inputId, route: placement.route, rule: placement.rule, reasons: [...placement.reasons], dataSubject },
    },
  ];
}
