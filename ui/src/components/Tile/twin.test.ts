import { expect, test } from 'vitest';
import { formattedRows } from './twin';

test('the twin shows the drawn value as the chart does, and the rest as it is', () => {
  const data = { columns: [{ name: 'region', type: 'varchar' }, { name: 'rate', type: 'double' }], rows: [['Grand Est', 0.25], ['Bretagne', null]] };
  expect(formattedRows({ kind: 'bar', y: 'rate', format: 'percent', unit: null }, data, 'en').rows).toEqual([['Grand Est', '25%'], ['Bretagne', null]]);
});

test('the twin names columns, words and dates as the chart does, in both languages', () => {
  const data = { columns: [{ name: 'month', type: 'TIMESTAMP' }, { name: 'reason', type: 'VARCHAR' }, { name: 'leavers', type: 'BIGINT' }], rows: [['2025-07-01T00:00', 'both', '9007199254740993'], ['2025-08-01T00:00', 'both', 2]] };
  const tile = { kind: 'line' as const, x: 'month', y: 'leavers', format: 'integer' as const, unit: null, labels: { month: { en: 'Month', fr: 'Mois' }, both: { en: 'both', fr: 'les deux' } } };
  const french = formattedRows(tile, data, 'fr');
  expect(french.columns.map((column) => column.name)).toEqual(['Mois', 'reason', 'leavers']);
  expect(french.rows[0]?.slice(0, 2)).toEqual(['juil. 2025', 'les deux']);
  expect(JSON.stringify(french.rows[0]?.[2]).replace(/\D/g, '')).toBe('9007199254740993');
});
