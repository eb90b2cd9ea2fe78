import { describe, expect, it } from 'vitest';
import { signingSecrets, withNewSecret } from './signing-secrets.js';

const NOON = new Date('2026-12-01T12:00:00.000Z');
const at = (hours: number): Date => new Date(NOON.getTime() + hours * 3_600_000);

describe('the secrets of a webhook', () => {
  it('a single one signs for ever', () => {
    expect(signingSecrets('whsec_a=', at(100_000))).toEqual(['whsec_a=']);
    expect(withNewSecret(null, 'whsec_a=', NOON, at(24))).toBe('whsec_a=');
  });

  it('after a change both sign, the new one first, and at its moment the old one stops', () => {
    const kept = withNewSecret('whsec_a=', 'whsec_b=', NOON, at(24));
    expect(signingSecrets(kept, NOON)).toEqual(['whsec_b=', 'whsec_a=']);
    expect(signingSecrets(kept, new Date(at(24).getTime() - 1))).toEqual(['whsec_b=', 'whsec_a=']);
    expect(signingSecrets(kept, at(24))).toEqual(['whsec_b=']);
  });

  it('no overlap means that the old one stops at once, and is not kept', () => {
    expect(withNewSecret('whsec_a=', 'whsec_b=', NOON, NOON)).toBe('whsec_b=');
  });

  it('a second change lets nothing sign for longer than was said, and brings the ends of all forward', () => {
    const first = withNewSecret('whsec_a=', 'whsec_b=', NOON, at(2));
    const second = withNewSecret(first, 'whsec_c=', at(1), at(25));
    expect(signingSecrets(second, at(1))).toEqual(['whsec_c=', 'whsec_b=', 'whsec_a=']);
    expect(signingSecrets(second, at(2))).toEqual(['whsec_c=', 'whsec_b=']);
    expect(signingSecrets(second, at(25))).toEqual(['whsec_c=']);
    // The old ones are known to others: no overlap ends every one of them.
    expect(withNewSecret(second, 'whsec_d=', at(1), at(1))).toBe('whsec_d=');
  });

  it('what is over is dropped from what is kept', () => {
    const first = withNewSecret('whsec_a=', 'whsec_b=', NOON, at(2));
    expect(withNewSecret(first, 'whsec_c=', at(3), at(4))).toBe(`whsec_c= whsec_b=@${at(4).toISOString()}`);
  });
});
