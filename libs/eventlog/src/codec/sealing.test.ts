import { createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { seal, unseal, type SealPlace } from './sealing.js';

const place: SealPlace = { domain: 'field', parts: ['runtime.loop.step-completed', 'value', 'commit/0'] };
const associated = Buffer.from(JSON.stringify(['soloist.seal.v1', place.domain, ...place.parts]));

describe('a sealed value', () => {
  it.each([16, 32, 64])('I2 has the first 12 bytes of HMAC-SHA256 over its place and plaintext for a nonce, under a key of %i bytes', (size) => {
    const key = randomBytes(size);
    const plaintext = randomBytes(300);
    if (size !== 32) return void expect(() => seal(key, place, plaintext)).toThrow();
    const expected = createHmac('sha256', key).update(associated).update('\n').update(plaintext).digest().subarray(0, 12);
    expect(seal(key, place, plaintext).subarray(0, 12)).toEqual(expected);
  });

  it('opens for whoever does AES-256-GCM by the book, and here', () => {
    const key = randomBytes(32);
    const sealed = seal(key, place, Buffer.from('plain'));
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12));
    decipher.setAAD(associated).setAuthTag(sealed.subarray(-16));
    expect(Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]).toString()).toBe('plain');
    expect(unseal(key, place, sealed)?.toString()).toBe('plain');
    expect(unseal(randomBytes(32), place, sealed)).toBeNull();
  });
});
