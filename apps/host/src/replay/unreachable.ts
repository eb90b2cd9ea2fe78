/** A port that no decision of an episode needs; touching it is a defect of the reactor that does. */
export function unreachable<Port extends object>(name: string): Port {
  return new Proxy({} as Port, {
    get: (_target, member) => {
      throw new Error(`replay has no ${name}: a decision asked it for ${String(member)}`);
    },
  });
}
