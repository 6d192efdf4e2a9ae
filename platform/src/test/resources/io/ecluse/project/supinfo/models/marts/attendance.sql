/* ecluse
description: Share of lessons attended, per student.
materialized: view
columns:
  student_id: { tests: [unique, not_null] }
*/
SELECT student_id, avg(CASE WHEN present THEN 1.0 ELSE 0.0 END) AS attendance_rate
FROM erp.attendances
GROUP BY student_id;
