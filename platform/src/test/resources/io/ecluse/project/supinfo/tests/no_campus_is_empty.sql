/* ecluse
description: Every campus has students.
*/
SELECT campus FROM marts.campuses WHERE students = 0
