/* ecluse
description: The students of all campuses and promotions are all students.
*/
WITH summed AS (
  SELECT sum(students) AS students, sum(recruited) AS recruited, sum(apprentices) AS apprentices
  FROM marts.campus_promotions
),
counted AS (
  SELECT
    count(*) AS students,
    count(CASE WHEN recruited_at_event THEN 1 END) AS recruited,
    count(CASE WHEN has_apprenticeship THEN 1 END) AS apprentices
  FROM marts.students
)
SELECT s.students AS summed, c.students AS counted
FROM summed s
CROSS JOIN counted c
WHERE s.students <> c.students OR s.recruited <> c.recruited OR s.apprentices <> c.apprentices
