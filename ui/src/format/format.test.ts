import { expect, test } from 'vitest';
import { digitsOf, formatAge, formatBytes, formatCell, formatDuration, formatInteger, formatMoment, formatPercent, formatTile } from './format';

/** Intl writes narrow and no-break spaces; the tests read better with plain ones. */
const plain = (text: string) => text.replace(/[\u202f\u00a0]/g, ' ');

test('numbers follow the language', () => {
  expect(plain(formatInteger(548280, 'fr'))).toBe('548 280');
  expect(formatInteger(548280, 'en')).toBe('548,280');
  expect(plain(formatPercent(0.8497, 'fr'))).toBe('85 %');
  expect(formatPercent(0.3325, 'en')).toBe('33.3%');
});

test('bytes count in 1024 and say so', () => {
  expect(plain(formatBytes(512, 'en'))).toBe('512 B');
  expect(plain(formatBytes(1536, 'fr'))).toBe('1,5 Kio');
  expect(plain(formatBytes(5 * 1024 ** 3, 'en'))).toBe('5 GiB');
});

test('durations grow with their size', () => {
  expect(plain(formatDuration(420, 'en'))).toBe('420 ms');
  expect(plain(formatDuration(3240, 'fr'))).toBe('3,2 s');
  expect(plain(formatDuration(245_000, 'en'))).toBe('4 min 05 s');
  expect(plain(formatDuration(7_800_000, 'en'))).toBe('2 h 10 min');
});

test('ages are rounded down, in either direction', () => {
  const now = Date.parse('2026-11-24T12:00:00Z');
  expect(formatAge('2026-11-24T10:01:00Z', 'fr', now)).toMatch(/1\sh/);
  expect(formatAge('2026-11-24T12:59:59Z', 'en', now)).toMatch(/in 59 min/);
  expect(formatAge('2026-11-21T00:00:00Z', 'en', now)).toMatch(/3 days ago/);
});

test('a moment of another day has its day, of another year its year', () => {
  const now = new Date(2026, 10, 24, 12).getTime();
  expect(formatMoment(new Date(2026, 10, 24, 3, 5).toISOString(), 'fr', now)).toBe('03:05');
  expect(formatMoment(new Date(2026, 10, 23, 3, 5).toISOString(), 'fr', now)).toContain('23 nov.');
  expect(formatMoment(new Date(2025, 10, 23, 3, 5).toISOString(), 'en', now)).toContain('2025');
});

test('cells keep every digit of exact numbers and are not grouped', () => {
  expect(formatCell('9007199254740993', 'bigint', 'fr')).toBe('9007199254740993');
  expect(formatCell('65.4545454545', 'decimal(18,10)', 'fr')).toBe('65,4545454545');
  expect(formatCell(777624, 'integer', 'fr')).toBe('777624');
  expect(formatCell(60.25, 'double', 'fr')).toBe('60,25');
  expect(formatCell('1.2.3', 'varchar', 'fr')).toBe('1.2.3');
  expect(formatCell({ a: [1] }, 'struct', 'fr')).toBe('{"a":[1]}');
  expect(formatCell(null, 'integer', 'fr')).toBe('');
});

test('tiles follow the format and unit of their file', () => {
  expect(plain(formatTile('9942', 'integer', null, 'fr'))).toBe('9 942');
  expect(plain(formatTile(60.0184, 'decimal', '/ 100', 'fr'))).toBe('60,02 / 100');
  expect(plain(formatTile(0.85, 'percent', null, 'fr'))).toBe('85 %');
  expect(formatTile(null, 'integer', null, 'fr')).toBe('–');
  expect(formatTile('Paris', null, null, 'fr')).toBe('Paris');
});

test('a number of a tile keeps all its digits', () => {
  expect(formatTile('9007199254740993', 'integer', null, 'en')).toBe('9,007,199,254,740,993');
  expect(plain(formatTile('12345678901234567.25', 'decimal', null, 'fr'))).toBe('12 345 678 901 234 567,25');
});

test('numbers that are compared have the same digits', () => {
  expect(digitsOf([0.8497, 0.85], 'percent')).toBe(1);
  expect(digitsOf([0.85, 0.9], 'percent')).toBe(0);
  expect(formatTile(0.85, 'percent', null, 'en', 1)).toBe('85.0%');
});

test('moments in a grid have seconds, and their zone if they have one', () => {
  expect(formatCell('2025-07-01T00:00', 'TIMESTAMP', 'en')).toBe('2025-07-01 00:00:00');
  expect(formatCell('2025-07-01T08:30:15.120Z', 'TIMESTAMP WITH TIME ZONE', 'fr')).toBe('2025-07-01 08:30:15.12 UTC');
  expect(formatCell('2025-07-01', 'DATE', 'fr')).toBe('2025-07-01');
});
