export { canonicalJson, type Json } from './canonical-json.js';
export { BUCKET_COUNT, bucketOf, bucketToken } from './bucket.js';
export type { ErrorEntry, ErrorKind, ErrorTable } from './error-table.js';
export { Fault, isFault, type FaultKind } from './fault.js';
export { formatMoney, type Money } from './money.js';
export { isRejection, reject, type Rejection } from './rejection.js';
export { ACTS_PEOPLE_RELY_ON, clausesIn, pastFormsOf, saysItWasDone, saysWeDidIt } from './said-done.js';
export { EFFECT_CLASSES, EFFECT_REACHES, joinTrust, TRUST_LEVELS, type EffectClass, type EffectReach, type Trust } from './trust.js';
