// A made-up world that looks like a Supinfo project after two weeks of nightly runs. No real data.
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export const iso = (ms) => new Date(ms).toISOString();

/** Numbers that look random and are the same at every start. */
export function random(seed) {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return state / 4294967296;
  };
}

const COLUMNS = {
  students: 'id:integer first_name:varchar! last_name:varchar! email:varchar! personal_email:varchar! gender:varchar! date_of_birth:date! join_date:date left_date:date campus_id:integer promotion:varchar',
  campuses: 'id:integer name:varchar address:varchar city:varchar zip:varchar region:varchar country:varchar',
  professors: 'id:integer first_name:varchar! last_name:varchar! email:varchar! gender:varchar! date_of_birth:date! subject_id:varchar campus_id:integer',
  audiences: 'id:integer first_name:varchar! last_name:varchar! email:varchar! gender:varchar! date_of_birth:date! event_id:integer',
  events: 'id:integer type:varchar date:date campus_id:integer location:varchar description:varchar',
  subjects: 'id:varchar name:varchar level:varchar',
  lessons: 'id:integer date:date subject_id:varchar professor_id:integer campus_id:integer',
  attendances: 'id:bigint lesson_id:integer student_id:integer present:boolean',
  grades: 'id:bigint student_id:integer subject_id:varchar date:date grade:float',
  companies: 'id:integer name:varchar phone:varchar email:varchar domain:varchar address:varchar city:varchar zip:varchar country:varchar',
  apprenticeships: 'id:integer student_id:integer company_id:integer start_date:date end_date:date',
};
const ROWS = { students: 9942, campuses: 41, professors: 320, audiences: 5012, events: 212, subjects: 61, lessons: 1100, attendances: 548280, grades: 109656, companies: 1210, apprenticeships: 3306 };
const MODELS = {
  'core.average_grades': { rows: 9871, upstream: ['erp.grades'], columns: 'student_id:integer average_grade:double grades:bigint' },
  'core.attendance_rates': { rows: 9942, upstream: ['erp.attendances'], columns: 'student_id:integer attendance_rate:double' },
  'core.recruitments': { rows: 2500, upstream: ['erp.audiences', 'erp.students', 'erp.events'], columns: 'student_id:integer event_id:integer event_type:varchar' },
  'core.apprentices': { rows: 3306, upstream: ['erp.apprenticeships', 'erp.companies'], columns: 'student_id:integer company:varchar' },
  'marts.students': { rows: 9942, upstream: ['erp.students', 'erp.campuses', 'core.average_grades', 'core.attendance_rates', 'core.recruitments', 'core.apprentices'], columns: 'student_id:integer first_name:varchar! last_name:varchar! email:varchar! gender:varchar! date_of_birth:date! join_date:date left_date:date campus:varchar region:varchar promotion:varchar average_grade:double attendance_rate:double recruited_at_event:boolean event_id:integer event_type:varchar has_apprenticeship:boolean company:varchar' },
  'marts.campus_promotions': { rows: 205, upstream: ['marts.students'], columns: 'campus:varchar region:varchar promotion:varchar students:bigint average_grade:double attendance_rate:double recruited:bigint apprentices:bigint' },
  'marts.attendance_by_month': { rows: 2460, upstream: ['erp.attendances', 'erp.lessons', 'erp.campuses'], columns: 'month:date campus:varchar weekday:integer present:bigint expected:bigint' },
  'marts.recruitment_by_event': { rows: 212, upstream: ['erp.events', 'erp.audiences', 'core.recruitments'], columns: 'event_id:integer event_type:varchar prospects:bigint enrolled:bigint' },
  'marts.apprenticeships_by_region': { rows: 13, upstream: ['marts.students'], columns: 'region:varchar students:bigint apprentices:bigint' },
  'marts.leavers': { rows: 310, upstream: ['marts.students'], columns: 'month:date reason:varchar leavers:bigint' },
  'marts.companies': { rows: 880, upstream: ['erp.companies', 'erp.apprenticeships'], columns: 'company_id:integer company:varchar domain:varchar city:varchar apprentices:bigint' },
  'marts.performance_by_region_and_institution_of_origin_over_all_promotions': { rows: 97, kind: 'view', upstream: ['marts.students'], columns: 'region:varchar promotion:varchar average_grade:double' },
};
const DESCRIPTIONS = { student_id: 'The student.', first_name: 'First name.', average_grade: 'Mean of their grades, 0 to 100; NULL without grades.', attendance_rate: 'Part of their lessons at which they were present, 0 to 1.', campus: "The campus's name.", region: "The campus's region.", promotion: 'Year of studies.', company: 'The company of their apprenticeship, the latest of several.' };
const TESTS = { student_id: ['unique', 'not_null'], promotion: ['accepted_values'], average_grade: ['range'], attendance_rate: ['range'], event_id: ['relationship'] };

const STUDENTS_SQL = `/* ecluse
description: One row per student, with all that the school asks of them.
columns:
  student_id: { description: The student., tests: [unique, not_null] }
  average_grade: { description: "Mean of their grades.", tests: [{ range: { min: 0, max: 100 } }] }
*/
SELECT
  s.id AS student_id,
  s.first_name,
  s.last_name,
  c.name AS campus,
  c.region,
  s.promotion,
  g.average_grade,
  a.attendance_rate,
  r.student_id IS NOT NULL AS recruited_at_event, -- by e-mail, whatever its case
  coalesce(r.event_type, 'none') AS event_type
FROM erp.students s
LEFT JOIN erp.campuses c ON c.id = s.campus_id
LEFT JOIN core.average_grades g ON g.student_id = s.id
LEFT JOIN core.attendance_rates a ON a.student_id = s.id
LEFT JOIN core.recruitments r ON r.student_id = s.id
WHERE s.id > 0
`;

function columnsOf(text) {
  return text.split(' ').map((part) => {
    const [name, type] = part.replace('!', '').split(':');
    return { name, type, nullable: name !== 'id' && name !== 'student_id', description: DESCRIPTIONS[name] ?? null, personal: part.endsWith('!') ? true : type === 'varchar' ? false : null, tests: TESTS[name] ?? [] };
  });
}

const PROGRAM = { dag: 'spark_averages', task: 'java', reads: ['erp.campuses', 'erp.grades', 'erp.students'], writes: ['programs.averages_in_java'] };

/** What is made of a table, and of that, by models and the program. */
function impactOf(full, seen = new Set()) {
  const direct = Object.entries(MODELS).filter(([, model]) => model.upstream.includes(full)).map(([name]) => name);
  for (const name of PROGRAM.reads.includes(full) ? [...direct, ...PROGRAM.writes] : direct) {
    if (!seen.has(name)) impactOf(name, seen.add(name));
  }
  return [...seen];
}

export function makeTables(now, lastRun) {
  const tables = new Map();
  const programsOf = (full) => ([...PROGRAM.reads, ...PROGRAM.writes].includes(full) ? [{ ...PROGRAM, run_id: lastRun }] : []);
  const averages = PROGRAM.writes[0];
  tables.set(averages, { schema: 'programs', name: 'averages_in_java', kind: 'table', description: '', rows: 9942, bytes: 211_000, files: 1, updated_at: iso(now - 9 * HOUR), run_id: lastRun, model: null, source: null, programs: programsOf(averages), impact: [], columns: columnsOf('student_id:integer campus:varchar average_grade:double'), tests: [] });
  for (const [name, columns] of Object.entries(COLUMNS)) {
    tables.set(`erp.${name}`, { schema: 'erp', name, kind: 'table', description: `As it stands in the ERP: ${name}.`, rows: ROWS[name], bytes: ROWS[name] * 31, files: 1 + Math.floor(ROWS[name] / 200_000), updated_at: iso(now - 7 * HOUR), run_id: lastRun, model: null, source: { name: 'erp', stream: name }, programs: programsOf(`erp.${name}`), impact: impactOf(`erp.${name}`), columns: columnsOf(columns), tests: [] });
  }
  for (const [full, model] of Object.entries(MODELS)) {
    const [schema, name] = full.split('.');
    const columns = columnsOf(model.columns);
    const downstream = Object.entries(MODELS).filter(([, other]) => other.upstream.includes(full)).map(([other]) => other);
    const old = name === 'leavers' ? 4 * DAY : name === 'companies' ? 31 * HOUR : 7 * HOUR;
    tables.set(full, {
      schema, name, kind: model.kind ?? 'table', description: full === 'marts.students' ? 'One row per student, with all that the school asks of them.' : `What the school asks about ${name.replaceAll('_', ' ')}.`,
      rows: model.kind === 'view' ? null : model.rows, bytes: model.kind === 'view' ? null : model.rows * 44, files: model.kind === 'view' ? null : 1, updated_at: iso(now - old), run_id: lastRun,
      model: { name: full, path: `models/${schema}/${name}.sql`, sql: full === 'marts.students' ? STUDENTS_SQL : `SELECT ${columns.map((c) => c.name).join(', ')}\nFROM ${model.upstream[0]}\n`, upstream: model.upstream, downstream },
      source: null, programs: programsOf(full), impact: impactOf(full), columns,
      tests: columns.flatMap((c) => c.tests.map((test) => ({ name: test, column: c.name, state: c.name === 'event_id' ? 'never_run' : c.name === 'average_grade' && full === 'marts.students' ? 'failed' : 'passed', failing_rows: full === 'marts.students' ? 3 : 0, failing_keys: full === 'marts.students' ? 'student_id = 777624, student_id = 777625' : null, run_id: lastRun, at: iso(now - old) }))),
    });
  }
  return tables;
}

export function erpTasks() {
  const streams = Object.keys(COLUMNS);
  const tasks = [{ id: 'extract_erp', kind: 'extract', label: 'extract_erp', upstream: [], target: { type: 'source', name: 'erp' } }];
  for (const stream of streams) tasks.push({ id: `load_erp.${stream}`, kind: 'load', label: stream, upstream: ['extract_erp'], target: { type: 'table', name: `erp.${stream}` } });
  for (const [name, model] of Object.entries(MODELS)) {
    tasks.push({ id: `models.${name}`, kind: 'build', label: name, upstream: model.upstream.map((up) => (up.startsWith('erp.') ? `load_${up}` : `models.${up}`)), target: { type: 'model', name } });
    if (/average_grade|attendance_rate|student_id/.test(model.columns)) tasks.push({ id: `models.${name}.test`, kind: 'test', label: `test ${name}`, upstream: [`models.${name}`], target: { type: 'table', name } });
  }
  const all = tasks.map((task) => task.id);
  tasks.push({ id: 'audits.grades_in_range', kind: 'audit', label: 'grades_in_range', upstream: ['models.marts.students'], target: null });
  tasks.push({ id: 'publish', kind: 'publish', label: 'publish', upstream: [...all.filter((id) => id.startsWith('models.')), 'audits.grades_in_range'], target: null });
  return layered(tasks);
}

export function bigTasks() {
  const next = random(5);
  const tasks = [];
  for (let i = 0; i < 500; i += 1) {
    const upstream = i < 25 ? [] : [...new Set([0, 0].map(() => `task_${Math.max(0, i - 25 - Math.floor(next() * 25))}`))];
    tasks.push({ id: `task_${i}`, kind: i < 25 ? 'extract' : i % 3 ? 'build' : 'test', label: i === 40 ? 'a_task_with_a_very_long_name_that_somebody_wrote_without_thinking_of_screens' : `task_${i}`, upstream, target: null });
  }
  return layered(tasks);
}

/** Column = longest way from a root; row = order within the column. As the server does it, only simpler. */
function layered(tasks) {
  const x = new Map();
  const used = new Map();
  for (const task of tasks) {
    x.set(task.id, 1 + Math.max(-1, ...task.upstream.map((id) => x.get(id) ?? 0)));
    task.x = x.get(task.id);
    task.y = used.get(task.x) ?? 0;
    used.set(task.x, task.y + 1);
  }
  return tasks;
}

export function cellsOf(columns, count, seed = 7) {
  const next = random(seed);
  const pick = (list) => list[Math.floor(next() * list.length)];
  return Array.from({ length: count }, (_, i) => columns.map(({ name, type }) => {
    if (name === 'id' || name === 'student_id') return type === 'bigint' ? String(9007199254740993n + BigInt(i)) : 777000 + i;
    if (name.includes('email')) return `${pick(FIRST).toLowerCase()}.${pick(LAST).toLowerCase()}@example.org`;
    if (name === 'first_name') return pick(FIRST);
    if (name === 'last_name') return pick(LAST);
    if (name === 'campus' || name === 'city' || name === 'name') return pick(CAMPUSES);
    if (name === 'region') return pick(REGIONS);
    if (name === 'promotion') return pick(PROMOTIONS);
    if (name === 'gender') return pick(['M.', 'Mme']);
    if (name.endsWith('rate')) return Math.round((0.6 + next() * 0.4) * 1e4) / 1e4;
    if (name === 'left_date' && next() > 0.2) return null;
    if (/date|month/.test(type) || /date|month/.test(name)) return iso(Date.UTC(1998 + Math.floor(next() * 10), Math.floor(next() * 12), 1 + Math.floor(next() * 28))).slice(0, 10);
    if (type === 'boolean') return next() > 0.3;
    if (/double|float/.test(type)) return next() > 0.05 ? Math.round(next() * 6000 + 3500) / 100 : null;
    if (/int/.test(type)) return Math.floor(next() * 900);
    return pick(['salon', 'PO', 'immersion', 'Développement web', "L'informatique, c'est \"simple\""]);
  }));
}

export const FIRST = ['Camille', 'Élodie', 'Jean', 'Aïcha', 'Baptiste', 'Zoé', 'Noël', 'Inès', 'Raphaël', 'Chloé'];
export const LAST = ['Martin', 'Bernard', 'Lefèvre', 'Dubois', 'Nguyen', 'Petit', 'Moreau', 'Garcia', 'Benali', 'Rousseau'];
export const CAMPUSES = ['Paris', 'Lyon', 'Lille', 'Bordeaux', 'Nantes', 'Strasbourg', 'Montpellier', 'Saint-Benoît'];
export const REGIONS = ['Île-de-France', 'Auvergne-Rhône-Alpes', 'Hauts-de-France', 'Nouvelle-Aquitaine', 'Pays de la Loire', 'Grand Est', 'Occitanie', "Provence-Alpes-Côte d'Azur"];
export const PROMOTIONS = ['ASC1', 'ASC2', 'BSC', 'MSC1', 'MSC2'];
