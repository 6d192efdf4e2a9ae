import type { Cell, Rows } from '../../api/types';

/** Rows with their header as spreadsheets take them from the clipboard. */
export function tsvOf({ columns, rows }: Pick<Rows, 'columns' | 'rows'>): string {
  return [columns.map((column) => column.name), ...rows].map((row) => row.map(field).join('\t')).join('\n');
}

function field(value: Cell): string {
  if (value === null) return '';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return /[\t\n\r"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
