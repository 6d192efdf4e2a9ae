import type { Cell, Column, Tile } from '../../api/types';
import { digitsOf, formatTile, isNumericType } from '../../format/format';
import type { Language } from '../../i18n';
import { labelOf, namingOf } from './naming';

type Shown = Pick<Tile, 'kind' | 'y' | 'format' | 'unit'> & Partial<Pick<Tile, 'x' | 'x_format' | 'labels'>>;

/**
 * The rows of a chart as its table shows them: the drawn value in the tile's own format, dates and words as the chart
 * names them, each column by its title. Numbers of one column have the same digits after the point.
 */
export function formattedRows(tile: Shown, data: { columns: Column[]; rows: Cell[][] }, lang: Language): { columns: Column[]; rows: Cell[][] } {
  const same = (name: string, other: string | null | undefined) => name.toLowerCase() === other?.toLowerCase();
  const write = data.columns.map((column, i): ((value: Cell) => Cell) => {
    const values = data.rows.map((row) => row[i]);
    const measured = same(column.name, tile.y) || (tile.kind === 'table' && isNumericType(column.type) && !same(column.name, tile.x));
    if (measured) {
      const format = tile.format ?? (values.every((value) => value === null || isWhole(value)) ? 'integer' : 'decimal');
      const digits = digitsOf(values, format);
      return (value) => formatTile(value, format, tile.unit, lang, digits);
    }
    const named = namingOf({ labels: tile.labels, x: tile.x, x_format: tile.x_format }, column, values, lang, 'long');
    return (value) => (typeof value === 'string' || tile.x_format ? named(value) : value);
  });
  return {
    columns: data.columns.map((column) => ({ name: labelOf({ labels: tile.labels }, column.name, lang), type: column.type })),
    rows: data.rows.map((row) => row.map((value, i) => (value === null ? null : (write[i]?.(value) ?? value)))),
  };
}

function isWhole(value: Cell | undefined): boolean {
  return value !== undefined && Number.isInteger(Number(value));
}
