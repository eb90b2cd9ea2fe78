import { PolicyDocument, VersionHash } from '@soloist/contracts';
import { z } from 'zod';

const MAX_RUNS = 500;
/** Named, so that the description of the API holds it once. */
const Document = PolicyDocument.meta({ id: 'PolicyDocument' });

export const PolicyInForce = z.strictObject({ version: VersionHash, origin: z.string(), document: Document }).meta({ id: 'PolicyInForce' });
export type PolicyInForce = z.output<typeof PolicyInForce>;

export const PolicyWish = z.strictObject({ document: Document, replaces: VersionHash }).meta({ id: 'PolicyWish' });
export type PolicyWish = z.output<typeof PolicyWish>;

export const PolicyTrial = z.strictObject({ document: Document, runs: z.int().min(1).max(MAX_RUNS).default(100) }).meta({ id: 'PolicyTrial' });
export type PolicyTrial = z.output<typeof PolicyTrial>;

const Verdict = z.enum(['allow', 'gate', 'refuse']);
const TrialRow = z.strictObject({ runId: z.string(), effectId: z.string(), action: z.string(), before: Verdict, after: Verdict, reasons: z.array(z.string()) });
export const PolicyTrialReport = z
  .strictObject({
    version: VersionHash,
    runs: z.int(),
    judged: z.int(),
    /** Judgements from before their facts were recorded; they cannot be tried. */
    untried: z.int(),
    changed: z.array(TrialRow),
  })
  .meta({ id: 'PolicyTrialReport' });
export type PolicyTrialReport = z.output<typeof PolicyTrialReport>;
