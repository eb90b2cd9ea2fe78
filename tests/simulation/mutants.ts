/**
 * Planted bugs. Each is a mistake that somebody could make in the product, put in through ports or by standing between a
 * service and its log; the simulation has to notice every one of them (GUARANTEES section 7).
 */
import type { Connector, OutwardAction, Prepared } from '@soloist/connectors';
import { parseSubject, subjectOf, type AnyEvent, type BudgetEvent, type Context } from '@soloist/contracts';
import type { Appended, Delivery, LogConnection } from '@soloist/eventlog';
import { isFault, isRejection } from '@soloist/kernel';
import { headOf, type Source } from '@soloist/service';
import { unchanged, type Mutation } from './mutation.js';

export interface Mutant {
  readonly name: string;
  /** Number in the list of GUARANTEES section 7, null when it is not there. */
  readonly number: number | null;
  readonly mutation: Mutation;
  /** What it has to be caught by. */
  readonly breaks: RegExp;
}

function sending(change: (prepared: Prepared) => Prepared | Promise<Prepared>): Mutation['connector'] {
  return (own: Connector) => ({
    ...own,
    actions: own.actions.map((action): OutwardAction => ({
      ...action,
      prepare: async (args, identity) => {
        const prepared = await action.prepare(args, identity);
        return isRejection(prepared) ? prepared : change(prepared);
      },
    })),
  });
}

/** Stands between one service and its log. */
function logOf(service: Context, change: (own: LogConnection) => LogConnection): Mutation['connection'] {
  return (own, name) => (name === service ? change(own) : own);
}

const resendOnUnknown = sending((prepared) => ({
  ...prepared,
  send: async (mayProceed) => {
    try {
      return await prepared.send(mayProceed);
    } catch (error) {
      if (isFault(error) && error.kind === 'unknown-outcome') return prepared.send(mayProceed);
      throw error;
    }
  },
}));

/** Sends while preparing, which is before the claim. */
const sendBeforeClaim = sending(async (prepared) => {
  const receipt = await prepared.send(() => Promise.resolve(true)).catch((error: unknown) => error);
  return { ...prepared, send: () => (receipt instanceof Error ? Promise.reject(receipt) : Promise.resolve(receipt as Record<string, string>)) };
});

const noEpisodeFence = logOf('connectors', (own) => ({
  ...own,
  log: {
    ...own.log,
    append: ({ fence, ...draft }) => own.log.append(fence === undefined || fence.kind === 'episode' ? draft : { ...draft, fence }),
  },
}));

/** The stop is read, and what is armed expects nothing of it any more. */
const noStopFence = logOf('connectors', (own) => ({
  ...own,
  log: {
    ...own.log,
    append: ({ fence, ...draft }) => own.log.append(fence === undefined || fence.kind === 'subject' ? draft : { ...draft, fence }),
  },
}));

const ackBeforeWork: Mutation['connection'] = (own) => ({
  ...own,
  deliveries: {
    ...own.deliveries,
    consume: (context, purpose, onDelivery) =>
      own.deliveries.consume(context, purpose, (delivery) => {
        void delivery.ack();
        onDelivery({ ...delivery, ack: () => Promise.resolve() });
      }),
  },
});

/** Every delivery counts as the first, so that two holders of one message derive the same commit ids. */
const deliveriesUncounted: Mutation['connection'] = (own) => ({
  ...own,
  deliveries: {
    ...own.deliveries,
    consume: (context, purpose, onDelivery) => own.deliveries.consume(context, purpose, (delivery: Delivery) => onDelivery({ ...delivery, deliveryCount: 1 })),
  },
});

const noExpectation: Mutation['broker'] = (own) => ({
  ...own,
  publish: (message) => own.publish(message.subject.startsWith('evt.') ? { ...message, headers: message.headers.filter(([name]) => !name.startsWith('Nats-Expected-')) } : message),
});

/** Whoever does not know whether a commit is stored says that it is. */
const unknownMeansStored: Mutation['connection'] = (own) => ({
  ...own,
  log: {
    ...own.log,
    append: async (draft): Promise<Appended> => {
      try {
        return await own.log.append(draft);
      } catch (error) {
        if (!isFault(error) || error.kind !== 'unknown-outcome') throw error;
        const { address, id, cause, actor, policy, at, traceparent, events, after } = draft;
        const subject = subjectOf('evt', address);
        const parsed = parseSubject(subject);
        if (parsed === null) throw error;
        const position = { stream: 0, sequence: (after?.sequence ?? 0) + 1 };
        return { outcome: 'committed', commit: { position, subject, address: parsed, id, cause, actor, policy, at, prev: after?.hash ?? null, hash: '0'.repeat(64), from: 1, traceparent, fence: null, events } };
      }
    },
  },
});

/** A crash gives the money back: at start every open reservation is settled with nothing. */
const releasedOnCrash: Mutation['service'] = (own) => {
  if (own.name !== 'governance') return own;
  const ledger = own.entities.find(({ entity }) => entity === 'budget');
  const release: Source<unknown> = {
    name: 'release-on-start',
    start: async (work) => {
      if (ledger === undefined) throw new Error('governance has no ledger');
      const head = await work.connection.log.head({ context: 'governance', entity: 'budget', key: 'company' });
      await work.commit<{ open: readonly { runId: string; day: string; micros: number }[] }, AnyEvent>(`start ${head?.id ?? ''}`, ledger, 'company', 'release', (state) =>
        state.open.map(({ runId, day, micros }): BudgetEvent => ({ type: 'governance.budget.settled', data: { runId, day, spentMicros: 0, releasedMicros: micros, usage: { tokens: 0, calls: 0, minutes: 0 } } })),
      );
      return { stop: () => Promise.resolve() };
    },
  };
  return { ...own, sources: [...own.sources, release] } as typeof own;
};

const retryBelowTheModelPort: Mutation['model'] = (own) => ({
  complete: (request) => own.complete(request).catch((error: unknown) => (isFault(error) ? own.complete(request) : Promise.reject(error as Error))),
});

/** Whoever finds a claim without an outcome sends, in order to find out. */
const doubtIsPermission: Mutation['connector'] = (own) => {
  const prepared = new Map<string, Prepared>();
  return {
    ...own,
    actions: own.actions.map((action): OutwardAction => ({
      ...action,
      prepare: async (args, identity) => {
        const ready = await action.prepare(args, identity);
        if (!isRejection(ready)) prepared.set(identity.idempotencyKey, ready);
        return ready;
      },
      look: async (identity) => {
        const receipt = await prepared.get(identity.idempotencyKey)?.send(() => Promise.resolve(true));
        return receipt === undefined ? action.look(identity) : { kind: 'found', receipt };
      },
    })),
  };
};

/** Every wake-up of a program is lost, as if it had been armed before the broker forgot it. */
const noWakeUps = logOf('runtime', (own) => ({ ...own, log: { ...own.log, arm: () => Promise.resolve() } }));

/** Whatever is due is due at once. */
const wakeUpsWithoutAMoment = logOf('runtime', (own) => ({
  ...own,
  deliveries: {
    ...own.deliveries,
    consume: (context, purpose, onDelivery) =>
      own.deliveries.consume(context, purpose, (delivery: Delivery) => onDelivery({ ...delivery, due: () => ({ ...delivery.due(), firedAt: '2999-01-01T00:00:00.000Z' }) })),
  },
  log: { ...own.log, arm: (timer) => own.log.arm({ ...timer, dueAt: '2000-01-01T00:00:00.000Z' }) },
}));

/** A worker whose write did not come first writes the same again, on whatever has come in between. */
const claimsOnAnything = logOf('runtime', (own) => ({
  ...own,
  log: {
    ...own.log,
    append: async (draft): Promise<Appended> => {
      const appended = await own.log.append(draft);
      if (appended.outcome === 'committed' || !draft.events.some(({ type }) => type === 'runtime.loop.step-completed')) return appended;
      const head = await own.log.head(draft.address);
      return head === null ? appended : own.log.append({ ...draft, after: headOf(head) });
    },
  },
}));

export const MUTANTS: readonly Mutant[] = [
  { name: 'an append without its expectation', number: 1, mutation: { ...unchanged, broker: noExpectation }, breaks: /does not follow the one before it|twice/ },
  { name: 'an append that says stored when it does not know', number: 4, mutation: { ...unchanged, connection: unknownMeansStored }, breaks: /broke/ },
  { name: 'an ack before the work', number: 11, mutation: { ...unchanged, connection: ackBeforeWork }, breaks: /neither closed nor waiting|not routed/ },
  { name: 'the claim after the wire', number: 16, mutation: { ...unchanged, connector: sendBeforeClaim }, breaks: /accepted and is not armed/ },
  { name: 'an unknown outcome sent again', number: 17, mutation: { ...unchanged, connector: resendOnUnknown }, breaks: /accepted 2 times/ },
  { name: 'doubt taken for permission', number: null, mutation: { ...unchanged, connector: doubtIsPermission }, breaks: /accepted (2 times|and is not armed)/ },
  { name: 'the episode fence left out', number: 20, mutation: { ...unchanged, connection: noEpisodeFence }, breaks: /in epoch/ },
  { name: 'the stop read, not expected', number: 49, mutation: { ...unchanged, connection: noStopFence }, breaks: /while the company was stopped/ },
  { name: 'a reservation released on a crash', number: 24, mutation: { ...unchanged, service: releasedOnCrash }, breaks: /its loop does not say so/ },
  { name: 'a retry below the model port', number: null, mutation: { ...unchanged, model: retryBelowTheModelPort }, breaks: /claims are on the log/ },
  { name: 'deliveries that do not count', number: null, mutation: { ...unchanged, connection: deliveriesUncounted }, breaks: /broke/ },
  { name: 'wake-ups that are never armed', number: null, mutation: { ...unchanged, connection: noWakeUps }, breaks: /has not ended/ },
  { name: 'wake-ups before their time', number: null, mutation: { ...unchanged, connection: wakeUpsWithoutAMoment }, breaks: /handled before it was due/ },
  { name: 'a result written over a newer claim', number: null, mutation: { ...unchanged, connection: claimsOnAnything }, breaks: /program|does not follow|twice/ },
];
