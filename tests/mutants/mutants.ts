/** Every seeded bug there is. */
import { EFFECT_MUTANTS } from './effect.mutants.js';
import { LOG_MUTANTS } from './log.mutants.js';
import type { Mutant } from './mutant.js';
import { RUN_MUTANTS } from './run.mutants.js';
import { STORE_MUTANTS } from './store.mutants.js';

export const MUTANTS: readonly Mutant[] = [...LOG_MUTANTS, ...STORE_MUTANTS, ...EFFECT_MUTANTS, ...RUN_MUTANTS];
