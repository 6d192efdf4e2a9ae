package io.ecluse.project;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.Registrations;
import io.ecluse.duckdb.EngineColumns;
import io.ecluse.duckdb.EngineParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Columns that are named in vain are found before anything is extracted or built. */
@Timeout(60)
class ColumnCheckTest {
  private static final String HEADER = "/* ecluse\ndescription: Some\n*/\n";

  @TempDir Path folder;

  @BeforeEach
  void project() throws IOException {
    write("ecluse.yaml", "name: some\n");
    write(
        "sources/erp.yaml",
        """
        type: postgres
        connection: { host: h, database: d, user: u, password: "${secret:p}" }
        streams: { students: {}, campuses: {} }
        """);
    write(
        "models/marts/campuses.sql",
        HEADER
            + """
            SELECT c.id, c.name AS campus, count(*) AS students, min(date_trunc('month', s.since)) AS first
            FROM erp.campuses c JOIN erp.students s ON s.campus_id = c.id AND left_at IS NULL
            WHERE s.since > current_date - INTERVAL 1 YEAR
            GROUP BY c.id, c.name
            """);
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private List<String> problems() {
    try (EngineParser parser = new EngineParser();
        EngineColumns columns = new EngineColumns()) {
      return new ProjectReader(parser, Registrations.builtIn().vocabulary())
          .check(folder, columns).problems().stream().map(Problem::toString).toList();
    }
  }

  private List<String> problemsOfTile(String tile) throws IOException {
    write("dashboards/d.yaml", "title: D\ntiles:\n  - id: t\n    title: T\n" + tile.indent(4));
    return problems();
  }

  @Test
  void findsWhatATileNamesButItsQueryDoesNotHave() throws IOException {
    assertThat(
            problemsOfTile(
                """
                kind: bar
                query: select campus, students from marts.campuses
                x: campuss
                y: student
                """))
        .containsExactly(
            "dashboards/d.yaml:7:8: error: x is 'campuss', but the query has no such column (did you"
                + " mean campus?)",
            "dashboards/d.yaml:8:8: error: y is 'student', but the query has no such column (did you"
                + " mean students?)");
    assertThat(
            problemsOfTile(
                """
                kind: stacked_bar
                query: select * from (select campus, students, students as n from marts.campuses) q
                x: campus
                y: N
                series: first
                """))
        .containsExactly(
            "dashboards/d.yaml:9:13: error: series is 'first', but the query has no such column"
                + " (there are campus, students, n)");
    assertThat(problemsOfTile("kind: bar\nquery: select 1 as a, 2 as b, 3 as b\nx: a\ny: b\n"))
        .containsExactly(
            "dashboards/d.yaml:8:8: error: y is 'b', but the query has 2 columns of that name (name"
                + " them apart with AS)");
  }

  @Test
  void findsAMistypedColumnInTheQueryOfATileAndOfAnAudit() throws IOException {
    write("tests/few.sql", "SELECT id\nFROM marts.campuses\nWHERE studnts < 0\n");
    assertThat(
            problemsOfTile(
                """
                kind: table
                query: |
                  with few as (select * from marts.campuses where students < 10)
                  select f.campus, f.campsu from few f
                """))
        .containsExactly(
            "dashboards/d.yaml:6:12: error: There is no column 'campsu' (line 2, column 18 of the"
                + " query) (did you mean campus?)",
            "tests/few.sql:3:7: error: There is no column 'studnts' (did you mean students?)");
  }

  @Test
  void findsColumnsOfHeadersAndOfRelationshipsThatAreNotThere() throws IOException {
    write(
        "models/marts/people.sql",
        """
        /* ecluse
        description: People
        columns:
          id: { tests: [unique] }
          campusid: { tests: [not_null, { relationship: { to: marts.campuses, column: idd } }] }
        */
        SELECT id, campus_id FROM erp.students
        """);
    assertThat(problems())
        .containsExactly(
            "models/marts/people.sql:5:3: error: The model has no column 'campusid' (did you mean"
                + " campus_id?)",
            "models/marts/people.sql:5:79: error: marts.campuses has no column 'idd' (did you mean"
                + " id?)");
  }

  @Test
  void aModelWithSuchAnErrorIsStillBuilt() throws IOException {
    write("models/marts/more.sql", HEADER + "SELECT campuss FROM marts.campuses\n");
    assertThat(problems())
        .containsExactly(
            "models/marts/more.sql:4:8: error: There is no column 'campuss' (did you mean campus?)");
    Project project =
        new ProjectReader(new EngineParser(), Registrations.builtIn().vocabulary())
            .read(folder)
            .orThrow();
    assertThat(project.model("marts.more").sql()).contains("campuss");
  }

  @Test
  void saysNothingOfWhatCannotBeKnown() throws IOException {
    write("models/marts/all_of_it.sql", HEADER + "SELECT * FROM erp.students\n");
    write(
        "models/marts/joined.sql",
        HEADER
            + "SELECT name, first, x.y.z FROM erp.students s JOIN marts.campuses c ON c.id = s.id, erp.campuses x\n");
    write("models/marts/large.sql", HEADER + "SELECT repeat('x', 2000000000) AS x\n");
    assertThat(problemsOfTile("kind: bar\nquery: select * from marts.all_of_it\nx: a\ny: b\n"))
        .isEmpty();
  }
}
