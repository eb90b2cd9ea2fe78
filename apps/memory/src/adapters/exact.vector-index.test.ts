import { vectorIndexConformance } from './vector-index.conformance.js';
import { ExactVectorIndex } from './exact.vector-index.js';

vectorIndexConformance('exact search in this process', async (dimensions) => new ExactVectorIndex(dimensions));
