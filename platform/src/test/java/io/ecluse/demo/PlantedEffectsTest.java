package io.ecluse.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import io.ecluse.Servers;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Every effect that {@code docs/demo-data.md} promises is in the data of the default fill, of about
 * the size it says, and far from chance: Welch's t of each difference is beyond 5.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PlantedEffectsTest {
  private static final double SURE = 5;

  private String database;

  @BeforeAll
  void fill() throws SQLException {
    database = DemoErps.generated(ErpFill.Generated.DEFAULT_SEED, 1);
    Servers.execute(
        database,
        """
        CREATE TABLE facts AS
        WITH met AS (
          SELECT DISTINCT ON (s.id) s.id, e.type
          FROM students s
          JOIN audiences a ON lower(a.email) = lower(s.personal_email)
          JOIN events e ON e.id = a.event_id
          ORDER BY s.id, e.date, e.id
        )
        SELECT s.*, c.region, c.city IN ('Cesson-Sévigné', 'Villeneuve-d''Ascq') AS out_of_town,
          split_part(s.personal_email, '@', 2) AS origin, coalesce(m.type, 'none') AS met,
          a.student_id IS NOT NULL AS apprentice, g.average, p.rate
        FROM students s
        JOIN campuses c ON c.id = s.campus_id
        LEFT JOIN met m ON m.id = s.id
        LEFT JOIN apprenticeships a ON a.student_id = s.id
        LEFT JOIN (SELECT student_id, avg(grade) average FROM grades GROUP BY 1) g ON g.student_id = s.id
        LEFT JOIN (SELECT student_id, avg(present::int) rate FROM attendances GROUP BY 1) p ON p.student_id = s.id
        WHERE s.join_date < '2026-07-01';
        CREATE TABLE visits AS
        SELECT l.date, a.present::int AS present FROM attendances a JOIN lessons l ON l.id = a.lesson_id""");
  }

  /** The mean of a group less that of another, and how sure that is. */
  private record Difference(double size, double t) {
    void isAbout(double expected, double tolerance) {
      assertThat(size).isEqualTo(expected, offset(tolerance));
      assertThat(Math.abs(t)).isGreaterThan(SURE);
    }

    void isNothing(double tolerance) {
      assertThat(size).isEqualTo(0, offset(tolerance));
    }
  }

  private Difference difference(String value, String from, String one, String other) {
    String sql =
        """
        SELECT a.m - b.m, (a.m - b.m) / sqrt(a.v / a.n + b.v / b.n)
        FROM (SELECT avg(%1$s)::float8 m, var_samp(%1$s)::float8 v, count(%1$s) n FROM %2$s WHERE %3$s) a,
          (SELECT avg(%1$s)::float8 m, var_samp(%1$s)::float8 v, count(%1$s) n FROM %2$s WHERE %4$s) b"""
            .formatted(value, from, one, other);
    try (Connection connection = Servers.server().connect(database);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return new Difference(row.getDouble(1), row.getDouble(2));
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  private double number(String sql) {
    return DemoErps.number(database, sql);
  }

  private Difference grades(String one, String other) {
    return difference("average", "facts", one, other);
  }

  @Test
  void gradesAreGaussianOfMean60AndDeviation15() {
    assertThat(number("SELECT avg(grade) FROM grades")).isEqualTo(60, offset(0.5));
    assertThat(number("SELECT stddev(grade) FROM grades")).isEqualTo(15, offset(0.3));
    assertThat(number("SELECT min(grade) FROM grades")).isBetween(0.0, 10.0);
    assertThat(number("SELECT max(grade) FROM grades")).isEqualTo(100);
  }

  @Test
  void studentsArePresent85PercentOfTheTime() {
    assertThat(number("SELECT avg(present) FROM visits")).isEqualTo(0.85, offset(0.005));
  }

  @Test
  void whoComesMoreHasBetterGrades() {
    assertThat(number("SELECT regr_slope(average, rate) FROM facts")).isBetween(28.0, 48.0);
    double correlation = number("SELECT corr(average, rate) FROM facts");
    double students = number("SELECT regr_count(average, rate) FROM facts");
    double t = correlation * Math.sqrt((students - 2) / (1 - correlation * correlation));
    assertThat(t).isGreaterThan(SURE);
  }

  @Test
  void theInstitutionOfOriginTellsInGrades() {
    grades("origin = 'prepa.example'", "origin = 'lycee.example'").isAbout(5, 1);
    grades("origin = 'iut.example'", "origin = 'lycee.example'").isAbout(2, 1);
    grades("origin = 'universite.example'", "origin = 'lycee.example'").isAbout(-2, 1);
    grades("origin = 'courriel.example'", "origin = 'lycee.example'").isNothing(1);
  }

  @Test
  void howStudentsWereMetTellsInGrades() {
    grades("met = 'immersion'", "met = 'none'").isAbout(5, 1.2);
    grades("met = 'PO'", "met = 'none'").isAbout(3, 1);
    grades("met = 'salon'", "met = 'none'").isNothing(1);
  }

  @Test
  void regionsDifferInGrades() {
    grades("region = 'Pays de la Loire'", "region = 'Île-de-France'").isAbout(4.5, 1);
    grades("region = 'Pays de la Loire'", "region = 'Hauts-de-France'").isAbout(3, 1);
  }

  @Test
  void apprenticesHaveBetterGrades() {
    grades("apprentice", "NOT apprentice").isAbout(4, 1);
  }

  @Test
  void whoStudiesOutOfTownComesLess() {
    difference("rate", "facts", "out_of_town", "NOT out_of_town").isAbout(-0.05, 0.01);
  }

  @Test
  void winterAndTheEdgesOfTheWeekKeepStudentsAway() {
    String winter = "extract(month FROM date) IN (12, 1, 2)";
    String edge = "extract(isodow FROM date) IN (1, 5)";
    difference("present", "visits", winter, "NOT " + winter).isAbout(-0.06, 0.01);
    difference("present", "visits", edge, "NOT " + edge).isAbout(-0.04, 0.01);
  }

  @Test
  void eventsDifferInHowManyEnrol() {
    Servers.execute(
        database,
        """
        CREATE TABLE prospects AS
        SELECT e.type, EXISTS (
          SELECT 1 FROM students s WHERE s.personal_email = lower(a.email))::int AS enrolled
        FROM audiences a JOIN events e ON e.id = a.event_id""");
    assertThat(number("SELECT avg(enrolled) FROM prospects")).isEqualTo(0.56, offset(0.03));
    difference("enrolled", "prospects", "type = 'PO'", "type = 'salon'").isAbout(0.30, 0.06);
    difference("enrolled", "prospects", "type = 'immersion'", "type = 'PO'").isAbout(0.15, 0.06);
  }

  @Test
  void whoLeavesHadLowerGradesAndCameLess() {
    grades("left_date IS NOT NULL", "left_date IS NULL").isAbout(-8, 2);
    difference("rate", "facts", "left_date IS NOT NULL", "left_date IS NULL").isAbout(-0.05, 0.015);
  }

  @Test
  void whoStudiesOutOfTownOrIsNewLeavesMoreOften() {
    String left = "(left_date IS NOT NULL)::int";
    assertThat(number("SELECT avg(%s) FROM facts".formatted(left))).isEqualTo(0.14, offset(0.02));
    difference(left, "facts", "out_of_town", "NOT out_of_town").isAbout(0.08, 0.03);
    difference(left, "facts", "promotion = 'ASC1'", "promotion <> 'ASC1'").isAbout(0.06, 0.03);
  }

  @Test
  void apprenticeshipsFollowTheCompaniesInTown() {
    String has = "apprentice::int";
    assertThat(number("SELECT avg(apprentice::int) FROM facts")).isEqualTo(0.333, offset(0.015));
    difference(has, "facts", "region = 'Île-de-France'", "region = 'Bretagne'").isAbout(0.15, 0.04);
    difference(has, "facts", "promotion = 'MSC2'", "promotion = 'ASC1'").isAbout(0.33, 0.05);
    assertThat(
            number(
                """
                SELECT corr(rate, density) FROM (
                  SELECT f.campus_id, avg(apprentice::int) AS rate,
                    max(c.companies)::float8 / count(*) AS density
                  FROM facts f
                  JOIN campuses p ON p.id = f.campus_id
                  JOIN (SELECT city, count(*) AS companies FROM companies GROUP BY city) c
                    ON p.name = 'Supinfo ' || c.city
                  GROUP BY f.campus_id) x"""))
        .isGreaterThan(0.9);
  }

  @Test
  void apprenticesWorkInTheirCity() {
    assertThat(
            number(
                """
                SELECT count(*) FROM apprenticeships a
                JOIN students s ON s.id = a.student_id
                JOIN campuses p ON p.id = s.campus_id
                JOIN companies c ON c.id = a.company_id
                WHERE p.name <> 'Supinfo ' || c.city"""))
        .isZero();
  }

  @Test
  void aFewCompaniesTakeManyApprentices() {
    assertThat(
            number(
                """
                SELECT sum(n) FILTER (WHERE place <= 0.1) / sum(n) FROM (
                  SELECT count(*) n, percent_rank() OVER (ORDER BY count(*) DESC) AS place
                  FROM apprenticeships GROUP BY company_id) x"""))
        .isGreaterThan(0.2);
  }
}
