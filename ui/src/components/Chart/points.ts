import type { Cell, Column, Tile } from '../../api/types';
import type { Language } from '../../i18n';

export interface Points {
  categories: string[];
  series: string[];
  /** By series, then by category; null where there is no row. */
  values: (number | null)[][];
  /** By series: x and y as numbers, for scatter. */
  pairs: [number, number][][];
}

/** Rows of (x, series, y) as a table of series by categories, both in the order of the rows. */
export function pointsOf(tile: Pick<Tile, 'x' | 'y' | 'series'>, columns: Column[], rows: Cell[][], lang: Language): Points {
  const at = (name: string | null, otherwise: number) => {
    const found = columns.findIndex((column) => column.name === name);
    return found < 0 ? otherwise : found;
  };
  const x = at(tile.x, 0);
  const y = at(tile.y, columns.length - 1);
  const series = tile.series === null ? -1 : at(tile.series, -1);
  const nameX = naming(columns[x], rows.map((row) => row[x]), lang);

  const categories = new Map<string, number>();
  const names = new Map<string, number>();
  const values: (number | null)[][] = [];
  const pairs: [number, number][][] = [];
  for (const row of rows) {
    const category = indexOf(categories, nameX(row[x]));
    const one = indexOf(names, series < 0 ? (tile.y ?? '') : textOf(row[series]));
    const amount = numberOf(row[y]);
    (values[one] ??= [])[category] = amount;
    const across = numberOf(row[x]);
    if (across !== null && amount !== null) (pairs[one] ??= []).push([across, amount]);
  }
  const all = [...names.keys()];
  return {
    categories: [...categories.keys()],
    series: all,
    values: all.map((_, i) => Array.from({ length: categories.size }, (_, j) => values[i]?.[j] ?? null)),
    pairs: all.map((_, i) => pairs[i] ?? []),
  };
}

function indexOf(known: Map<string, number>, name: string): number {
  const at = known.get(name) ?? known.size;
  known.set(name, at);
  return at;
}

export function numberOf(value: Cell | undefined): number | null {
  if (value === null || value === undefined || value === '' || typeof value === 'object') return null;
  const amount = Number(value);
  return Number.isNaN(amount) ? null : amount;
}

function textOf(value: Cell | undefined): string {
  if (value === null || value === undefined) return '–';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Dates are named as the reader's language names them: by the month when all are firsts of one. */
function naming(column: Column | undefined, values: (Cell | undefined)[], lang: Language): (value: Cell | undefined) => string {
  if (!column || !/^(date|timestamp)/i.test(column.type)) return textOf;
  const monthly = values.every((value) => typeof value !== 'string' || /^\d{4}-\d\d-01/.test(value));
  const options: Intl.DateTimeFormatOptions = monthly ? { month: 'short', year: 'numeric' } : { day: 'numeric', month: 'short', year: 'numeric' };
  const format = new Intl.DateTimeFormat(lang === 'fr' ? 'fr-FR' : 'en-GB', { ...options, timeZone: 'UTC' });
  return (value) => {
    const at = typeof value === 'string' ? Date.parse(value) : NaN;
    return Number.isNaN(at) ? textOf(value) : format.format(at);
  };
}
