/* ecluse
description: Every campus and promotion in figures.
columns:
  campus: { description: The campus's name., tests: [not_null] }
  region: { description: Its region. }
  promotion: { description: Year of studies., tests: [not_null] }
  students: { description: How many., tests: [not_null, { range: { min: 1 } }] }
  average_grade: { description: Mean of the students' averages., tests: [{ range: { min: 0, max: 100 } }] }
  attendance_rate: { description: "Mean of the students' rates, 0 to 1.", tests: [{ range: { min: 0, max: 1 } }] }
  recruited: { description: How many were met at an event before. }
  apprentices: { description: How many have an apprenticeship. }
*/
SELECT
  coalesce(campus, '?') AS campus,
  coalesce(region, '?') AS region,
  coalesce(promotion, '?') AS promotion,
  count(*) AS students,
  CAST(sum(CAST(average_grade AS decimal(18, 9))) AS double) / nullif(count(average_grade), 0) AS average_grade,
  CAST(sum(CAST(attendance_rate AS decimal(18, 9))) AS double) / nullif(count(attendance_rate), 0) AS attendance_rate,
  count(CASE WHEN recruited_at_event THEN 1 END) AS recruited,
  count(CASE WHEN has_apprenticeship THEN 1 END) AS apprentices
FROM marts.students
GROUP BY coalesce(campus, '?'), coalesce(region, '?'), coalesce(promotion, '?')
