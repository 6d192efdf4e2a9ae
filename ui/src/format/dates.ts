import type { Cell } from '../api/types';
import type { Language } from '../i18n';

/**
 * Dates and moments of data, as they are written there: never moved into the time zone of whoever looks. A date, or a
 * moment without a zone, is what its digits say; a moment with one is told in UTC, as the server tells it, and says so.
 */
interface Written {
  /** Its digits as if they were UTC, in milliseconds. */
  at: number;
  zoned: boolean;
  /** The digits after the seconds. */
  fraction: string;
}

export type Precision = 'month' | 'day' | 'minute' | 'second';

const PATTERN = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?)?(Z|[+-]\d\d(?::?\d\d)?)?$/;

export function isDateType(type: string): boolean {
  return /^(date|timestamp|datetime)/i.test(type);
}

function writtenOf(value: Cell | undefined): Written | null {
  const parts = typeof value === 'string' ? PATTERN.exec(value) : null;
  if (!parts) return null;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts.slice(1, 7).map((part) => Number(part ?? 0));
  const zone = parts[8];
  const digits = Date.UTC(year, month - 1, day, hour, minute, second);
  return { at: digits - offsetOf(zone), zoned: zone !== undefined, fraction: (parts[7] ?? '').replace(/0+$/, '') };
}

function offsetOf(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z') return 0;
  const [, hours = '0', minutes = '0'] = /^[+-](\d\d):?(\d\d)?$/.exec(zone) ?? [];
  return (zone.startsWith('-') ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

/** Where a date lies on an axis; null for what is none. */
export function positionOfDate(value: Cell | undefined): number | null {
  return writtenOf(value)?.at ?? null;
}

/** What all of the values need to be told apart: months when each is the first of one. */
export function precisionOf(values: (Cell | undefined)[]): Precision {
  const written = values.map(writtenOf).filter((one) => one !== null);
  if (written.some((one) => one.at % 60_000 !== 0 || one.fraction !== '')) return 'second';
  if (written.some((one) => one.at % 86_400_000 !== 0)) return 'minute';
  return written.every((one) => new Date(one.at).getUTCDate() === 1) ? 'month' : 'day';
}

const OPTIONS: Record<Precision, Intl.DateTimeFormatOptions> = {
  month: { month: 'short', year: 'numeric' },
  day: { day: 'numeric', month: 'short', year: 'numeric' },
  minute: { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' },
  second: { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit' },
};

/** Names dates in the reader's language; what is no date stays as it is. */
export function dateNaming(precision: Precision, lang: Language): (value: Cell | undefined) => string | null {
  const locale = lang === 'fr' ? 'fr-FR' : 'en-GB';
  const format = new Intl.DateTimeFormat(locale, { ...OPTIONS[precision], timeZone: 'UTC' });
  const timed = precision === 'minute' || precision === 'second';
  return (value) => {
    const written = writtenOf(value);
    if (!written) return null;
    const fraction = written.fraction === '' ? '' : (lang === 'fr' ? ',' : '.') + written.fraction;
    return format.format(written.at) + (timed ? fraction : '') + (timed && written.zoned ? '\u00a0UTC' : '');
  };
}

/** 1 is Monday, 7 Sunday, as ISO counts; null for what is no day. */
export function weekdayName(value: Cell | undefined, lang: Language, length: 'long' | 'short'): string | null {
  const day = Number(value);
  if (!Number.isInteger(day) || day < 1 || day > 7) return null;
  return new Intl.DateTimeFormat(lang === 'fr' ? 'fr-FR' : 'en-GB', { weekday: length, timeZone: 'UTC' }).format(Date.UTC(2024, 0, day));
}

/** A moment in a grid of data: always with its seconds, and with its zone if it has one. */
export function plainMoment(value: string): string {
  const parts = PATTERN.exec(value);
  if (!parts || parts[4] === undefined) return value;
  const fraction = (parts[7] ?? '').replace(/0+$/, '');
  const zone = parts[8] === undefined ? '' : parts[8] === 'Z' ? ' UTC' : ` ${parts[8]}`;
  return `${parts[1]}-${parts[2]}-${parts[3]} ${parts[4]}:${parts[5]}:${parts[6] ?? '00'}${fraction === '' ? '' : `.${fraction}`}${zone}`;
}
