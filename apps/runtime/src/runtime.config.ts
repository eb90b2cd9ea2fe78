import { REHEARSAL_MODEL, type OperatorPrice } from '@soloist/catalog';
import { z } from 'zod';

const Json = <Schema extends z.ZodType>(schema: Schema) =>
  z
    .string()
    .transform((text, context) => {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        context.addIssue({ code: 'custom', message: 'must be JSON' });
        return z.NEVER;
      }
    })
    .pipe(schema);

const Price = z.strictObject({ inputMicrosPerMillion: z.int().nonnegative(), outputMicrosPerMillion: z.int().nonnegative() });
const blankIsAbsent = (text: string | undefined): string | null => (text === undefined || text.trim() === '' ? null : text.trim());

export const RuntimeConfig = z
  .object({
    /** Without it the rehearsal model answers. For servers that need no key any text will do. */
    OPENAI_API_KEY: z.string().optional().transform(blankIsAbsent),
    /** Any OpenAI-compatible server; absent: OpenAI itself. */
    OPENAI_BASE_URL: z.string().optional().transform(blankIsAbsent).pipe(z.url({ protocol: /^https?$/, error: 'must be an http or https address' }).nullable()),
    /** What the alias `default` stands for when there is a key. */
    SOLOIST_MODEL: z.string().min(1).default('gpt-5-mini'),
    /** Further aliases: {"fast":"gpt-5-nano"} */
    SOLOIST_MODEL_ALIASES: Json(z.record(z.string(), z.string().min(1))).default({}),
    /** For models the price table does not know: {"my-model":{"inputMicrosPerMillion":0,"outputMicrosPerMillion":0}} */
    SOLOIST_MODEL_PRICES: Json(z.record(z.string(), Price)).default({}),
    SOLOIST_MODEL_TIMEOUT_MS: z.coerce.number().int().min(1_000).max(3_600_000).default(120_000),
    /** Tokens of prompt and answer together. */
    SOLOIST_MODEL_WINDOW_TOKENS: z.coerce.number().int().min(1_000).default(128_000),
    /** An ES module that exports `programs`: the code of durable programs this worker can run. */
    SOLOIST_PROGRAMS: z.string().optional().transform(blankIsAbsent),
  })
  .transform((environment) => ({
    apiKey: environment.OPENAI_API_KEY,
    baseUrl: environment.OPENAI_BASE_URL,
    model: environment.SOLOIST_MODEL,
    aliases: environment.SOLOIST_MODEL_ALIASES as Readonly<Record<string, string>>,
    operatorPrices: environment.SOLOIST_MODEL_PRICES as Readonly<Record<string, OperatorPrice>>,
    timeoutMs: environment.SOLOIST_MODEL_TIMEOUT_MS,
    windowTokens: environment.SOLOIST_MODEL_WINDOW_TOKENS,
    programsModule: environment.SOLOIST_PROGRAMS,
  }));
export type RuntimeConfig = z.output<typeof RuntimeConfig>;

/** The model an alias stands for. Without a key every known alias is the rehearsal model; null for an unknown one. */
export function modelOfAlias(config: Pick<RuntimeConfig, 'apiKey' | 'model' | 'aliases'>, alias: string): string | null {
  if (alias === REHEARSAL_MODEL) return REHEARSAL_MODEL;
  const named = Object.hasOwn(config.aliases, alias) ? config.aliases[alias] : undefined;
  const model = named ?? (alias === 'default' ? config.model : null);
  if (model === null) return null;
  return config.apiKey === null ? REHEARSAL_MODEL : model;
}
