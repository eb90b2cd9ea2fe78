/** The tables of what model calls cost. */
import { defineEntity, p } from '@mikro-orm/postgresql';

const text = () => p.string().columnType('text');

const booking = {
  agent: text(),
  version: text(),
  feature: text().nullable(),
  workflow: text().nullable(),
  client: text().nullable(),
  currency: text(),
};

export const BookingTable = defineEntity({ name: 'GovernanceBooking', tableName: 'bookings', properties: { runId: text().primary(), ...booking } });

export const CallTable = defineEntity({
  name: 'GovernanceCall',
  tableName: 'model_calls',
  properties: {
    askId: text().primary(),
    runId: text(),
    ...booking,
    day: text(),
    model: text(),
    price: text(),
    isAnswered: p.boolean(),
    inputTokens: p.bigint('number'),
    outputTokens: p.bigint('number'),
    costMicros: p.bigint('number'),
  },
  indexes: [
    { name: 'calls_of_run', properties: ['runId'] },
    { name: 'calls_by_day', properties: ['day'] },
  ],
});
