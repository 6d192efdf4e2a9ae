/* ecluse
description: The averages of all students, weighted by their grades, give the average of all grades.
*/
WITH by_student AS (
  SELECT sum(average_grade * grades) AS total, sum(grades) AS grades
  FROM core.average_grades
),
by_grade AS (
  SELECT sum(CAST(grade AS double)) AS total, count(grade) AS grades
  FROM erp.grades
  WHERE student_id IS NOT NULL
)
SELECT s.total AS total_by_student, g.total AS total_by_grade, s.grades AS grades_by_student, g.grades
FROM by_student s
CROSS JOIN by_grade g
WHERE abs(s.total - g.total) > 1e-6 * (1e0 + abs(g.total)) OR s.grades <> g.grades
