import { expect, test } from 'vitest';
import { formattedRows } from './twin';

test('the twin shows the drawn value as the chart does, and the rest as it is', () => {
  const data = { columns: [{ name: 'region', type: 'varchar' }, { name: 'rate', type: 'double' }], rows: [['Grand Est', 0.25], ['Bretagne', null]] };
  expect(formattedRows({ kind: 'bar', y: 'rate', format: 'percent', unit: null }, data, 'en').rows).toEqual([['Grand Est', '25%'], ['Bretagne', null]]);
});
