package io.ecluse.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.Servers;
import io.ecluse.schema.DriftPolicy;
import io.ecluse.source.Source;
import io.ecluse.source.StreamPlan;
import io.ecluse.source.TableContract;
import io.ecluse.source.Terms;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PostgresContractTest extends TableContract {
  private static final int NOBODY = 1;

  private final String database = Servers.newDatabase();

  @Override
  protected Source source() {
    String people =
        PEOPLE.stream()
            .map(
                p ->
                    "(%d, %s, %s, %s)"
                        .formatted(p.id(), text(p.name()), text(p.born()), text(p.grade())))
            .collect(Collectors.joining(", "));
    Servers.execute(
        database,
        """
        CREATE TABLE people (id int, name text, born date, grade numeric(10,2));
        INSERT INTO people VALUES %s;
        CREATE TABLE empty (id int, name text);
        CREATE TABLE marks AS
          SELECT i AS id, 'mark ' || (i * 7919::bigint) %% 1009 || ' é' AS mark FROM generate_series(0, %d) t(i);
        """
            .formatted(people, MARKS - 1));
    return source(database, Servers.server().port(), Servers.server().password());
  }

  @Test
  void leavesAReceiptOfWhatItCost() {
    assertThat(receipt(source()))
        .containsKeys(
            "impact_bytes_sent",
            "impact_probe_before_ms",
            "impact_server_blocks_hit",
            "impact_server_running_ms_sampled",
            "impact_server_disk_ms_sampled",
            "impact_server_sending_ms_sampled");
  }

  private static String text(String value) {
    return value.isEmpty() ? "NULL" : "'" + value.replace("'", "''") + "'";
  }

  @Override
  protected Source unreachable() {
    return source("postgres", NOBODY, "x");
  }

  @Override
  protected Source refused() {
    return source("postgres", Servers.server().port(), "not-the-password");
  }

  @Override
  protected void change(String... statements) {
    Servers.execute(database, String.join("; ", statements));
  }

  @Override
  protected String timeType() {
    return "timestamp";
  }

  @Override
  protected Source orders(StreamPlan plan, DriftPolicy drift) {
    PostgresSourceSettings plain =
        settings(database, Servers.server().port(), Servers.server().password());
    Terms as = plain.terms();
    return source(
        new PostgresSourceSettings(
            plain.name(),
            plain.server(),
            plain.schema(),
            plain.session(),
            new Terms(Map.of(ORDERS, plan), drift, as.limits(), 0, as.compare()),
            plain.rangePages()));
  }

  private Source source(String database, int port, String password) {
    return source(settings(database, port, password));
  }

  private static PostgresSourceSettings settings(String database, int port, String password) {
    return LocalErp.plain(
        "school",
        LocalErp.server(port, database, Servers.server().user(), password),
        "public",
        2,
        Duration.ofMinutes(5),
        Duration.ofSeconds(5));
  }

  private Source source(PostgresSourceSettings settings) {
    return new PostgresSource(settings, stage());
  }
}
