package io.ecluse.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.pipeline.Dag;
import io.ecluse.project.DagExpander;
import io.ecluse.project.Project;
import io.ecluse.scheduler.LogLine;
import io.ecluse.scheduler.Run;
import io.ecluse.scheduler.RunState;
import io.ecluse.schema.RowsWanted;
import io.ecluse.staging.BatchManifest;
import io.ecluse.staging.Part;
import io.ecluse.storage.Checksums;
import io.ecluse.warehouse.ReadView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What a load merges or adds is compared with what its batches hold, value by value. */
class LoadedValuesTest extends ShopFixture {
  private String log(Run run) {
    assertThat(run.state()).as(String.valueOf(run.error())).isEqualTo(RunState.SUCCESS);
    return platform.scheduler().log(run.id(), "load.orders", 1, 0, 100).stream()
        .map(LogLine::text)
        .collect(Collectors.joining("\n"));
  }

  private Dag loadAlone() throws IOException {
    Files.writeString(
        folder.resolve("dags/again.yaml"), "retries: 0\ntasks: { load: { load: shop } }\n");
    assertThat(platform.project().reload().errors()).isEmpty();
    Project project = platform.project().get();
    return new DagExpander(project).expand(project.dag("again"));
  }

  /** Another content for a file, under the same name. */
  private static void rewrite(Path file, String select) throws Exception {
    Path other = file.resolveSibling("other.parquet");
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute(
          "COPY (%s FROM read_parquet('%s')) TO '%s' (FORMAT parquet)"
              .formatted(select, file, other));
    }
    Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
  }

  /** As if somebody had staged other rows with a manifest that fits them. */
  private void alter(BatchManifest batch, String select) throws Exception {
    Path where = Path.of(platform.staging().location(batch));
    Path manifest = where.resolve("manifest.json");
    for (Part part : batch.parts()) {
      Path file = where.resolve(part.file());
      rewrite(file, select);
      Files.writeString(
          manifest,
          Files.readString(manifest)
              .replace(part.sha256(), Checksums.sha256(file))
              .replace("\"bytes\" : " + part.bytes(), "\"bytes\" : " + Files.size(file)));
    }
  }

  private Path dataFile() {
    return Path.of(
        platform
            .warehouse()
            .snapshot(ORDERS, ReadView.PUBLISHED)
            .orElseThrow()
            .files()
            .get(0)
            .path());
  }

  @Test
  void comparesWhatIsMergedValueByValueAndSaysSo() throws IOException {
    project(
        """
        extract: { compare: checksums }
        streams: { orders: { mode: incremental, cursor: updated_at, deletes: detect } }
        """);
    runs();
    execute("UPDATE orders SET state = 'paid', updated_at = '2026-02-01Z' WHERE id IN (1, 2)");
    Run run = run();

    assertThat(log(run))
        .contains(
            "into shop.orders: 1000 rows; the 3 of the batches are there with the same values, equal to the source in every column's checksum");
  }

  @Test
  void comparesWhatIsAddedAndTheVersionsInForce() throws IOException {
    project("streams: { orders: { mode: append } }\n");
    runs();
    execute("INSERT INTO orders SELECT i, 'more', now() FROM generate_series(1001, 1500) t(i)");
    assertThat(log(run()))
        .contains("Added 500 rows to shop.orders, with the values of the batches");

    project("streams: { orders: { history: true } }\n");
    assertThat(log(run())).contains("1500 in force; the 1500 of the batches are there");
  }

  @Test
  void loadsNothingOfAStagedFileThatIsNotWhatTheSourceHeld() throws Exception {
    project(
        """
        extract: { compare: checksums }
        streams: { orders: { mode: incremental, cursor: updated_at } }
        """);
    runs();
    execute("UPDATE orders SET state = 'paid', updated_at = '2026-02-01Z' WHERE id IN (1, 2)");
    run(
        new DagExpander(platform.project().get())
            .extract("shop", List.of(), RowsWanted.AS_PLANNED));
    alter(newest(), "SELECT * REPLACE (CASE WHEN id = 1 THEN 'free' ELSE state END AS state)");

    Run failed = run(loadAlone());

    assertThat(failed.state()).isEqualTo(RunState.FAILED);
    assertThat(failed.error().orElseThrow())
        .contains("of shop.orders does not hold what the source did: state is 3:")
        .contains("ecluse extract shop orders --full");
    assertThat(rows("select state, count(*) from shop.orders group by 1"))
        .containsExactly(List.of("new", "1000"));
  }

  @Test
  void leavesTheTableAsItWasWhenItsFilesWereAlteredBehindItsBack() throws Exception {
    project("streams: { orders: { history: true } }\n");
    runs();
    Path file = dataFile();
    rewrite(file, "SELECT * REPLACE (CASE WHEN id = 3 THEN 4 ELSE id END AS id)");
    long versions = platform.warehouse().history(ORDERS).size();

    Run failed = run();

    assertThat(failed.error().orElseThrow())
        .contains("shop.orders would not hold what its batches do")
        .contains("too many are 1 rows")
        .contains("Nothing was changed");
    assertThat(platform.warehouse().history(ORDERS)).hasSize((int) versions);
  }
}
