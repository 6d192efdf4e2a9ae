import { expect, test } from 'vitest';
import type { Tile } from '../../api/types';
import { contrastOf, mixed, readableOn, rgb, type ChartColors } from './colors';
import { legendHeight } from './layout';
import { chartOf, optionOf } from './option';
import { numberOf, placesOf, pointsOf } from './points';

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

test('a moment without a zone is named by its own digits, wherever the reader is', () => {
  const before = process.env.TZ;
  try {
    for (const zone of ['Europe/Paris', 'America/Los_Angeles', 'Pacific/Kiritimati', 'UTC']) {
      process.env.TZ = zone;
      const monthly = pointsOf({ x: 'm', y: 'n', series: null }, [{ name: 'm', type: 'TIMESTAMP' }, { name: 'n', type: 'INTEGER' }], [['2025-07-01T00:00', 1], ['2025-08-01 00:00:00', 2]], 'en');
      expect(monthly.categories, zone).toEqual(['Jul 2025', 'Aug 2025']);
      const daily = pointsOf({ x: 'm', y: 'n', series: null }, [{ name: 'm', type: 'TIMESTAMP' }, { name: 'n', type: 'INTEGER' }], [['2025-07-31T00:00', 1]], 'en');
      expect(daily.categories, zone).toEqual(['31 Jul 2025']);
      const zoned = pointsOf({ x: 'm', y: 'n', series: null }, [{ name: 'm', type: 'TIMESTAMP WITH TIME ZONE' }, { name: 'n', type: 'INTEGER' }], [['2025-07-01T01:30Z', 1], ['2025-07-01T03:30+02:00', 2]], 'en');
      expect(zoned.categories.map((name) => name.replace(/\u200b/g, '')), zone).toEqual(['1 Jul 2025, 01:30\u00a0UTC', '1 Jul 2025, 01:30\u00a0UTC']);
    }
  } finally {
    process.env.TZ = before;
  }
});

test('rows of one day are told apart by their hour', () => {
  const points = pointsOf({ x: 't', y: 'n', series: null }, [{ name: 't', type: 'TIMESTAMP' }, { name: 'n', type: 'INTEGER' }], [['2025-07-02T08:00', 30], ['2025-07-02T09:00', 5]], 'en');
  expect(points.categories).toEqual(['2 Jul 2025, 08:00', '2 Jul 2025, 09:00']);
  expect(points.values).toEqual([[30, 5]]);
});

test.each(['bar', 'line', 'pie'] as const)('in a %s, rows of one name stand beside each other', (kind) => {
  const points = pointsOf({ kind, x: 'campus', y: 'students', series: null }, [columns[0]!, columns[2]!], [['Paris', 30], ['Paris', 5], ['Lyon', 1]], 'fr');
  expect(points.values).toEqual([[30, 5, 1]]);
  expect(points.repeated).toBe(true);
  const option = optionOf({ ...tile, kind, series: null }, [columns[0]!, columns[2]!], [['Paris', 30], ['Paris', 5]], colors, 'fr', 500) as { series: { data: unknown[] }[] };
  expect(JSON.stringify(option.series[0]?.data)).toMatch(/30.*5/);
});

test('in a heat map, two rows of one cell are two cells', () => {
  const option = optionOf({ ...tile, kind: 'heatmap' }, columns, [['Paris', 'BSC', 30], ['Paris', 'BSC', 5]], colors, 'fr', 500) as { series: { data: { value: number[] }[] }[] };
  expect(option.series[0]?.data.map((cell) => cell.value[2])).toEqual([30, 5]);
});

test('a column that is not in the result is missing, and no other takes its place', () => {
  expect(placesOf({ kind: 'bar', x: 'campus', y: 'pupils', series: null }, columns)).toEqual({ missing: 'pupils' });
  expect(placesOf({ kind: 'number', x: null, y: 'pupils', series: null }, columns)).toEqual({ missing: 'pupils' });
  expect(placesOf({ kind: 'line', x: 'CAMPUS', y: 'students', series: 'promotion' }, columns)).toEqual({ x: 0, y: 2, series: 1 });
});

test('a tooltip tells a number to its last digit', () => {
  const option = optionOf({ ...tile, kind: 'bar', series: null }, [columns[0]!, columns[2]!], [['Paris', '9007199254740993']], colors, 'en', 500) as { tooltip: { formatter: (shown: unknown) => string } };
  expect(option.tooltip.formatter([{ seriesIndex: 0, dataIndex: 0, marker: '' }])).toContain('9,007,199,254,740,993');
});

test('days of the week have their names, words their labels, rates their percent', () => {
  const weekdays = pointsOf({ x: 'day', y: 'n', series: 'why', x_format: 'weekday', labels: { none: { en: 'nothing', fr: 'rien' } } }, [{ name: 'day', type: 'INTEGER' }, { name: 'why', type: 'VARCHAR' }, { name: 'n', type: 'INTEGER' }], [[1, 'none', 4], [7, 'none', 5]], 'fr');
  expect(weekdays.categories).toEqual(['lun.', 'dim.']);
  expect(weekdays.series).toEqual(['rien']);
  const rates = optionOf({ ...tile, kind: 'scatter', series: null, x: 'rate', y: 'n', x_format: 'percent' }, [{ name: 'rate', type: 'DOUBLE' }, { name: 'n', type: 'INTEGER' }], [[0.8, 1]], colors, 'en', 500) as { xAxis: { axisLabel: { formatter: (at: number) => string } } };
  expect(rates.xAxis.axisLabel.formatter(0.85)).toBe('85%');
});

test('text can be read on every colour of a heat map, in both themes', () => {
  for (const [low, high] of [['#e1f0f1', '#084a57'], ['#15343d', '#8fe0ea']] as const) {
    for (let part = 0; part <= 1; part += 0.01) {
      const background = mixed(low, high, part);
      expect(contrastOf(background, rgb(readableOn(background))), `${low} ${part}`).toBeGreaterThanOrEqual(4.5);
    }
  }
});

test('a legend is whole at any width: the chart grows with it', () => {
  const many = Array.from({ length: 14 }, (_, i) => ['Paris', `A campus of a long name ${i}`, i]);
  for (const width of [300, 500]) {
    const { option, height } = chartOf({ ...tile, kind: 'line' }, columns, many, colors, 'en', width) as { option: { legend: { type: string } }; height: number };
    expect(option.legend.type).toBe('plain');
    expect(height).toBeGreaterThan(250 + legendHeight(many.map((row) => String(row[1])), width));
  }
});

test('cells too narrow for their numbers have none', () => {
  const crowded = Array.from({ length: 60 }, (_, i) => [`d${i}`, 'BSC', i * 1000]);
  const option = optionOf({ ...tile, kind: 'heatmap' }, columns, crowded, colors, 'en', 320) as { series: { label: { show: boolean } }[] };
  expect(option.series[0]?.label.show).toBe(false);
});
