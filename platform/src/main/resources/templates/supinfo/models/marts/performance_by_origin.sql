/* ecluse
description: >
  Grades by region and by where students come from: the institution of their personal e-mail's domain, if at
  least 20 students share it, and how the school met them.
columns:
  region: { description: The region., tests: [not_null] }
  institution: { description: The domain of the personal e-mail., tests: [not_null] }
  met_at: { description: "salon, PO, immersion, or none.", tests: [not_null] }
  students: { description: How many have grades., tests: [not_null, { range: { min: 1 } }] }
  average_grade: { description: Mean of their averages., tests: [not_null, { range: { min: 0, max: 100 } }] }
*/
WITH origins AS (
  SELECT
    id AS student_id,
    lower(substr(personal_email, instr(personal_email, '@') + 1)) AS institution
  FROM erp.students
  WHERE personal_email IS NOT NULL
),
known AS (
  SELECT institution
  FROM origins
  GROUP BY institution
  HAVING count(*) >= 20
)
SELECT
  coalesce(s.region, '?') AS region,
  coalesce(k.institution, 'other') AS institution,
  coalesce(s.event_type, 'none') AS met_at,
  count(*) AS students,
  CAST(sum(CAST(s.average_grade AS decimal(18, 9))) AS double) / nullif(count(s.average_grade), 0) AS average_grade
FROM marts.students s
LEFT JOIN origins o ON o.student_id = s.student_id
LEFT JOIN known k ON k.institution = o.institution
WHERE s.average_grade IS NOT NULL
GROUP BY coalesce(s.region, '?'), coalesce(k.institution, 'other'), coalesce(s.event_type, 'none')
