package io.ecluse.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.ecluse.Servers;
import io.ecluse.error.EcluseException;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ErpGeneratorTest {
  /** Of every table, a digest of all rows, whatever their order. */
  private static Map<String, String> digests(String database) {
    Map<String, String> digests = new TreeMap<>();
    for (String table : ErpTables.read().names()) {
      digests.put(
          table,
          DemoErps.value(
              database,
              "SELECT md5(string_agg(t::text, ',' ORDER BY t::text COLLATE \"C\")) FROM %s t"
                  .formatted(table)));
    }
    return digests;
  }

  @Test
  void theSameSeedGivesTheSameRowsOnEveryMachine() throws SQLException {
    Map<String, String> first = digests(DemoErps.generated(7, 0.02));
    assertThat(digests(DemoErps.generated(7, 0.02))).isEqualTo(first);
    assertThat(first.get("students")).isEqualTo("8fe06611cbf414a9dc618581bc7d46d2");
    assertThat(first.get("attendances")).isEqualTo("53a466c760841aaa9b6a5584e6655e64");
    assertThat(first.get("grades")).isEqualTo("2e993019342daff2effde856fd0777a9");
  }

  @Test
  void anotherSeedGivesOtherRows() throws SQLException {
    Map<String, String> first = digests(DemoErps.generated(7, 0.02));
    Map<String, String> second = digests(DemoErps.generated(8, 0.02));
    second.forEach(
        (table, digest) -> {
          if (!table.equals("subjects")) {
            assertThat(first.get(table)).as(table).isNotEqualTo(digest);
          }
        });
  }

  @Test
  void scaleOneIsTheSchoolOfTheDesign() throws SQLException {
    String database = DemoErps.generated(ErpFill.Generated.DEFAULT_SEED, 1);
    Map<String, Integer> expected =
        Map.of(
            "campuses", 4,
            "professors", 220,
            "students", 10_000,
            "audiences", 4_500,
            "events", 120,
            "subjects", 55,
            "lessons", 1_100,
            "grades", 110_000,
            "companies", 1_000,
            "apprenticeships", 3_300);
    expected.forEach(
        (table, rows) ->
            assertThat(count(database, table))
                .as(table)
                .isCloseTo(rows, within((int) (rows * 0.07))));
    assertThat(count(database, "attendances")).isCloseTo(550_000, within(30_000));
  }

  @Test
  void everyScaleHasASchool() throws SQLException {
    assertThat(count(DemoErps.generated(1, 0.0001), "students")).isEqualTo(1);
    String database = DemoErps.generated(1, 2);
    assertThat(count(database, "students")).isEqualTo(20_000);
    assertThat(count(database, "campuses")).isEqualTo(5);
    assertThat(DemoErps.value(database, "SELECT max(id) - count(*) FROM attendances"))
        .isEqualTo("0");
  }

  @Test
  void whenOneTableFailsNothingIsLeftOfTheOthers() throws SQLException {
    String database = Servers.newDatabase();
    Servers.execute(database, "CREATE TABLE grades (other integer)");
    ErpGenerator generator = new ErpGenerator(new ErpFill.Generated(1, 1));
    assertThatThrownBy(
            () -> generator.fill(() -> Servers.server().connect(database), FillListener.SILENT))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("grades");
    assertThat(count(database, "pg_tables WHERE schemaname = 'public'")).isEqualTo(1);
  }

  @Test
  void aScaleThatIsNoneIsRefused() {
    assertThatThrownBy(() -> new ErpFill.Generated(1, 0)).isInstanceOf(EcluseException.class);
    assertThatThrownBy(() -> new ErpFill.Generated(1, Double.NaN))
        .isInstanceOf(EcluseException.class)
        .hasMessage("The scale must be above 0 and at most 1000, but is NaN");
  }

  @Test
  void studentsAttendOnlyLessonsOfTheirYearAtTheirCampus() throws SQLException {
    String database = DemoErps.generated(3, 0.05);
    assertThat(
            DemoErps.value(
                database,
                """
                SELECT count(*) FROM attendances a
                JOIN students s ON s.id = a.student_id
                JOIN lessons l ON l.id = a.lesson_id
                WHERE l.campus_id <> s.campus_id OR l.date < s.join_date OR l.date > s.left_date
                  OR left(l.subject_id, 1)::int <> array_position(
                    ARRAY['ASC1', 'ASC2', 'BSC', 'MSC1', 'MSC2'], s.promotion::text)"""))
        .isEqualTo("0");
    assertThat(
            DemoErps.value(
                database, "SELECT count(*) FROM lessons WHERE extract(isodow FROM date) > 5"))
        .isEqualTo("0");
    assertThat(
            DemoErps.value(database, "SELECT count(*) FROM students WHERE left_date < join_date"))
        .isEqualTo("0");
  }

  private static int count(String database, String table) {
    return (int) DemoErps.number(database, "SELECT count(*) FROM " + table);
  }
}
