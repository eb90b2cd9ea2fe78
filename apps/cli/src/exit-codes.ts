/** What a shell is told (ECOSYSTEM section 3). Scripts branch on these numbers, so they never change their meaning. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  notFound: 3,
  credential: 4,
  conflict: 5,
  refused: 6,
  waiting: 7,
  timedOut: 8,
  unhealthy: 9,
  interrupted: 130,
} as const;
