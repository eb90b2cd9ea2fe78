import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ACCESS, consumerName } from './access.js';
import { CONTEXTS, ENTITIES, entitiesOf, EVENT_CONTRACTS } from './registry.js';

describe('the registry', () => {
  it('names each entity once, under a context there is', () => {
    const names = ENTITIES.map((entity) => `${entity.context}.${entity.entity}`);
    expect(new Set(names).size).toBe(names.length);
    expect(ENTITIES.every((entity) => CONTEXTS.includes(entity.context))).toBe(true);
    expect(CONTEXTS.flatMap(entitiesOf).length).toBe(ENTITIES.length);
  });

  it('every wire type is <context>.<entity>.<name> in lower case', () => {
    for (const type of EVENT_CONTRACTS.keys()) expect(type).toMatch(/^[a-z]+\.[a-z-]+\.[a-z]+(-[a-z]+)*$/);
  });

  it('no event is called changed, updated or set', () => {
    for (const type of EVENT_CONTRACTS.keys()) expect(type).not.toMatch(/\.(changed|updated|set)$/);
  });

  it('every version is released with what lifts the ones before it', () => {
    for (const [type, contract] of EVENT_CONTRACTS) {
      expect(contract.version, type).toBeGreaterThanOrEqual(1);
      expect(contract.upcast === undefined, type).toBe(contract.version === 1);
    }
  });

  it('what is personal is a field of the event and says whose it is', () => {
    for (const [type, contract] of EVENT_CONTRACTS) {
      if (contract.personal.length === 0) continue;
      const shape = contract.schema instanceof z.ZodObject ? Object.keys(contract.schema.shape) : [];
      expect(shape, type).toContain('dataSubject');
      for (const field of contract.personal) expect(shape, type).toContain(field);
      expect(contract.personal, type).not.toContain('dataSubject');
    }
  });

  it('unknown members are refused, so that nothing personal slips in unsealed', () => {
    for (const [type, contract] of EVENT_CONTRACTS) {
      const result = contract.schema.safeParse({ surprise: 'text' });
      expect(result.success, type).toBe(false);
      expect(result.error?.issues.some((issue) => issue.code === 'unrecognized_keys'), type).toBe(true);
    }
  });
});

describe('the access matrix', () => {
  const names = new Set(ENTITIES.map((entity) => `${entity.context}.${entity.entity}`));

  it('names only entities there are', () => {
    for (const access of Object.values(ACCESS)) for (const name of [...access.heads, ...access.reacts]) expect(names).toContain(name);
  });

  it('connectors, the one service that touches the outside, never read the whole log', () => {
    expect(ACCESS.connectors.coldReads).toBe(false);
  });

  it('only governance sends commands, only memory writes working memory', () => {
    expect(CONTEXTS.filter((context) => ACCESS[context].commands)).toEqual(['governance']);
    expect(CONTEXTS.filter((context) => ACCESS[context].working === 'write')).toEqual(['memory']);
  });

  it('connectors act on gates, hear of digests, and of nothing else', () => {
    expect(ACCESS.connectors.reacts).toEqual(['governance.gate', 'governance.mailing']);
  });

  it('consumer names carry no dot', () => {
    expect(consumerName('connectors', 'reactors')).toBe('connectors_reactors');
  });
});
