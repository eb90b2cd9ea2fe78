/** Keeps `width` calls under way until `count` are done. Answers calls per second. */
export async function ratePerSecond(count: number, width: number, call: (index: number) => Promise<unknown>): Promise<number> {
  let next = 0;
  const started = process.hrtime.bigint();
  const lane = async (): Promise<void> => {
    while (next < count) {
      const index = next;
      next += 1;
      await call(index);
    }
  };
  await Promise.all(Array.from({ length: width }, lane));
  return count / (Number(process.hrtime.bigint() - started) / 1e9);
}
