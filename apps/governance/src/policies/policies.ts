/** The policies in force, joined to the strictest verdict. Adding one is its file and a line here. */
import type { Policy } from '../domain/policy.js';
import { outwardEffects } from './outward-effects.policy.js';
import { documentRules } from './rules.policy.js';

export const POLICIES: readonly Policy[] = [outwardEffects, documentRules];
