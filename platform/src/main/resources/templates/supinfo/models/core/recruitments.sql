/* ecluse
description: >
  The students whom the school met at an event before, once each, with that event. A prospect became a
  student when their e-mail, ignoring case, is the student's personal e-mail. Of several events the
  earliest counts, then the one with the lower id.
columns:
  student_id: { description: The student., tests: [unique, not_null, { relationship: { to: erp.students, column: id } }] }
  event_id: { description: The event that counts., tests: [not_null] }
  event_type: { description: "salon (a fair), PO (an open day) or immersion (a day in class)." }
  event_date: { description: The day of the event. }
  events_met: { description: At how many events they were met., tests: [{ range: { min: 1 } }] }
*/
WITH meetings AS (
  SELECT DISTINCT
    s.id AS student_id,
    a.event_id
  FROM erp.students s
  JOIN erp.audiences a ON lower(a.email) = lower(s.personal_email)
  WHERE a.event_id IS NOT NULL
),
ranked AS (
  SELECT
    m.student_id,
    m.event_id,
    e.type AS event_type,
    e.date AS event_date,
    count(*) OVER (PARTITION BY m.student_id) AS events_met,
    row_number() OVER (PARTITION BY m.student_id ORDER BY e.date ASC NULLS LAST, m.event_id ASC NULLS LAST) AS place
  FROM meetings m
  LEFT JOIN erp.events e ON e.id = m.event_id
)
SELECT
  student_id,
  event_id,
  event_type,
  event_date,
  events_met
FROM ranked
WHERE place = 1
