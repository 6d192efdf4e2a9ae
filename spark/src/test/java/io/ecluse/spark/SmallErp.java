package io.ecluse.spark;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * The eleven tables of the ERP with a few hundred students, as Parquet files. Everything that the
 * engines could disagree on is in it: NULL in every column that may have it, ties, letters of both
 * cases, students without grades, all days of the week, events nobody came to.
 */
final class SmallErp {
  static final List<String> TABLES =
      List.of(
          "campuses",
          "professors",
          "students",
          "audiences",
          "events",
          "subjects",
          "lessons",
          "attendances",
          "grades",
          "companies",
          "apprenticeships");

  private static final String PROMOTIONS = "['ASC1', 'ASC2', 'BSC', 'MSC1', 'MSC2']";

  private static final List<String> ROWS =
      List.of(
          """
          campuses AS SELECT i::INTEGER AS id, 'Campus ' || i AS name, i || ' rue' AS address, 'Ville ' || i AS city,
            '7500' || i AS zip, CASE WHEN i <> 5 THEN 'Région ' || i % 3 END AS region, 'France' AS country
          FROM range(1, 7) t(i)""",
          """
          professors AS SELECT i::INTEGER AS id, 'P' || i AS first_name, 'Q' || i AS last_name, 'p' || i || '@school.example' AS email,
            CASE i % 2 WHEN 0 THEN 'M.' ELSE 'Mme' END AS gender, DATE '1970-01-01' + (i * 97)::INTEGER AS date_of_birth,
            '1MAT' AS subject_id, (1 + i % 6)::INTEGER AS campus_id
          FROM range(1, 21) t(i)""",
          """
          students AS SELECT i::INTEGER AS id, CASE WHEN i % 50 <> 0 THEN 'Zoë' || i END AS first_name, 'O''Hara "' || i || '"' AS last_name,
            's' || i || '@school.example' AS email,
            CASE WHEN i % 9 = 0 THEN NULL WHEN i % 7 = 0 THEN upper('s' || i || '@prepa.example')
              ELSE 's' || i || '@' || ['mail.example', 'Prepa.example', 'rare' || i || '.example'][1 + i % 3] END AS personal_email,
            CASE i % 2 WHEN 0 THEN 'M.' ELSE 'Mme' END AS gender, DATE '2000-02-28' + (i * 3)::INTEGER AS date_of_birth,
            DATE '2021-09-01' + (i % 400)::INTEGER AS join_date,
            CASE WHEN i % 4 = 0 THEN DATE '2022-01-15' + (i % 500)::INTEGER END AS left_date,
            CASE WHEN i % 37 <> 0 THEN 1 + i % 6 END::INTEGER AS campus_id,
            CASE WHEN i % 41 <> 0 THEN %s[1 + i %% 5] END AS promotion
          FROM range(1, 601) t(i)"""
              .replace("%s", PROMOTIONS)
              .replace("%%", "%"),
          """
          audiences AS SELECT i::INTEGER AS id, 'A' || i AS first_name, 'B' || i AS last_name,
            CASE WHEN i % 11 = 0 THEN NULL WHEN i % 2 = 0 THEN upper(s.personal_email) WHEN i % 5 = 0 THEN 'nobody' || i || '@mail.example'
              ELSE s.personal_email END AS email, 'M.' AS gender, DATE '2001-01-01' AS date_of_birth,
            CASE WHEN i % 13 <> 0 THEN 1 + i % 22 END::INTEGER AS event_id
          FROM range(1, 501) t(i) JOIN students s ON s.id = 1 + (i * 7) % 400""",
          """
          events AS SELECT i::INTEGER AS id, ['salon', 'PO', 'immersion'][1 + i % 3] AS type,
            CASE WHEN i % 10 <> 0 THEN DATE '2021-01-10' + (i % 6 * 30)::INTEGER END AS date,
            CASE WHEN i % 8 <> 0 THEN 1 + i % 6 END::INTEGER AS campus_id, 'Hall ' || i AS location,
            CASE WHEN i % 6 <> 0 THEN 'Événement ' || i END AS description
          FROM range(1, 25) t(i)""",
          """
          subjects AS SELECT (1 + i % 5) || 'SU' || chr((65 + i)::INTEGER) AS id, 'Subject ' || i AS name, %s[1 + i %% 5] AS level
          FROM range(0, 15) t(i)"""
              .replace("%s", PROMOTIONS)
              .replace("%%", "%"),
          """
          lessons AS SELECT i::INTEGER AS id, CASE WHEN i % 29 <> 0 THEN DATE '2022-01-01' + (i % 70)::INTEGER END AS date,
            (1 + i % 5) || 'SU' || chr((65 + i % 13)::INTEGER) AS subject_id, (1 + i % 20)::INTEGER AS professor_id,
            CASE WHEN i % 23 <> 0 THEN 1 + i % 6 END::INTEGER AS campus_id
          FROM range(1, 141) t(i)""",
          """
          attendances AS SELECT i::INTEGER AS id, (1 + i % 140)::INTEGER AS lesson_id,
            CASE WHEN i % 101 <> 0 THEN 1 + (i * 7) % 590 END::INTEGER AS student_id,
            CASE WHEN i % 97 <> 0 THEN (i * 31) % 100 < 85 END AS present
          FROM range(1, 12001) t(i)""",
          """
          grades AS SELECT i::INTEGER AS id, CASE WHEN i % 89 <> 0 THEN 1 + (i * 7) % 580 END::INTEGER AS student_id,
            (1 + i % 5) || 'SU' || chr((65 + i % 13)::INTEGER) AS subject_id, CASE WHEN i % 2 = 0 THEN DATE '2022-03-01' END AS date,
            CASE WHEN i % 61 <> 0 THEN round(30 + (i * 37) % 700 / 10.0, 1) END::REAL AS grade
          FROM range(1, 5001) t(i)""",
          """
          companies AS SELECT i::INTEGER AS id, 'Company ' || i % 25 AS name, '01' AS phone, 'c' || i || '@c.example' AS email,
            CASE WHEN i % 5 <> 0 THEN 'Domain ' || i % 4 END AS domain, i || ' quai' AS address, 'Ville ' || i % 6 AS city,
            '69000' AS zip, 'France' AS country
          FROM range(1, 41) t(i)""",
          """
          apprenticeships AS SELECT i::INTEGER AS id, CASE WHEN i % 53 <> 0 THEN 1 + (i * 3) % 500 END::INTEGER AS student_id,
            CASE WHEN i % 19 <> 0 THEN 1 + i % 45 END::INTEGER AS company_id,
            CASE WHEN i % 17 <> 0 THEN DATE '2022-09-01' + (i % 3 * 180)::INTEGER END AS start_date, NULL::DATE AS end_date
          FROM range(1, 301) t(i)""");

  private SmallErp() {}

  /**
   * Makes the schema {@code erp} in a DuckDB and, of each table, the file {@code TABLE.parquet}.
   */
  static void write(Connection duckdb, Path folder) throws SQLException {
    try (Statement statement = duckdb.createStatement()) {
      statement.execute("CREATE SCHEMA erp");
      statement.execute("SET search_path = 'erp'");
      for (String rows : ROWS) {
        statement.execute("CREATE TABLE erp." + rows);
      }
      statement.execute("SET search_path = 'main'");
      for (String table : TABLES) {
        statement.execute(
            "COPY erp.%s TO '%s' (FORMAT parquet)"
                .formatted(table, folder.resolve(table + ".parquet")));
      }
    }
  }
}
