import { CAMPUSES, PROMOTIONS, REGIONS, iso, random } from './world.mjs';

const t = (en, fr) => ({ en, fr });
const base = { x: null, y: null, series: null, unit: null, format: null, x_format: null, labels: {}, width: 6, note: null };

const labels = {
  campus: t('Campus', 'Campus'), region: t('Region', 'Région'), promotion: t('Promotion', 'Promotion'), students: t('Students', 'Étudiants'), month: t('Month', 'Mois'), weekday: t('Day', 'Jour'),
  attendance_rate: t('Attendance', 'Présence'), average_grade: t('Average grade', 'Note moyenne'), company: t('Company', 'Entreprise'), domain: t('Domain', 'Domaine'), city: t('City', 'Ville'), apprentices: t('Apprentices', 'Alternants'),
  salon: t('fair', 'salon'), PO: t('open day', 'portes ouvertes'), immersion: t('day in class', 'immersion'), none: t('no event', 'aucun évènement'),
  'low grades': t('low grades', 'notes basses'), 'low attendance': t('low attendance', 'présence basse'), 'nothing stood out': t('nothing stood out', 'rien de particulier'),
};

export const SCHOOL = {
  id: 'school',
  title: t('The school', "L'école"),
  description: t('Who studies here, how well, who comes, who leaves, and where they come from.', "Qui étudie ici, avec quels résultats, qui vient, qui part, et d'où."),
  tiles: [
    { ...base, id: 'students', title: t('Students', 'Étudiants'), kind: 'number', y: 'students', format: 'integer', width: 3, query: 'select count(*) as students from marts.students' },
    { ...base, id: 'average_grade', title: t('Average grade', 'Note moyenne'), kind: 'number', y: 'average_grade', format: 'decimal', unit: '/ 100', width: 3, query: 'select avg(average_grade) as average_grade from marts.students' },
    { ...base, id: 'attendance_rate', title: t('Attendance', 'Présence'), kind: 'number', y: 'attendance_rate', format: 'percent', width: 3, query: 'select avg(attendance_rate) as attendance_rate from marts.students' },
    { ...base, id: 'apprenticeship_rate', title: t('In apprenticeship', 'En alternance'), kind: 'number', y: 'apprenticeship_rate', format: 'percent', width: 3, query: 'select avg(cast(has_apprenticeship as int)) as apprenticeship_rate from marts.students' },
    { ...base, id: 'students_by_campus', title: t('Students by campus and promotion', 'Étudiants par campus et promotion'), kind: 'stacked_bar', x: 'campus', y: 'students', series: 'promotion', format: 'integer', query: 'select campus, promotion, students from marts.campus_promotions order by campus, promotion' },
    { ...base, id: 'grades_by_region', title: t('Average grade by region and promotion', 'Note moyenne par région et promotion'), kind: 'bar', x: 'region', y: 'average_grade', series: 'promotion', format: 'decimal', note: t('Students without grades are not counted.', 'Les étudiants sans note ne sont pas comptés.'), query: 'select region, promotion, avg(average_grade) as average_grade from marts.students group by 1, 2' },
    { ...base, id: 'attendance_by_day', title: t('Attendance by campus and day of the week', 'Présence par campus et jour de la semaine'), kind: 'heatmap', x: 'weekday', x_format: 'weekday', y: 'attendance_rate', series: 'campus', format: 'percent', note: t('Attendances by lessons expected.', 'Présences rapportées aux cours prévus.'), query: 'select campus, weekday, sum(present) / sum(expected) as attendance_rate from marts.attendance_by_month group by 1, 2' },
    { ...base, id: 'attendance_by_month', title: t('Attendance by month', 'Présence par mois'), kind: 'line', x: 'month', y: 'attendance_rate', series: 'campus', format: 'percent', query: 'select month, campus, sum(present) / sum(expected) as attendance_rate from marts.attendance_by_month group by 1, 2' },
    { ...base, id: 'recruitment_by_event', title: t('Prospects who enrolled by kind of event', "Prospects inscrits par type d'évènement"), kind: 'bar', x: 'event_type', y: 'enrolled_rate', format: 'percent', query: 'select event_type, sum(enrolled) / sum(prospects) as enrolled_rate from marts.recruitment_by_event group by 1' },
    { ...base, id: 'origin', title: t('How students met the school', "Comment les étudiants ont connu l'école"), kind: 'pie', x: 'met_at', y: 'students', format: 'integer', query: "select coalesce(event_type, 'none') as met_at, count(*) as students from marts.students group by 1" },
    { ...base, id: 'apprenticeships_by_region', title: t('Apprenticeships by region', 'Alternances par région'), kind: 'bar', x: 'region', y: 'apprenticeship_rate', format: 'percent', query: 'select region, apprentices / students as apprenticeship_rate from marts.apprenticeships_by_region' },
    { ...base, id: 'leavers', title: t('Leavers by month', 'Départs par mois'), kind: 'line', x: 'month', y: 'leavers', series: 'reason', format: 'integer', query: 'select month, reason, leavers from marts.leavers' },
    { ...base, id: 'attendance_and_grades', title: t('Attendance and grades', 'Présence et notes'), kind: 'scatter', x: 'attendance_rate', x_format: 'percent', y: 'average_grade', series: 'campus', format: 'decimal', query: 'select attendance_rate, average_grade, campus from marts.campus_promotions' },
    { ...base, id: 'top_companies', title: t('Companies with the most apprentices', "Entreprises avec le plus d'alternants"), kind: 'table', query: 'select company, domain, city, apprentices from marts.companies order by 4 desc limit 10' },
    { ...base, id: 'broken', title: t('A tile whose query is wrong', 'Une tuile dont la requête est fausse'), kind: 'bar', x: 'a', y: 'b', query: 'select a, b from marts.nowhere' },
    { ...base, id: 'nothing', title: t('A tile without rows', 'Une tuile sans lignes'), kind: 'bar', x: 'a', y: 'b', query: 'select 1 as a, 2 as b where false' },
  ],
};

for (const tile of SCHOOL.tiles) tile.labels = labels;

/** What charts get wrong when they are not careful; BrowserTests has the same tiles. */
export const AWKWARD = {
  id: 'awkward',
  title: t('Awkward', 'Bizarre'),
  description: t('What charts may get wrong.', 'Ce que les graphiques peuvent fausser.'),
  tiles: [
    { ...base, id: 'months', title: t('Months', 'Mois'), kind: 'line', x: 'm', y: 'n', query: "select timestamp '2025-07-01 00:00:00' as m, 30 as n" },
    { ...base, id: 'day', title: t('One day', 'Un jour'), kind: 'bar', x: 'd', y: 'n', query: "select timestamp '2025-07-31 08:00:00' as d, 30 as n" },
    { ...base, id: 'names', title: t('One name', 'Un nom'), kind: 'bar', x: 'name', y: 'n', query: "select 'Martin' as name, 30 as n" },
    { ...base, id: 'slices', title: t('Slices', 'Parts'), kind: 'pie', x: 'name', y: 'n', query: "select 'Martin' as name, 30 as n" },
    { ...base, id: 'absent', title: t('Absent', 'Absente'), kind: 'bar', x: 'name', y: 'm', query: "select 'Martin' as name, 30 as n" },
    { ...base, id: 'exact', title: t('Exact', 'Exact'), kind: 'number', y: 'n', format: 'integer', width: 3, query: 'select 9007199254740993 as n' },
    { ...base, id: 'crowd', title: t('Crowd', 'Foule'), kind: 'heatmap', x: 'a', y: 'n', series: 'b', format: 'integer', query: 'select a, b, a * b as n from range(40), range(30)' },
    { ...base, id: 'legend', title: t('Legend', 'Légende'), kind: 'line', x: 'a', y: 'n', series: 's', query: 'select a, s, n from range(3)' },
  ],
};

const varchar = (name) => ({ name, type: 'varchar' });
const stamp = (name) => ({ name, type: 'TIMESTAMP' });
const double = (name) => ({ name, type: 'double' });
const bigint = (name) => ({ name, type: 'bigint' });
const month = (i) => iso(Date.UTC(2025, i, 1)).slice(0, 10);

const ANSWERS = {
  students: () => [[bigint('students')], [[9942]]],
  average_grade: () => [[double('average_grade')], [[60.0184]]],
  attendance_rate: () => [[double('attendance_rate')], [[0.8497]]],
  apprenticeship_rate: () => [[double('apprenticeship_rate')], [[0.3325]]],
  students_by_campus: (r) => [[varchar('campus'), varchar('promotion'), bigint('students')], CAMPUSES.flatMap((c) => PROMOTIONS.map((p) => [c, p, Math.round(40 + r() * 160)]))],
  grades_by_region: (r) => [[varchar('region'), varchar('promotion'), double('average_grade')], REGIONS.slice(0, 6).flatMap((c) => PROMOTIONS.map((p) => [c, p, 55 + r() * 12]))],
  attendance_by_day: (r) => [[varchar('campus'), { name: 'weekday', type: 'integer' }, double('attendance_rate')], CAMPUSES.flatMap((c) => [1, 2, 3, 4, 5].map((d) => [c, d, 0.74 + r() * 0.2]))],
  attendance_by_month: (r) => [[{ name: 'month', type: 'date' }, varchar('campus'), double('attendance_rate')], CAMPUSES.slice(0, 5).flatMap((c) => Array.from({ length: 10 }, (_, i) => [month(i), c, 0.78 + r() * 0.12]))],
  recruitment_by_event: () => [[varchar('event_type'), double('enrolled_rate')], [['PO', 0.61], ['immersion', 0.72], ['salon', 0.41]]],
  origin: () => [[varchar('met_at'), bigint('students')], [['none', 7442], ['salon', 1210], ['PO', 890], ['immersion', 400]]],
  apprenticeships_by_region: (r) => [[varchar('region'), double('apprenticeship_rate')], REGIONS.map((name) => [name, 0.2 + r() * 0.25]).sort((a, b) => b[1] - a[1])],
  leavers: (r) => [[{ name: 'month', type: 'date' }, varchar('reason'), bigint('leavers')], ['low grades', 'low attendance', 'nothing stood out'].flatMap((w) => Array.from({ length: 12 }, (_, i) => [month(i), w, Math.round(5 + r() * 40)]))],
  attendance_and_grades: (r) => [[double('attendance_rate'), double('average_grade'), varchar('campus')], CAMPUSES.slice(0, 6).flatMap((c) => Array.from({ length: 5 }, () => { const a = 0.75 + r() * 0.2; return [a, 20 + a * 45 + r() * 8, c]; }))],
  top_companies: (r) => [[varchar('company'), varchar('domain'), varchar('city'), bigint('apprentices')], Array.from({ length: 10 }, (_, i) => [['Aciéries du Nord', 'Banque Fluviale', 'Cabinet Lemoine', 'Datalys', 'Éclair Énergie', 'Fabrique Numérique de Saint-Benoît-la-Forêt', 'Groupe Horizon', 'Halles & Cie', 'Imprimerie Royer', 'Jardins de Loire'][i], ['industry', 'bank', 'consulting', 'software'][i % 4], CAMPUSES[i % 8], 96 - i * 7 - Math.round(r() * 4)])],
  months: () => [[stamp('m'), bigint('n')], [['2025-07-01T00:00', 30], ['2025-08-01T00:00', 5]]],
  day: () => [[stamp('d'), bigint('n')], [['2025-07-31T08:00', 30], ['2025-07-31T09:00', 5]]],
  names: () => [[varchar('name'), bigint('n')], [['Martin', 30], ['Martin', 5], ['Durand', 1]]],
  slices: () => [[varchar('name'), bigint('n')], [['Martin', 30], ['Martin', 5], ['Durand', 1]]],
  absent: () => [[varchar('name'), bigint('n')], [['Martin', 30]]],
  exact: () => [[bigint('n')], [['9007199254740993']]],
  crowd: () => [[bigint('a'), bigint('b'), bigint('n')], Array.from({ length: 1200 }, (_, i) => [i % 40, Math.floor(i / 40), (i % 40) * Math.floor(i / 40)])],
  legend: () => [[bigint('a'), varchar('s'), bigint('n')], Array.from({ length: 42 }, (_, i) => [i % 3, `Campus number ${Math.floor(i / 3)}`, i])],
  nothing: () => [[varchar('a'), bigint('b')], []],
};

export function answer(tile, now) {
  if (tile.id === 'broken') {
    return { tile: 'broken', state: 'error', error: { code: 'SQL_INVALID', number: 1005, message: 'There is no table marts.nowhere', line: 1, column: 18, hint: 'Tables named nearly so: marts.students, marts.leavers.' } };
  }
  const [columns, rows] = ANSWERS[tile.id](random(tile.id.length * 31));
  const tables = [...tile.query.matchAll(/(?:from|join) (\w+\.\w+)/g)].map((match) => match[1]);
  return { tile: tile.id, state: 'ok', columns, rows, elapsed_ms: 12, as_of: iso(now - 7 * 3_600_000), tables, snapshots: Object.fromEntries(tables.map((name) => [name, '5527363321'])) };
}
