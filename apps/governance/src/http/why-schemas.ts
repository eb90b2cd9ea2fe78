/** The answer to "why", as it goes out. */
import { z } from 'zod';
import { WHY_STANDINGS, WHY_STEPS } from '../why/why-line.js';

/** A Message-ID is at most a line of a mail (RFC 5322). */
export const WhyId = z.string().min(1).max(998);

const Evidence = z.strictObject({ commit: z.string(), stream: z.int(), sequence: z.int(), at: z.string(), event: z.string() });
export const WhyLine = z
  .strictObject({
    step: z.enum(WHY_STEPS),
    standing: z.enum(WHY_STANDINGS),
    text: z.string(),
    hasErased: z.boolean(),
    details: z.array(z.strictObject({ name: z.string(), value: z.string() })),
    evidence: Evidence.nullable(),
  })
  .meta({ id: 'WhyLine' });
export const WhyAnswer = z
  .strictObject({
    id: z.string(),
    kind: z.enum(['run', 'effect', 'gate', 'commit', 'sent-mail', 'received-mail']),
    found: z.string(),
    runId: z.string().nullable(),
    effectId: z.string().nullable(),
    isWhole: z.boolean(),
    lines: z.array(WhyLine),
  })
  .meta({ id: 'Why' });
