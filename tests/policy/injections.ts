/** The injections that the policy was tuned on. */
import type { Injection } from './injection.js';
import { IN_DOCUMENTS } from './injections-documents.js';
import { IN_RECORDS } from './injections-records.js';

export const INJECTIONS: readonly Injection[] = [...IN_DOCUMENTS, ...IN_RECORDS];
