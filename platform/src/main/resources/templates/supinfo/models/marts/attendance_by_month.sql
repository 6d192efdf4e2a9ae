/* ecluse
description: Attendance at every campus, by month and day of the week.
columns:
  campus: { description: The campus's name., tests: [not_null] }
  month: { description: First day of the month., tests: [not_null] }
  weekday: { description: "1 is Monday, 7 Sunday.", tests: [not_null, { range: { min: 1, max: 7 } }] }
  expected: { description: Attendances that should have been., tests: [not_null, { range: { min: 1 } }] }
  present: { description: Attendances that were., tests: [not_null, { range: { min: 0 } }] }
  attendance_rate: { description: "present by expected.", tests: [not_null, { range: { min: 0, max: 1 } }] }
*/
WITH held AS (
  -- Engines number the days of a week differently, so days are counted from a Monday.
  SELECT
    id,
    campus_id,
    CAST(date_trunc('month', date) AS date) AS month,
    1 + CAST(mod(extract(dow FROM date) - extract(dow FROM DATE '2024-01-01') + 7, 7) AS integer) AS weekday
  FROM erp.lessons
  WHERE date IS NOT NULL
)
SELECT
  coalesce(c.name, '?') AS campus,
  h.month,
  h.weekday,
  count(*) AS expected,
  count(CASE WHEN a.present THEN 1 END) AS present,
  avg(CAST(CASE WHEN a.present THEN 1 ELSE 0 END AS double)) AS attendance_rate
FROM erp.attendances a
JOIN held h ON h.id = a.lesson_id
LEFT JOIN erp.campuses c ON c.id = h.campus_id
WHERE a.present IS NOT NULL
GROUP BY coalesce(c.name, '?'), h.month, h.weekday
