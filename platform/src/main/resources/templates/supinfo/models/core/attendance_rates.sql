/* ecluse
description: How often every student came, of the lessons they were expected at.
columns:
  student_id: { description: The student., tests: [unique, not_null] }
  lessons: { description: Lessons they were expected at., tests: [not_null, { range: { min: 1 } }] }
  attendance_rate: { description: "The part at which they were present, 0 to 1.", tests: [not_null, { range: { min: 0, max: 1 } }] }
*/
SELECT
  student_id,
  count(*) AS lessons,
  avg(CAST(CASE WHEN present THEN 1 ELSE 0 END AS double)) AS attendance_rate
FROM erp.attendances
WHERE student_id IS NOT NULL AND present IS NOT NULL
GROUP BY student_id
