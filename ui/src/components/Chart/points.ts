import type { Cell, Column, Tile } from '../../api/types';
import { dateNaming, isDateType, positionOfDate, precisionOf } from '../../format/dates';
import type { Language } from '../../i18n';
import { namingOf } from '../Tile/naming';

type Placed = Pick<Tile, 'x' | 'y' | 'series'> & Partial<Pick<Tile, 'kind' | 'x_format' | 'labels'>>;

export interface Points {
  categories: string[];
  series: string[];
  /** By series, then by category; null where there is no row. */
  values: (number | null)[][];
  /** The same as it came: a number drawn loses digits beyond 2^53, one written does not. */
  exact: (Cell | undefined)[][];
  /** By series: x and y as numbers, for scatter; and as they came. */
  pairs: { at: [number, number]; exact: [Cell, Cell] }[][];
  /** Whether rows have the same x, and the same series if there are several. */
  repeated: boolean;
}

/** Where a tile's columns are in its result; the name of one that is not there. */
export function placesOf(tile: Pick<Tile, 'x' | 'y' | 'series'> & { kind?: Tile['kind'] }, columns: Column[]): { x: number; y: number; series: number } | { missing: string } {
  const at = (name: string | null, otherwise: number) =>
    name === null ? otherwise : columns.findIndex((column) => column.name.toLowerCase() === name.toLowerCase());
  // One pie has one measure: a series would be pies of their own.
  const seriesName = tile.kind === 'pie' ? null : tile.series;
  const x = at(tile.x, 0);
  const y = at(tile.y, tile.kind === 'number' ? 0 : columns.length - 1);
  const series = at(seriesName, -1);
  if (x < 0) return { missing: tile.x ?? '' };
  if (y < 0) return { missing: tile.y ?? '' };
  if (series < 0 && seriesName !== null) return { missing: seriesName };
  return { x, y, series };
}

/**
 * Rows of (x, series, y) as a table of series by categories, both in the order of the rows. A row has its place for
 * itself: two of the same x (and series) are two categories of one name, not one value over the other.
 */
export function pointsOf(tile: Placed, columns: Column[], rows: Cell[][], lang: Language): Points {
  const places = placesOf(tile, columns);
  if ('missing' in places) return { categories: [], series: [], values: [], exact: [], pairs: [], repeated: false };
  const { x, y, series } = places;
  const column = columns[x];
  const nameX = namingOf(tile, column, rows.map((row) => row[x]), lang, 'short');
  const nameSeries = series < 0 ? () => namingOf(tile, undefined, [], lang, 'long')(tile.y) : namingOf(tile, columns[series], rows.map((row) => row[series]), lang, 'long');
  const positionX = column && isDateType(column.type) ? positionOfDate : numberOf;

  const categories = new Places();
  const names = new Places();
  const met = new Map<string, number>();
  const cells: { one: number; category: number; value: Cell }[] = [];
  const pairs: Points['pairs'] = [];
  for (const row of rows) {
    const one = names.of(series < 0 ? '' : keyOf(row[series]), () => nameSeries(row[series]));
    const key = keyOf(row[x]);
    const turn = met.get(`${one} ${key}`) ?? 0;
    met.set(`${one} ${key}`, turn + 1);
    const category = categories.of(`${turn} ${key}`, () => nameX(row[x]));
    cells.push({ one, category, value: row[y] ?? null });
    const [across, up] = [positionX(row[x]), numberOf(row[y])];
    if (across !== null && up !== null) (pairs[one] ??= []).push({ at: [across, up], exact: [row[x] ?? null, row[y] ?? null] });
  }
  const table = <V>(empty: V): V[][] => names.all.map(() => categories.all.map(() => empty));
  const values = table<number | null>(null);
  const exact = table<Cell | undefined>(undefined);
  for (const { one, category, value } of cells) {
    (values[one] ?? [])[category] = numberOf(value);
    (exact[one] ?? [])[category] = value;
  }
  return { categories: categories.all, series: names.all, values, exact, pairs: names.all.map((_, i) => pairs[i] ?? []), repeated: [...met.values()].some((times) => times > 1) };
}

/** Names by what they stand for. Two things of one name stay two: what tells them apart is not seen. */
class Places {
  readonly all: string[] = [];
  private readonly known = new Map<string, number>();
  private readonly used = new Map<string, number>();

  of(key: string, name: () => string): number {
    const at = this.known.get(key);
    if (at !== undefined) return at;
    const named = name();
    const times = this.used.get(named) ?? 0;
    this.used.set(named, times + 1);
    this.known.set(key, this.all.length);
    return this.all.push(named + '\u200b'.repeat(times)) - 1;
  }
}

function keyOf(value: Cell | undefined): string {
  return `${typeof value} ${JSON.stringify(value ?? null)}`;
}

/** What can be drawn: neither infinity nor what is no number. */
export function numberOf(value: Cell | undefined): number | null {
  if (value === null || value === undefined || value === '' || typeof value === 'object') return null;
  const amount = Number(value);
  return Number.isFinite(amount) ? amount : null;
}

/** Names of positions on an axis of dates. */
export function dateAxis(rows: Cell[][], x: number, lang: Language): (at: number) => string {
  const name = dateNaming(precisionOf(rows.map((row) => row[x])), lang);
  return (at) => name(new Date(at).toISOString().replace('.000Z', '')) ?? '';
}
