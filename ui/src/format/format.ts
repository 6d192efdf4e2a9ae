import type { Cell } from '../api/types';
import type { Language } from '../i18n';
import { isDateType, plainMoment } from './dates';

const LOCALES: Record<Language, string> = { en: 'en-GB', fr: 'fr-FR' };
const formats = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat | Intl.RelativeTimeFormat>();

/** Intl objects are slow to make (a grid formats thousands of cells), so each is made once. */
function once<F extends Intl.NumberFormat | Intl.DateTimeFormat | Intl.RelativeTimeFormat>(key: string, make: () => F): F {
  const known = formats.get(key);
  if (known) return known as F;
  const made = make();
  formats.set(key, made);
  return made;
}

function number(lang: Language, name: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  return once(`${lang} ${name}`, () => new Intl.NumberFormat(LOCALES[lang], options));
}

export function formatInteger(value: number, lang: Language): string {
  return number(lang, 'integer', { maximumFractionDigits: 0 }).format(value);
}

export function formatCompact(value: number, lang: Language): string {
  return number(lang, 'compact', { notation: 'compact', maximumFractionDigits: 1 }).format(value);
}

export function formatDecimal(value: number, lang: Language): string {
  return number(lang, 'decimal', { maximumFractionDigits: 2 }).format(value);
}

export function formatPercent(ratio: number, lang: Language): string {
  return number(lang, 'percent', { style: 'percent', maximumFractionDigits: 1 }).format(ratio);
}

export function formatBytes(bytes: number, lang: Language): string {
  const units = lang === 'fr' ? ['o', 'Kio', 'Mio', 'Gio', 'Tio'] : ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${number(lang, 'bytes', { maximumSignificantDigits: 3 }).format(value)}\u00a0${units[unit]}`;
}

/** `420 ms`, `3.2 s`, `4 min 05 s`, `2 h 10 min`. */
export function formatDuration(ms: number, lang: Language): string {
  if (ms < 1000) return `${Math.round(ms)}\u00a0ms`;
  if (ms < 60_000) return `${number(lang, 'seconds', { maximumFractionDigits: 1 }).format(ms / 1000)}\u00a0s`;
  const minutes = Math.floor(ms / 60_000);
  const two = (value: number) => String(value).padStart(2, '0');
  if (minutes < 60) return `${minutes}\u00a0min\u00a0${two(Math.floor(ms / 1000) % 60)}\u00a0s`;
  return `${formatInteger(Math.floor(minutes / 60), lang)}\u00a0h\u00a0${two(minutes % 60)}\u00a0min`;
}

/** Of what takes moments: `0.26 ms`, `12.5 ms`, and longer ones as any duration. */
export function formatLatency(ms: number, lang: Language): string {
  return ms < 1000 ? `${number(lang, 'latency', { maximumSignificantDigits: 3 }).format(ms)}\u00a0ms` : formatDuration(ms, lang);
}

export function formatTime(at: string | number, lang: Language): string {
  const format = () => new Intl.DateTimeFormat(LOCALES[lang], { timeStyle: 'medium' });
  return once(`${lang} time`, format).format(new Date(at));
}

/** A moment as a reader says it: only the time today, with the day otherwise, with the year when it is another. */
export function formatMoment(at: string, lang: Language, now: number = Date.now()): string {
  const then = new Date(at);
  const today = new Date(now);
  const day: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' };
  if (then.toDateString() === today.toDateString()) {
    return once(`${lang} today`, () => new Intl.DateTimeFormat(LOCALES[lang], { hour: '2-digit', minute: '2-digit' })).format(then);
  }
  const sameYear = then.getFullYear() === today.getFullYear();
  const options = sameYear ? day : { ...day, year: 'numeric' as const };
  return once(`${lang} day ${sameYear}`, () => new Intl.DateTimeFormat(LOCALES[lang], options)).format(then);
}

/** A moment that stands alone, as in a title: always with its day. */
export function formatDated(at: string, lang: Language): string {
  const format = () => new Intl.DateTimeFormat(LOCALES[lang], { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' });
  return once(`${lang} dated`, format).format(new Date(at));
}

export function formatFull(at: string, lang: Language): string {
  const format = () => new Intl.DateTimeFormat(LOCALES[lang], { dateStyle: 'full', timeStyle: 'long' });
  return once(`${lang} full`, format).format(new Date(at));
}

/** `5 minutes ago`, `in 3 hours`; rounded down, so that nothing seems older than it is. */
export function formatAge(at: string, lang: Language, now: number): string {
  const seconds = Math.trunc((new Date(at).getTime() - now) / 1000);
  const relative = once(`${lang} relative`, () => new Intl.RelativeTimeFormat(LOCALES[lang], { numeric: 'auto', style: 'short' }));
  const size = Math.abs(seconds);
  if (size < 60) return relative.format(seconds, 'second');
  if (size < 3600) return relative.format(Math.trunc(seconds / 60), 'minute');
  if (size < 86_400) return relative.format(Math.trunc(seconds / 3600), 'hour');
  return relative.format(Math.trunc(seconds / 86_400), 'day');
}

export function isNumericType(type: string): boolean {
  return /^(u?(tiny|small|big|huge)?int(eger)?|int\d+|long|short|byte|float\d?|double|real|decimal|numeric)\b/i.test(type);
}

/** A cell of a result as text. Exact numbers that came as strings keep every digit. */
export function formatCell(value: Cell | undefined, type: string, lang: Language): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') {
    const whole = Number.isInteger(value);
    // No grouping in a grid: an id or a year is no quantity, and what is copied must be what is in the table.
    return number(lang, `cell ${whole}`, { useGrouping: false, maximumFractionDigits: whole ? 0 : 6 }).format(value);
  }
  if (typeof value === 'string') {
    if (isDateType(type)) return plainMoment(value);
    return /^time/i.test(type) || !isNumericType(type) || lang === 'en' ? value : value.replace('.', ',');
  }
  return typeof value === 'boolean' ? String(value) : JSON.stringify(value);
}

const EXACT = /^-?\d+(\.\d+)?$/;

/** How many digits after the point the values of one measure are written with: as many as one of them needs. */
export function digitsOf(values: (Cell | undefined)[], format: string | null): number {
  const amounts = values.filter((value) => value !== null && value !== '' && typeof value !== 'boolean').map(Number).filter(Number.isFinite);
  const largest = Math.max(0, ...amounts.map(Math.abs));
  // Two digits say nothing of what is all below a hundredth.
  const most = format === 'integer' ? 0 : format === 'percent' ? 1 : largest === 0 || largest >= 1 ? 2 : largest >= 0.01 ? 4 : 8;
  const scale = format === 'percent' ? 100 : 1;
  const written = values.filter((value) => typeof value === 'string' && EXACT.test(value)) as string[];
  const exact = format === 'percent' ? 0 : Math.max(0, ...written.map((value) => (value.split('.')[1] ?? '').replace(/0+$/, '').length));
  return amounts.reduce((digits, amount) => {
    // What a binary fraction is off by is no digit of the number.
    const near = Number((amount * scale).toPrecision(13));
    let needed = 0;
    while (needed < most && Number(near.toFixed(needed)) !== near) needed += 1;
    return Math.max(digits, needed);
  }, Math.min(exact, most));
}

/**
 * A number of a tile, by the format its file asks for. One that came as text is exact, and stays so.
 *
 * @param digits after the point, for values that are compared with each other; without it, those that the value needs
 */
export function formatTile(value: Cell | undefined, format: string | null, unit: string | null, lang: Language, digits = digitsOf([value], format)): string {
  if (value === null || value === undefined || value === '') return '–';
  const amount = typeof value === 'number' ? value : Number(value);
  if (typeof value === 'boolean' || Number.isNaN(amount)) return typeof value === 'object' ? JSON.stringify(value) : String(value);
  const exact = typeof value === 'string' && EXACT.test(value) ? (value as Intl.StringNumericLiteral) : amount;
  const style = format === 'percent' ? ('percent' as const) : ('decimal' as const);
  const shown = number(lang, `tile ${style} ${digits}`, { style, minimumFractionDigits: digits, maximumFractionDigits: digits }).format(exact);
  return unit ? `${shown}\u00a0${unit.replaceAll(' ', '\u00a0')}` : shown;
}
