/* ecluse
description: Apprenticeships of every region and promotion, beside the companies there.
columns:
  region: { description: The region., tests: [not_null] }
  promotion: { description: Year of studies., tests: [not_null] }
  students: { description: How many., tests: [not_null, { range: { min: 1 } }] }
  apprentices: { description: How many have an apprenticeship., tests: [not_null, { range: { min: 0 } }] }
  apprenticeship_rate: { description: "apprentices by students.", tests: [not_null, { range: { min: 0, max: 1 } }] }
  apprentice_average: { description: Mean of the averages of those with one. }
  other_average: { description: Mean of the averages of those without. }
*/
SELECT
  coalesce(region, '?') AS region,
  coalesce(promotion, '?') AS promotion,
  count(*) AS students,
  count(CASE WHEN has_apprenticeship THEN 1 END) AS apprentices,
  avg(CAST(CASE WHEN has_apprenticeship THEN 1 ELSE 0 END AS double)) AS apprenticeship_rate,
  CAST(sum(CAST(CASE WHEN has_apprenticeship THEN average_grade END AS decimal(18, 9))) AS double) / nullif(count(CASE WHEN has_apprenticeship THEN average_grade END), 0) AS apprentice_average,
  CAST(sum(CAST(CASE WHEN NOT has_apprenticeship THEN average_grade END AS decimal(18, 9))) AS double) / nullif(count(CASE WHEN NOT has_apprenticeship THEN average_grade END), 0) AS other_average
FROM marts.students
GROUP BY coalesce(region, '?'), coalesce(promotion, '?')
