package io.ecluse.source.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.source.Discovery;
import io.ecluse.source.Finding;
import io.ecluse.source.SourceInspection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MariaDbInspectionTest extends MariaDbFixture {
  private List<Finding> check(JdbcSettings settings, SourceInspection.WantedStream... wanted) {
    List<Finding> findings = new ArrayList<>();
    new JdbcInspection(JdbcAccess.to(settings, new MariaDbDialect(Clock.systemUTC())))
        .check(List.of(wanted), findings::add);
    return findings;
  }

  private static SourceInspection.WantedStream wants(String name, String key, String cursor) {
    return new SourceInspection.WantedStream(
        name, List.of(key), Optional.of(cursor).filter(c -> !c.isEmpty()));
  }

  private static List<String> states(List<Finding> findings) {
    return findings.stream().map(f -> f.check() + " " + f.state()).toList();
  }

  @Test
  void findsWhatThereIsAndWhoItIsAbout() throws SQLException {
    fill(
        "CREATE TABLE students (id INT PRIMARY KEY, email VARCHAR(60), duration TIME, updated_at DATETIME) COMMENT 'Everybody'",
        "INSERT INTO students (id) VALUES (1), (2)",
        "CREATE TABLE old_log (line TEXT) ENGINE=MyISAM",
        "CREATE VIEW names AS SELECT email FROM students");

    Discovery found =
        new JdbcInspection(JdbcAccess.to(settings(), new MariaDbDialect(Clock.systemUTC())))
            .discover((what, done, total) -> {});

    assertThat(found.system()).startsWith("MariaDB 11.4");
    assertThat(found.leftOut()).extracting(Discovery.LeftOut::name).containsExactly("names");
    assertThat(found.streams())
        .extracting(Discovery.Found::name)
        .containsExactly("old_log", "students");
    Discovery.Found students = found.streams().get(1);
    assertThat(students.description()).isEqualTo("Everybody");
    assertThat(students.primaryKey()).containsExactly("id");
    assertThat(students.bytes()).isPositive();
    assertThat(students.notes()).containsExactly("perhaps mode: incremental by cursor: updated_at");
    assertThat(students.columns().get(1).personal().orElseThrow().category()).isEqualTo("contact");
    assertThat(students.columns().get(2).landing().orElseThrow()).contains("lands as text");
    assertThat(found.streams().get(0).notes())
        .containsExactly("no primary key", "of an engine without snapshots");
  }

  @Test
  void checksWhatAnExtractNeeds() throws SQLException {
    fill(
        "CREATE TABLE orders (id INT PRIMARY KEY, changed DATETIME, other DATETIME, KEY (changed))",
        "CREATE TABLE old_log (line TEXT) ENGINE=MyISAM");
    JdbcSettings settings = settings();

    assertThat(states(check(Settings.over(2, settings), wants("orders", "id", "changed"))))
        .containsExactly(
            "connection OK",
            "streams OK",
            "select OK",
            "cursor OK",
            "snapshot OK",
            "connections NOTE");
    assertThat(check(settings))
        .filteredOn(f -> f.check().equals("snapshot"))
        .singleElement()
        .satisfies(f -> assertThat(f.found()).startsWith("old_log are of an engine without"));
    List<Finding> wrong =
        check(settings, wants("orders", "changed", "other"), wants("lessons", "id", ""));
    assertThat(states(wrong))
        .containsExactly(
            "connection OK",
            "streams PROBLEM",
            "select OK",
            "primary_key PROBLEM",
            "cursor NOTE",
            "snapshot OK");
    assertThat(wrong.get(1).found()).isEqualTo("there is no table lessons");
    assertThat(wrong.get(1).remedy().get(0)).contains("old_log, orders");
  }

  @Test
  void tellsThatNobodyAnswersOrThatThePasswordIsWrong() {
    JdbcSettings nobody =
        settings(
            MariaDbType.url("127.0.0.1:1", "school", "disable", Duration.ofSeconds(5)), password());

    assertThat(states(check(nobody))).containsExactly("connection UNREACHABLE");
    List<Finding> wrong = check(settings(url(), "not-the-password"));
    assertThat(states(wrong)).containsExactly("connection PROBLEM");
    assertThat(wrong.get(0).found()).contains("wrong password").doesNotContain("not-the-password");
  }
}
