/** Where a planted bug may sit. The unchanged product is the mutation that changes nothing. */
import type { Connector } from '@soloist/connectors';
import type { Context } from '@soloist/contracts';
import type { Broker, LogConnection } from '@soloist/eventlog';
import type { ModelPort } from '@soloist/runtime';
import type { Service } from '@soloist/service';

export interface Mutation {
  readonly broker: (own: Broker, service: Context) => Broker;
  readonly connection: (own: LogConnection, service: Context) => LogConnection;
  readonly service: <Config, Ports>(own: Service<Config, Ports>) => Service<Config, Ports>;
  readonly connector: (own: Connector) => Connector;
  readonly model: (own: ModelPort) => ModelPort;
}

export const unchanged: Mutation = {
  broker: (own) => own,
  connection: (own) => own,
  service: (own) => own,
  connector: (own) => own,
  model: (own) => own,
};
