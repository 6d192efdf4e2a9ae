/* ecluse
description: One row per campus.
*/
SELECT campus, count(*) AS students FROM marts.students GROUP BY campus
