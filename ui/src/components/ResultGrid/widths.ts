import type { Cell, Column } from '../../api/types';

const CHARACTER = 7.6;
const NARROWEST = 64;
const WIDEST = 340;

/** A width for each column that suits its name and its first values. */
export function widthsOf(columns: Column[], rows: Cell[][], show: (value: Cell | undefined, type: string) => string): number[] {
  return columns.map((column, i) => {
    const longest = rows.slice(0, 60).reduce((most, row) => Math.max(most, show(row[i], column.type).length), column.name.length + 1);
    return Math.round(Math.max(NARROWEST, Math.min(WIDEST, longest * CHARACTER + 28)));
  });
}

export function resized(width: number, by: number): number {
  return Math.max(40, Math.min(1200, width + by));
}
