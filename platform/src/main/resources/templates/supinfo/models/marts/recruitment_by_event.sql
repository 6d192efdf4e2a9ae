/* ecluse
description: What every event brought. A prospect counts at each event they came to, a student at the first.
columns:
  event_id: { description: The event., tests: [unique, not_null] }
  event_type: { description: "salon, PO or immersion.", tests: [{ accepted_values: [salon, PO, immersion] }] }
  event_date: { description: The day. }
  campus: { description: The campus that held it. }
  description: { description: What it was. }
  prospects: { description: Whom the school met., tests: [not_null, { range: { min: 0 } }] }
  enrolled: { description: Who became students., tests: [not_null, { range: { min: 0 } }] }
  average_grade: { description: Mean of the averages of who became students., tests: [{ range: { min: 0, max: 100 } }] }
*/
WITH prospects AS (
  SELECT event_id, count(*) AS prospects
  FROM erp.audiences
  GROUP BY event_id
),
enrolled AS (
  SELECT event_id, count(*) AS enrolled, CAST(sum(CAST(average_grade AS decimal(18, 9))) AS double) / nullif(count(average_grade), 0) AS average_grade
  FROM marts.students
  WHERE recruited_at_event
  GROUP BY event_id
)
SELECT
  e.id AS event_id,
  e.type AS event_type,
  e.date AS event_date,
  c.name AS campus,
  e.description,
  coalesce(p.prospects, 0) AS prospects,
  coalesce(n.enrolled, 0) AS enrolled,
  n.average_grade
FROM erp.events e
LEFT JOIN erp.campuses c ON c.id = e.campus_id
LEFT JOIN prospects p ON p.event_id = e.id
LEFT JOIN enrolled n ON n.event_id = e.id
