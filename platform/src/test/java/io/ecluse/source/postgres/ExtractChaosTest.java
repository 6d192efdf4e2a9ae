package io.ecluse.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.Servers;
import io.ecluse.disk.Disk;
import io.ecluse.duckdb.DuckDbEngine;
import io.ecluse.engine.BatchFile;
import io.ecluse.engine.Cancellation;
import io.ecluse.engine.EngineSettings;
import io.ecluse.engine.Rows;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.metadata.Metadata;
import io.ecluse.schema.RowsWanted;
import io.ecluse.schema.TableName;
import io.ecluse.source.ExtractRequest;
import io.ecluse.source.Landing;
import io.ecluse.source.SilentListener;
import io.ecluse.staging.BatchManifest;
import io.ecluse.staging.StagedColumn;
import io.ecluse.staging.StagingArea;
import io.ecluse.warehouse.ReadView;
import io.ecluse.warehouse.Warehouse;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Connections are killed at random moments, on the server and in the network; each time, what is in
 * the end in staging and in the warehouse is what is in the source, by count and checksum.
 */
@Timeout(180)
class ExtractChaosTest {
  private static final int TIMES = 50;
  private static final int ROWS = 40_000;
  private static final int ATTEMPTS = 6;

  @TempDir Path folder;
  private final String erp = Servers.newDatabase();
  private final Random random = new Random(20260124);
  private Metadata metadata;
  private Warehouse warehouse;
  private DuckDbEngine engine;
  private StagingArea staging;
  private CuttingProxy proxy;

  @BeforeEach
  void open() throws IOException {
    metadata = Servers.newMetadata();
    warehouse = new Warehouse(metadata.jdbi(), "test", folder.resolve("warehouse"), new Disk());
    engine =
        new DuckDbEngine(
            new EngineSettings(
                512L << 20,
                2,
                folder.resolve("spill"),
                1L << 30,
                List.of(folder.resolve("warehouse"), folder.resolve("staging"))),
            warehouse);
    staging = new StagingArea(folder.resolve("staging"));
    proxy = new CuttingProxy(Servers.server().port());
    Servers.execute(
        erp,
        """
        CREATE TABLE grades AS SELECT i AS id, md5(i::text) AS note FROM generate_series(1, %d) t(i);
        CREATE TABLE lessons AS SELECT i AS id, repeat(md5(i::text), 3) AS note FROM generate_series(1, %d) t(i);
        """
            .formatted(ROWS, ROWS / 2));
  }

  @AfterEach
  void close() throws IOException {
    proxy.close();
    engine.close();
    metadata.close();
  }

  private PostgresSource source() {
    return new PostgresSource(
        LocalErp.plain(
            "erp",
            LocalErp.server(
                proxy.port(), erp, Servers.server().user(), Servers.server().password()),
            "public",
            2,
            Duration.ofMinutes(5),
            Duration.ofSeconds(5)),
        new Landing.Stage(staging, engine.parts(), Clock.systemUTC()));
  }

  @Test
  void endsEqualToTheSourceWheneverAConnectionIsKilled() {
    List<String> want = List.of(inSource("grades"), inSource("lessons"));
    AtomicInteger goneOn = new AtomicInteger();
    int triedAgain = 0;
    for (int time = 0; time < TIMES; time++) {
      Chaos chaos = new Chaos(random.nextInt(4), random.nextInt(ROWS), random.nextInt(4_000_000));
      List<BatchManifest> batches = List.of();
      int attempt = 0;
      while (batches.isEmpty()) {
        assertThat(attempt).as("attempts after %s", chaos).isLessThan(ATTEMPTS);
        batches = attempt("x%d.%d".formatted(time, attempt), chaos, goneOn);
        attempt++;
      }
      triedAgain += attempt - 1;
      String run = "run" + time;
      batches.forEach(b -> load(run, b));
      warehouse.publish(run);
      assertThat(List.of(inWarehouse("grades"), inWarehouse("lessons")))
          .as("after %s", chaos)
          .isEqualTo(want);
    }
    assertThat(goneOn.get()).as("extracts that went on with a new connection").isPositive();
    assertThat(triedAgain).as("extracts that began again, having lost the snapshot").isPositive();
  }

  /** What happens, once, and when: after so many rows, or so many bytes. */
  private record Chaos(int kind, int rows, int bytes) {}

  private List<BatchManifest> attempt(String id, Chaos chaos, AtomicInteger goneOn) {
    boolean first = id.endsWith(".0");
    if (first && chaos.kind() == 0) {
      proxy.cutAfter(chaos.bytes());
    }
    AtomicReference<Optional<Chaos>> todo =
        new AtomicReference<>(first ? Optional.of(chaos) : Optional.empty());
    try {
      return source()
          .extract(
              new ExtractRequest(id, id, List.of(), RowsWanted.AS_PLANNED),
              new SilentListener() {
                @Override
                public void log(String line) {
                  if (line.startsWith("A connection was lost")) {
                    goneOn.incrementAndGet();
                  }
                }

                @Override
                public void progress(long rows, long total) {
                  if (rows >= chaos.rows()) {
                    todo.getAndSet(Optional.empty()).ifPresent(ExtractChaosTest.this::strike);
                  }
                }
              });
    } catch (EcluseException e) {
      assertThat(e.code())
          .as(e.getMessage())
          .isIn(ErrorCode.SOURCE_LOST, ErrorCode.SOURCE_UNREACHABLE, ErrorCode.TIMED_OUT);
      assertThat(staging.find("erp", "grades", id)).isEmpty();
      assertThat(staging.find("erp", "lessons", id)).isEmpty();
      return List.of();
    } finally {
      proxy.cutAfter(Long.MAX_VALUE);
    }
  }

  private void strike(Chaos chaos) {
    switch (chaos.kind()) {
      case 1 -> terminate("state = 'active' AND query LIKE 'COPY%'"); // a reader
      case 2 -> terminate("query NOT LIKE 'COPY%'"); // whoever holds the snapshot, or counts
      case 3 -> proxy.cut();
      default -> {} // the proxy counts bytes
    }
  }

  private void terminate(String which) {
    Servers.execute(
        erp,
        "SELECT pg_terminate_backend(pid) FROM (SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'ecluse extract%' AND datname = current_database() AND "
            + which
            + " LIMIT 1) one");
  }

  private void load(String run, BatchManifest batch) {
    var table =
        warehouse.stage(
            run,
            new TableName(batch.source(), batch.stream()),
            batch.columns().stream().map(StagedColumn::column).toList());
    engine.fill(
        table,
        BatchFile.here(staging.reading().parts(batch)),
        Optional.empty(),
        new Cancellation());
  }

  private String inSource(String table) {
    try (Connection connection = Servers.server().connect(erp);
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT count(*) || ' ' || sum(id) || ' ' || sum(('x' || substr(md5(id || note), 1, 8))::bit(32)::bigint) FROM "
                    + table)) {
      rows.next();
      return rows.getString(1);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private String inWarehouse(String table) {
    Rows found = new Rows();
    engine.run(
        "SELECT count(*) || ' ' || sum(id) || ' ' || sum(('0x' || substr(md5(id || note), 1, 8))::UBIGINT) FROM erp."
            + table,
        ReadView.PUBLISHED,
        new Cancellation(),
        found);
    return String.valueOf(found.all().get(0)[0]);
  }
}
