/* ecluse
description: Nobody was present at a lesson more often than they were expected.
*/
SELECT campus, month, weekday, expected, present
FROM marts.attendance_by_month
WHERE present > expected
