-- Each student's campus and average, as a Spark job of one's own: several statements, each after its semicolon.
-- The tables of the run are under their plain names, and what is written is tested and published with the run.
CREATE OR REPLACE TEMPORARY VIEW averages AS
SELECT student_id,
  CAST(sum(CAST(grade AS decimal(9, 4))) AS double) / nullif(count(grade), 0) AS average_grade
FROM erp.grades
GROUP BY student_id;

CREATE OR REPLACE TABLE programs.averages_in_sql USING iceberg AS
SELECT s.id AS student_id, c.name AS campus, a.average_grade
FROM erp.students s
LEFT JOIN erp.campuses c ON c.id = s.campus_id
LEFT JOIN averages a ON a.student_id = s.id
ORDER BY s.id;
