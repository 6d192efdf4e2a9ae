/* ecluse
description: One row per student, with all that the school asks of them.
columns:
  student_id: { description: The student., tests: [unique, not_null] }
  first_name: { description: First name. }
  last_name: { description: Last name. }
  email: { description: The address the school gave. }
  gender: { description: "M. or Mme.", tests: [{ accepted_values: ["M.", Mme] }] }
  date_of_birth: { description: Date of birth. }
  join_date: { description: First day at the school. }
  left_date: { description: "Last day; empty for who is still there." }
  campus: { description: The campus's name. }
  region: { description: The campus's region. }
  promotion: { description: Year of studies., tests: [{ accepted_values: [ASC1, ASC2, BSC, MSC1, MSC2] }] }
  average_grade: { description: "Mean of their grades, 0 to 100; NULL without grades.", tests: [{ range: { min: 0, max: 100 } }] }
  attendance_rate: { description: "Part of their lessons at which they were present, 0 to 1.", tests: [{ range: { min: 0, max: 1 } }] }
  recruited_at_event: { description: Whether the school met them at an event before., tests: [not_null] }
  event_id: { description: "That event, the earliest of several.", tests: [{ relationship: { to: erp.events, column: id } }] }
  event_type: { description: "salon, PO or immersion.", tests: [{ accepted_values: [salon, PO, immersion] }] }
  has_apprenticeship: { description: Whether they have an apprenticeship., tests: [not_null] }
  company: { description: "The company of their apprenticeship, the latest of several." }
*/
SELECT
  s.id AS student_id,
  s.first_name,
  s.last_name,
  s.email,
  s.gender,
  s.date_of_birth,
  s.join_date,
  s.left_date,
  c.name AS campus,
  c.region,
  s.promotion,
  g.average_grade,
  a.attendance_rate,
  r.student_id IS NOT NULL AS recruited_at_event,
  r.event_id,
  r.event_type,
  p.student_id IS NOT NULL AS has_apprenticeship,
  p.company
FROM erp.students s
LEFT JOIN erp.campuses c ON c.id = s.campus_id
LEFT JOIN core.average_grades g ON g.student_id = s.id
LEFT JOIN core.attendance_rates a ON a.student_id = s.id
LEFT JOIN core.recruitments r ON r.student_id = s.id
LEFT JOIN core.apprentices p ON p.student_id = s.id
