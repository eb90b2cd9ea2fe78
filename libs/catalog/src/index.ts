export { loadAgents, type CatalogAgent } from './agents.js';
export { CatalogError, describeProblem, type CatalogProblem } from './catalog-error.js';
export { AGENTS_FOLDER, POLICY_FILE, ROUTING_RULES_FILE, SCHEMAS_FOLDER } from './folders.js';
export { jsonSchemaTexts } from './json-schemas.js';
export { loadPolicy, type CatalogPolicy } from './policy.js';
export { genaiPriceBook, PRICE_TABLE_VERSION, type OperatorPrice, type PriceBookOptions } from './prices/genai.price-book.js';
export { REHEARSAL_MODEL, REHEARSAL_PRICE, type CallBounds, type PriceBook, type PricedAmount, type PriceOrigin, type TokenUsage } from './prices/price-book.js';
export { loadRoutingRules, matchesPattern, RoutingRule, RoutingRules, type CatalogRoutingRules } from './routing-rules.js';
export { versionHashOf } from './version-hash.js';
