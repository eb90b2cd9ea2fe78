/**
 * What became of the posts to one endpoint. Every commit carries the whole state, so that the head alone tells it.
 *
 * I1 a message that was delivered or abandoned is settled: it is not posted again as long as it is remembered
 * I2 a disabled endpoint stays so: the operator removes it and adds another
 * I3 an attempt whose timer fires twice may count twice as failed, never as delivered and failed
 */
import type { PostingEvent } from '@soloist/contracts';

type Snapshot = Extract<PostingEvent, { type: 'connectors.posting.snapshotted' }>['data'];
export type Posting = { readonly [Field in keyof Snapshot]: Readonly<Snapshot[Field]> };

export const noPostings: Posting = { state: 'good', inARow: 0, lastCode: null, settled: [], tests: [] };

/** So many failures in a row mark an endpoint. */
export const FAILING_AFTER = 5;
/** Pauses between the attempts of one message: three days in all, as Standard Webhooks recommends. */
const PAUSES_MS = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400].map((seconds) => seconds * 1_000);
export const MOST_ATTEMPTS = PAUSES_MS.length + 1;
const LONGEST_PAUSE_MS = 86_400_000;
const REMEMBERED = 100;
const TESTS_REMEMBERED = 10;

export interface Attempt {
  readonly endpointId: string;
  readonly messageId: string;
  readonly attempt: number;
}

export function evolvePosting(state: Posting, event: PostingEvent): Posting {
  switch (event.type) {
    case 'connectors.posting.delivered':
      return { ...state, state: state.state === 'disabled' ? 'disabled' : 'good', inARow: 0, lastCode: null, settled: withLatest(state.settled, event.data.messageId, REMEMBERED) };
    case 'connectors.posting.failed':
      return { ...state, inARow: state.inARow + 1, lastCode: event.data.code };
    case 'connectors.posting.marked-failing':
      return { ...state, state: 'failing' };
    case 'connectors.posting.abandoned':
      return { ...state, settled: withLatest(state.settled, event.data.messageId, REMEMBERED) };
    case 'connectors.posting.disabled':
      return { ...state, state: 'disabled', lastCode: event.data.code };
    case 'connectors.posting.tested': {
      const { commandId, code } = event.data;
      return { ...state, tests: withLatest(state.tests, { commandId, code }, TESTS_REMEMBERED) };
    }
    case 'connectors.posting.snapshotted':
      return event.data;
  }
}

export function snapshotOfPosting({ state, inARow, lastCode, settled, tests }: Posting): PostingEvent {
  return { type: 'connectors.posting.snapshotted', data: { state, inARow, lastCode, settled: [...settled], tests: [...tests] } };
}

/** Nothing more is to be posted under this name. */
export function isSettled(state: Posting, messageId: string): boolean {
  return state.state === 'disabled' || state.settled.includes(messageId);
}

export function deliver(state: Posting, attempt: Attempt): readonly PostingEvent[] {
  return isSettled(state, attempt.messageId) ? [] : [{ type: 'connectors.posting.delivered', data: attempt }];
}

/** @param isLast no further attempt follows */
export function fail(state: Posting, attempt: Attempt, code: string, isLast: boolean): readonly PostingEvent[] {
  if (isSettled(state, attempt.messageId)) return [];
  const { endpointId } = attempt;
  const inARow = state.inARow + 1;
  const isNewlyFailing = state.state === 'good' && inARow >= FAILING_AFTER;
  return [
    { type: 'connectors.posting.failed', data: { ...attempt, code } },
    ...(isNewlyFailing ? [{ type: 'connectors.posting.marked-failing' as const, data: { endpointId, inARow } }] : []),
    ...(isLast ? [{ type: 'connectors.posting.abandoned' as const, data: attempt }] : []),
  ];
}

export function disable(state: Posting, endpointId: string, code: string): readonly PostingEvent[] {
  return state.state === 'disabled' ? [] : [{ type: 'connectors.posting.disabled', data: { endpointId, code } }];
}

export function noteTest(state: Posting, endpointId: string, commandId: string, code: string | null): readonly PostingEvent[] {
  return state.tests.some((test) => test.commandId === commandId) ? [] : [{ type: 'connectors.posting.tested', data: { endpointId, commandId, code } }];
}

/**
 * How long to wait after a failed attempt; null after the last. `spread` (0 to 1) sets apart what failed together, and a
 * receiver that asks for more time gets it, up to a day.
 */
export function pauseAfter(attempt: number, spread: number, retryAfterMs: number): number | null {
  const pause = PAUSES_MS[attempt - 1];
  if (pause === undefined) return null;
  return Math.max(Math.round(pause * (1 + spread / 5)), Math.min(retryAfterMs, LONGEST_PAUSE_MS));
}

function withLatest<T>(list: readonly T[], latest: T, most: number): readonly T[] {
  return [...list, latest].slice(-most);
}
