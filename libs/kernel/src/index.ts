export { canonicalJson, type Json } from './canonical-json.js';
export { BUCKET_COUNT, bucketOf, bucketToken } from './bucket.js';
export { Fault, isFault, type FaultKind } from './fault.js';
export { formatMoney, type Money } from './money.js';
export { isRejection, reject, type Rejection } from './rejection.js';
export { EFFECT_CLASSES, joinTrust, TRUST_LEVELS, type EffectClass, type Trust } from './trust.js';
