import type { Cell, Column, Tile } from '../../api/types';
import { dateNaming, isDateType, precisionOf, weekdayName } from '../../format/dates';
import { formatTile } from '../../format/format';
import type { Language } from '../../i18n';
import { localized } from '../../i18n/localized';

export type Labelled = Pick<Tile, 'labels'> & Partial<Pick<Tile, 'x' | 'x_format'>>;

/** What a word of the data (a value, or a column's name) is called in the reader's language. */
export function labelOf(tile: Labelled, word: string, lang: Language): string {
  return localized(tile.labels?.[word], lang) || word;
}

/** Names the values of a column: dates as the language does, days of the week by name, words by the tile's labels. */
export function namingOf(tile: Labelled, column: Column | undefined, values: (Cell | undefined)[], lang: Language, length: 'long' | 'short'): (value: Cell | undefined) => string {
  const format = column !== undefined && column.name.toLowerCase() === tile.x?.toLowerCase() ? tile.x_format : null;
  const ofDate = column && isDateType(column.type) ? dateNaming(precisionOf(values), lang) : () => null;
  return (value) => {
    if (value === null || value === undefined) return '–';
    const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
    if (tile.labels?.[text]) return labelOf(tile, text, lang);
    if (format === 'weekday') return weekdayName(value, lang, length) ?? text;
    if (format) return formatTile(value, format, null, lang);
    return ofDate(value) ?? text;
  };
}
