/* ecluse
description: Every company that takes apprentices, and how many.
columns:
  company_id: { description: The company., tests: [unique, not_null, { relationship: { to: erp.companies, column: id } }] }
  company: { description: Its name. Sites of one company share it. }
  domain: { description: Its industry. }
  city: { description: Where it is. }
  apprentices: { description: Students with a contract there., tests: [not_null, { range: { min: 1 } }] }
  average_grade: { description: Mean of their averages., tests: [{ range: { min: 0, max: 100 } }] }
*/
SELECT
  c.id AS company_id,
  c.name AS company,
  c.domain,
  c.city,
  count(*) AS apprentices,
  CAST(sum(CAST(g.average_grade AS decimal(18, 9))) AS double) / nullif(count(g.average_grade), 0) AS average_grade
FROM core.apprentices p
JOIN erp.companies c ON c.id = p.company_id
LEFT JOIN core.average_grades g ON g.student_id = p.student_id
GROUP BY c.id, c.name, c.domain, c.city
