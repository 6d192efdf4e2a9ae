import { expect, test } from 'vitest';
import { cronInWords } from './cron';

test.each([
  ['0 3 * * *', 'every day at 03:00', 'tous les jours à 03:00'],
  ['30 6,18 * * *', 'every day at 06:30 and 18:30', 'tous les jours à 06:30 et 18:30'],
  ['*/15 * * * *', 'every 15 minutes', 'toutes les 15 minutes'],
  ['5 * * * *', 'every hour, 5 min past', 'toutes les heures, à 5 min'],
  ['0 */6 * * *', 'every 6 hours', 'toutes les 6 heures'],
  ['0 7 * * 1-5', 'Monday to Friday at 07:00', 'de lundi à vendredi à 07:00'],
  ['0 7 * * mon', 'every Monday at 07:00', 'chaque lundi à 07:00'],
  ['0 7 * * 0,7', 'every Sunday and Sunday at 07:00', 'chaque dimanche et dimanche à 07:00'],
  ['0 4 1 * *', 'on day 1 of the month at 04:00', 'le 1 du mois à 04:00'],
  ['0 4 1 1,7 *', 'on day 1 of the month in January and July at 04:00', 'le 1 du mois en janvier et juillet à 04:00'],
  ['*/10 * * * 6', 'every 10 minutes, every Saturday', 'chaque samedi toutes les 10 minutes'],
])('%s is told in words', (cron, english, french) => {
  expect(cronInWords(cron, 'en')).toBe(english);
  expect(cronInWords(cron, 'fr')).toBe(french);
});

test('what words would not make plainer is not told in words', () => {
  for (const cron of ['0 0 13 * 5', '1-59/2 * * * *', '0 9-17 * * *', '@daily', '0 3 L * *']) expect(cronInWords(cron, 'en'), cron).toBeNull();
});
