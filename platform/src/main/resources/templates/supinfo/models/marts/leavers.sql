/* ecluse
description: >
  Who left, by month, campus, and what stood out in them before: grades below 50, attendance below 75 %, or
  neither. A reason is a hint and not a cause. Students whose last day is before their first are a mistake of
  the ERP and not counted.
columns:
  month: { description: First day of the month., tests: [not_null] }
  campus: { description: The campus's name., tests: [not_null] }
  reason: { description: What stood out., tests: [not_null, { accepted_values: [low grades, low attendance, both, neither] }] }
  leavers: { description: How many., tests: [not_null, { range: { min: 1 } }] }
*/
WITH leavers AS (
  SELECT
    CAST(date_trunc('month', left_date) AS date) AS month,
    coalesce(campus, '?') AS campus,
    CASE
      WHEN average_grade < 50 AND attendance_rate < 0.75e0 THEN 'both'
      WHEN average_grade < 50 THEN 'low grades'
      WHEN attendance_rate < 0.75e0 THEN 'low attendance'
      ELSE 'neither'
    END AS reason
  FROM marts.students
  WHERE left_date >= join_date
)
SELECT month, campus, reason, count(*) AS leavers
FROM leavers
GROUP BY month, campus, reason
