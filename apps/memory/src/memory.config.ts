import { z } from 'zod';

/** Read from the environment; other keys are other services'. */
export const memoryConfig = z
  .object({
    SOLOIST_POSTGRES_URL: z
      .string('is missing: set it to postgresql://user:password@host:port/database')
      .regex(/^postgres(ql)?:\/\/[^/]+\/.+/, 'must read postgresql://user:password@host:port/database'),
    SOLOIST_MEMORY_SCHEMA: z
      .string()
      .regex(/^[a-z][a-z0-9_]{0,62}$/, 'must be a name of lower-case letters, digits and _')
      .default('memory'),
    SOLOIST_POSTGRES_WAIT_MS: z.coerce.number('must be a number of milliseconds').int().min(0).default(30_000),
  })
  .transform((environment) => ({
    postgresUrl: environment.SOLOIST_POSTGRES_URL,
    schema: environment.SOLOIST_MEMORY_SCHEMA,
    connectWithinMs: environment.SOLOIST_POSTGRES_WAIT_MS,
  }));
export type MemoryConfig = z.output<typeof memoryConfig>;
