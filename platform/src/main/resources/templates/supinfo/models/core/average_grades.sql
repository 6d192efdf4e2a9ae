/* ecluse
description: The average grade of every student who has one.
columns:
  student_id: { description: The student., tests: [unique, not_null] }
  grades: { description: How many grades., tests: [not_null, { range: { min: 1 } }] }
  average_grade: { description: The mean of the student's grades., tests: [not_null, { range: { min: 0, max: 100 } }] }
*/
SELECT
  student_id,
  count(*) AS grades,
  CAST(sum(CAST(grade AS decimal(9, 4))) AS double) / nullif(count(grade), 0) AS average_grade
FROM erp.grades
WHERE student_id IS NOT NULL AND grade IS NOT NULL
GROUP BY student_id
