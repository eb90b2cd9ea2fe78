/** The five services, in the order they are listed everywhere. */
export const SERVICES = ['orchestrator', 'runtime', 'memory', 'connectors', 'governance'] as const;
export type ServiceName = (typeof SERVICES)[number];

export function isServiceName(name: string): name is ServiceName {
  return (SERVICES as readonly string[]).includes(name);
}
