/* ecluse
description: One row per student.
columns:
  student_id:
    description: The school's number.
    tests: [unique, not_null, {relationship: {to: erp.students, column: id}}]
  attendance_rate: { tests: [{range: {min: 0, max: 1}}] }
  promotion: { tests: [{accepted_values: [ASC1, ASC2, BSC, MSC1, MSC2]}] }
*/
WITH recruited AS (
  SELECT s.id, e.type
  FROM erp.students s
  JOIN erp.audiences a ON lower(a.email) = lower(s.personal_email)
  JOIN erp.events e ON e.id = a.event_id
)
SELECT s.id AS student_id, s.promotion, c.name AS campus, m.attendance_rate, r.type AS event_type
FROM erp.students s, erp.campuses c
LEFT JOIN marts.attendance m ON m.student_id = s.id
LEFT JOIN recruited r ON r.id = s.id
WHERE c.id = s.campus_id
