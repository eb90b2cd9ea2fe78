import { JsonObject } from '@soloist/contracts';
import type { z } from 'zod';

export type Receipt = z.output<typeof JsonObject>;

/** What came back from outside, made to be kept. @throws ZodError when a connector answers what is no JSON: a defect */
export function asReceipt(answer: Readonly<Record<string, unknown>>): Receipt {
  return JsonObject.parse(answer);
}
