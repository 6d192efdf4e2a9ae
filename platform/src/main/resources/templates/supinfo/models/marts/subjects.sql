/* ecluse
description: Every subject, with its grades.
columns:
  subject_id: { description: The subject., tests: [unique, not_null] }
  subject: { description: Its name. }
  promotion: { description: Who learns it. }
  grades: { description: How many grades., tests: [not_null, { range: { min: 0 } }] }
  average_grade: { description: Their mean., tests: [{ range: { min: 0, max: 100 } }] }
  failed_rate: { description: "The part of grades below 50, 0 to 1.", tests: [{ range: { min: 0, max: 1 } }] }
*/
SELECT
  s.id AS subject_id,
  s.name AS subject,
  s.level AS promotion,
  count(g.grade) AS grades,
  CAST(sum(CAST(g.grade AS decimal(9, 4))) AS double) / nullif(count(g.grade), 0) AS average_grade,
  avg(CAST(CASE WHEN g.grade < 50 THEN 1 WHEN g.grade >= 50 THEN 0 END AS double)) AS failed_rate
FROM erp.subjects s
LEFT JOIN erp.grades g ON g.subject_id = s.id
GROUP BY s.id, s.name, s.level
