import { expect, test } from 'vitest';
import { count, countOf, dayOf, isClosed, isCounted, monthOf, noBooks, openBooks, type DayBooks } from './day-books.js';

const dayAt = (number: number): string => dayOf(new Date(Date.UTC(2026, 0, 1 + number)).toISOString());
const open = (state: DayBooks, ...days: string[]): DayBooks => days.reduce(openBooks, state);
const many = (length: number, from = 0): string[] => Array.from({ length }, (_, number) => dayAt(from + number));
const at = (period: string, name = '') => ({ line: name === '' ? 'company/day/money' : 'agent/*/day/money', period, name });

test('I1 I2 the oldest book is closed when there are too many, by the order they were opened in and not by the calendar', () => {
  const state = open(noBooks, '2040-05-05', ...many(399));
  expect([isClosed(state, 'day', '2040-05-05'), state.opened.day.length]).toEqual([false, 400]);
  const next = open(state, dayAt(399));
  expect([isClosed(next, 'day', '2040-05-05'), isClosed(next, 'day', '2040-05-04'), isClosed(next, 'day', '2040-05-06'), isClosed(next, 'day', dayAt(0)), next.opened.day.length]).toEqual([true, false, false, false, 400]);
});

test('days, and months, that are closed one after the other are one span, in whatever order they come', () => {
  const state = open(noBooks, dayAt(1), dayAt(3), dayAt(2), dayAt(0), dayAt(9), ...many(400, 100));
  expect(state.closed.day).toEqual([
    { from: dayAt(0), to: dayAt(3) },
    { from: dayAt(9), to: dayAt(9) },
  ]);
  const months = Array.from({ length: 62 }, (_, month) => dayOf(new Date(Date.UTC(2026, 11 + month, 1)).toISOString()));
  expect(open(noBooks, ...months).closed.month).toEqual([{ from: '2026-12', to: '2027-01' }]);
});

test('I3 the counts of names are kept of the latest books, and an older book says that it has none; the company keeps its own', () => {
  const [first = '', ...others] = many(9);
  const spent = count(count(open(noBooks, first), 'used', at(first), 12), 'used', at(first, 'desk'), 5);
  expect([countOf(spent.used, at(first)), countOf(spent.used, at(first, 'desk')), isCounted(spent, 'day', first)]).toEqual([12, 5, true]);
  const later = count(count(open(spent, ...others), 'used', at(first), 1), 'used', at(first, 'desk'), 1);
  expect([countOf(later.used, at(first)), countOf(later.used, at(first, 'desk')), isCounted(later, 'day', first), isCounted(later, 'day', dayAt(50))]).toEqual([13, 0, false, true]);
  expect(isCounted(later, 'month', monthOf(first))).toBe(true);
});

test('what is used on a closed day changes nothing, and no count falls below zero', () => {
  const state = open(noBooks, '2040-05-05', ...many(400));
  expect(count(state, 'used', at('2040-05-05'), 5)).toEqual(state);
  expect(countOf(count(count(state, 'used', at(dayAt(1)), 5), 'used', at(dayAt(1)), -9).used, at(dayAt(1)))).toBe(0);
});
