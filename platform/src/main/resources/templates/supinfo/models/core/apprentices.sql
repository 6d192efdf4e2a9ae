/* ecluse
description: The students with an apprenticeship, once each, with the company of the latest one.
columns:
  student_id: { description: The student., tests: [unique, not_null] }
  company_id: { description: The company. }
  company: { description: Its name. }
  company_city: { description: Where it is. }
  start_date: { description: First day of the contract. }
*/
WITH ranked AS (
  SELECT
    a.student_id,
    a.company_id,
    c.name AS company,
    c.city AS company_city,
    a.start_date,
    row_number() OVER (PARTITION BY a.student_id ORDER BY a.start_date DESC NULLS LAST, a.id ASC NULLS LAST) AS place
  FROM erp.apprenticeships a
  LEFT JOIN erp.companies c ON c.id = a.company_id
  WHERE a.student_id IS NOT NULL
)
SELECT
  student_id,
  company_id,
  company,
  company_city,
  start_date
FROM ranked
WHERE place = 1
