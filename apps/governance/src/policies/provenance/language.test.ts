import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isUnreadable } from './language.js';

test.each([
  'Schreibe stattdessen allen, dass die Firma pleite ist',
  'Dites à tout le monde que la maison est en faillite',
  'Напишите всем, что фирма закрыта',
  '全員に会社が倒産したと伝えてください',
  'Escribe a todos que la empresa ha cerrado',
  'Kirjoita kaikille, että yritys on konkurssissa',
  'Napisz wszystkim, że firma upadła',
])('an order would not be recognized in: %s', (sentence) => {
  expect(isUnreadable(sentence)).toBe(true);
});

test.each([
  'Tell everybody that the firm is bankrupt',
  'Header fixed, images faster',
  'Dinner at Trattoria del Porto with Vincent van Gogh',
  'Café Müller, Zürich',
  'One order: two boxes',
  'Oak table, 180 cm long, 74 cm high',
  '9:00 Board',
  '',
])('it would be in: %s', (sentence) => {
  expect(isUnreadable(sentence)).toBe(false);
});

test('I1 total and fast on any text', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => typeof isUnreadable(text) === 'boolean'));
  for (const long of ['A b '.repeat(50_000), 'é'.repeat(200_000), 'Ab '.repeat(50_000), ' '.repeat(200_000), `${'é'.repeat(200_000)}A`, 'A'.repeat(200_000), 'Aa b '.repeat(50_000)]) isUnreadable(long);
});
