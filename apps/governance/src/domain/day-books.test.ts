import { expect, test } from 'vitest';
import { bookSpending, dayOf, isClosed, noBooks, openBook, spentOn, type DayBooks } from './day-books.js';

const dayAt = (number: number): string => dayOf(new Date(Date.UTC(2026, 0, 1 + number)).toISOString());
const open = (state: DayBooks, ...days: string[]): DayBooks => days.reduce(openBook, state);
const many = (count: number, from = 0): string[] => Array.from({ length: count }, (_, number) => dayAt(from + number));

test('I1 I2 the oldest book is closed when there are too many, by the order they were opened in and not by the calendar', () => {
  const state = open(noBooks, '2040-05-05', ...many(399));
  expect([isClosed(state, '2040-05-05'), state.books.length]).toEqual([false, 400]);
  const next = open(state, dayAt(399));
  expect([isClosed(next, '2040-05-05'), isClosed(next, '2040-05-04'), isClosed(next, '2040-05-06'), isClosed(next, dayAt(0)), next.books.length]).toEqual([true, false, false, false, 400]);
});

test('days that are closed one after the other are one span, in whatever order they come', () => {
  const state = open(noBooks, dayAt(1), dayAt(3), dayAt(2), dayAt(0), dayAt(9), ...many(400, 100));
  expect(state.closed).toEqual([
    { from: dayAt(0), to: dayAt(3) },
    { from: dayAt(9), to: dayAt(9) },
  ]);
});

test('I3 an old book keeps the sum of the company, which then counts against each agent', () => {
  const [first = '', ...others] = many(9);
  const spent = bookSpending(bookSpending(open(noBooks, first), first, 'desk', 5), first, 'clerk', 7);
  expect([spentOn(spent, first), spentOn(spent, first, 'desk'), spentOn(spent, first, 'nobody')]).toEqual([12, 5, 0]);
  const later = bookSpending(open(spent, ...others), first, 'desk', 1);
  expect([spentOn(later, first), spentOn(later, first, 'desk'), later.spentByAgentDay]).toEqual([13, 13, {}]);
});

test('what is spent on a closed day changes nothing', () => {
  const state = open(noBooks, '2040-05-05', ...many(400));
  expect(bookSpending(state, '2040-05-05', 'desk', 5)).toEqual(state);
});
