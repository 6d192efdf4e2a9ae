import type { Language } from '../i18n';

/** Words that a schedule is told in. */
interface Words {
  everyMinute: string;
  everyMinutes: (n: number) => string;
  everyHour: (minute: number) => string;
  everyHours: (n: number, minute: number) => string;
  at: (times: string) => string;
  daily: string;
  onWeekdays: (days: string) => string;
  weekly: (days: string) => string;
  onDays: (days: string) => string;
  inMonths: (months: string) => string;
  from: (first: string, last: string) => string;
  and: string;
}

const WORDS: Record<Language, Words> = {
  en: {
    everyMinute: 'every minute', everyMinutes: (n) => `every ${n} minutes`,
    everyHour: (minute) => (minute === 0 ? 'every hour' : `every hour, ${minute} min past`),
    everyHours: (n, minute) => `every ${n} hours${minute === 0 ? '' : `, ${minute} min past`}`,
    at: (times) => `at ${times}`, daily: 'every day', onWeekdays: (days) => days, weekly: (days) => `every ${days}`,
    onDays: (days) => `on day ${days} of the month`, inMonths: (months) => `in ${months}`, from: (first, last) => `${first} to ${last}`, and: ' and ',
  },
  fr: {
    everyMinute: 'toutes les minutes', everyMinutes: (n) => `toutes les ${n} minutes`,
    everyHour: (minute) => (minute === 0 ? 'toutes les heures' : `toutes les heures, à ${minute} min`),
    everyHours: (n, minute) => `toutes les ${n} heures${minute === 0 ? '' : `, à ${minute} min`}`,
    at: (times) => `à ${times}`, daily: 'tous les jours', onWeekdays: (days) => days, weekly: (days) => `chaque ${days}`,
    onDays: (days) => `le ${days} du mois`, inMonths: (months) => `en ${months}`, from: (first, last) => `de ${first} à ${last}`, and: ' et ',
  },
};

/** A cron of five fields in words, `every day at 03:00`; null for what words would not make plainer. */
export function cronInWords(cron: string, lang: Language): string | null {
  const fields = cron.trim().split(/\s+/);
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = fields;
  if (fields.length !== 5) return null;
  const words = WORDS[lang];
  const when = timeOf(minute, hour, words);
  const days = daysOf(day, month, weekday, words, lang);
  if (when === null || days === null) return null;
  if (days !== '') return lang === 'fr' || when.startsWith(words.at('')) ? `${days} ${when}` : `${when}, ${days}`;
  return when.startsWith(words.at('')) ? `${words.daily} ${when}` : when;
}

function timeOf(minute: string, hour: string, words: Words): string | null {
  const step = /^\*\/(\d+)$/;
  if (hour === '*') {
    if (minute === '*') return words.everyMinute;
    const every = step.exec(minute);
    if (every) return words.everyMinutes(Number(every[1]));
    return /^\d+$/.test(minute) ? words.everyHour(Number(minute)) : null;
  }
  if (!/^\d+$/.test(minute)) return null;
  const every = step.exec(hour);
  if (every) return words.everyHours(Number(every[1]), Number(minute));
  if (!/^\d+(,\d+)*$/.test(hour)) return null;
  return words.at(joined(hour.split(',').map((one) => `${one.padStart(2, '0')}:${minute.padStart(2, '0')}`), words));
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** Empty for every day; null for what is not told. A day and a weekday together mean either: that is not told. */
function daysOf(day: string, month: string, weekday: string, words: Words, lang: Language): string | null {
  const any = (field: string) => field === '*' || field === '?';
  if (!any(day) && !any(weekday)) return null;
  const locale = lang === 'fr' ? 'fr-FR' : 'en-GB';
  const named = (field: string, short: string[], name: (n: number) => string) => listOrRange(field, short, name, words);
  const parts: string[] = [];
  if (!any(weekday)) {
    const days = named(weekday, WEEKDAYS, (n) => new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' }).format(Date.UTC(2024, 0, 7 + (n % 7))));
    if (days === null) return null;
    parts.push(weekday.includes('-') ? words.onWeekdays(days) : words.weekly(days));
  }
  if (!any(day)) {
    const days = named(day, [], String);
    if (days === null) return null;
    parts.push(words.onDays(days));
  }
  if (!any(month)) {
    const months = named(month, ['', ...MONTHS], (n) => new Intl.DateTimeFormat(locale, { month: 'long', timeZone: 'UTC' }).format(Date.UTC(2024, n - 1, 1)));
    if (months === null) return null;
    parts.push(words.inMonths(months));
  }
  return parts.join(' ');
}

function listOrRange(field: string, short: string[], name: (n: number) => string, words: Words): string | null {
  const one = (text: string) => {
    const n = /^\d+$/.test(text) ? Number(text) : short.indexOf(text.toLowerCase());
    return n < 0 ? null : name(n);
  };
  const range = /^(\w+)-(\w+)$/.exec(field);
  if (range) {
    const [first, last] = [one(range[1] ?? ''), one(range[2] ?? '')];
    return first === null || last === null ? null : words.from(first, last);
  }
  const names = field.split(',').map(one);
  return names.includes(null) ? null : joined(names as string[], words);
}

function joined(names: string[], words: Words): string {
  return names.length < 2 ? names.join('') : names.slice(0, -1).join(', ') + words.and + (names.at(-1) ?? '');
}
