import { expect, test } from 'vitest';
import type { Tile } from '../../api/types';
import { mixed, readableOn, type ChartColors } from './colors';
import { optionOf } from './option';
import { numberOf, pointsOf } from './points';

const colors: ChartColors = { dark: false, font: 'Arial', ink: '#000', soft: '#333', line: '#ccc', surface: '#fff', water: '#0c6475', low: '#e1f0f1', high: '#084a57', series: ['#0c6475'] };
const tile: Pick<Tile, 'kind' | 'x' | 'y' | 'series' | 'format' | 'unit'> = { kind: 'stacked_bar', x: 'campus', y: 'students', series: 'promotion', format: 'integer', unit: null };
const columns = [{ name: 'campus', type: 'varchar' }, { name: 'promotion', type: 'varchar' }, { name: 'students', type: 'bigint' }];
const rows = [['Paris', 'BSC', 10], ['Paris', 'MSC1', '20'], ['Lyon', 'BSC', 5]];

test('rows become series by categories, with gaps where there is no row', () => {
  expect(pointsOf(tile, columns, rows, 'fr')).toMatchObject({ categories: ['Paris', 'Lyon'], series: ['BSC', 'MSC1'], values: [[10, 5], [20, null]] });
});

test('months are named in the reader’s language', () => {
  const monthly = pointsOf({ x: 'month', y: 'n', series: null }, [{ name: 'month', type: 'date' }, { name: 'n', type: 'int' }], [['2025-02-01', 1]], 'fr');
  expect(monthly.categories).toEqual(['févr. 2025']);
});

test('exact numbers that come as strings are drawn, others are not', () => {
  expect(numberOf('12.5')).toBe(12.5);
  expect(numberOf('n/a')).toBeNull();
  expect(numberOf(null)).toBeNull();
});

test.each(['bar', 'stacked_bar', 'line', 'pie', 'heatmap', 'scatter'] as const)('a %s has something to draw', (kind) => {
  const option = optionOf({ ...tile, kind }, columns, rows, colors, 'fr', 500) as { series: unknown[] };
  expect(option.series.length).toBeGreaterThan(0);
});

test('a bar of many names lies down', () => {
  const names = Array.from({ length: 8 }, (_, i) => [`Région ${i}`, i]);
  const option = optionOf({ ...tile, kind: 'bar', series: null }, [columns[0]!, columns[2]!], names, colors, 'fr', 500);
  expect(option.yAxis).toMatchObject({ type: 'category' });
});

test('a tooltip never holds markup of the data', () => {
  const option = optionOf({ ...tile, kind: 'heatmap' }, columns, [['<img src=x>', 'BSC', 1]], colors, 'fr', 500) as { tooltip: { formatter: (shown: unknown) => string } };
  expect(option.tooltip.formatter({ value: [0, 0, 1] })).not.toContain('<');
});

test('text on a cell is the one with more contrast', () => {
  expect(readableOn(mixed('#e1f0f1', '#084a57', 0))).toBe('#0f272e');
  expect(readableOn(mixed('#e1f0f1', '#084a57', 1))).toBe('#ffffff');
});
