/* ecluse
description: marts.students has exactly the students of the ERP, those without grades too.
*/
SELECT s.id AS student_id, 'lost' AS mistake
FROM erp.students s
LEFT JOIN marts.students m ON m.student_id = s.id
WHERE m.student_id IS NULL
UNION ALL
SELECT m.student_id, 'invented' AS mistake
FROM marts.students m
LEFT JOIN erp.students s ON s.id = m.student_id
WHERE s.id IS NULL
