import type { Cell, Column, Tile } from '../../api/types';
import { formatTile, isNumericType } from '../../format/format';
import type { Language } from '../../i18n';

/** The rows of a chart as its table shows them: the drawn value in the tile's own format, the rest as it is. */
export function formattedRows(tile: Pick<Tile, 'kind' | 'y' | 'format' | 'unit'>, data: { columns: Column[]; rows: Cell[][] }, lang: Language): { columns: Column[]; rows: Cell[][] } {
  const drawn = data.columns.map((column) => column.name === tile.y || (tile.kind === 'table' && isNumericType(column.type)));
  return {
    columns: data.columns,
    rows: data.rows.map((row) =>
      row.map((value, i) => (drawn[i] && value !== null ? formatTile(value, tile.format ?? (isWhole(value) ? 'integer' : 'decimal'), tile.unit, lang) : value)),
    ),
  };
}

function isWhole(value: Cell): boolean {
  return Number.isInteger(Number(value));
}
