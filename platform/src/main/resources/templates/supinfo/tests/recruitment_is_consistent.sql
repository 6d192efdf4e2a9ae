/* ecluse
description: Who was recruited has an event, who was not has none; likewise for apprenticeships and companies.
*/
SELECT student_id, recruited_at_event, event_id, has_apprenticeship, company
FROM marts.students
WHERE (recruited_at_event AND event_id IS NULL)
  OR (NOT recruited_at_event AND (event_id IS NOT NULL OR event_type IS NOT NULL))
  OR (NOT has_apprenticeship AND company IS NOT NULL)
