package io.ecluse.query;

import io.ecluse.Servers;
import io.ecluse.TemporaryFolders;
import io.ecluse.access.Policy;
import io.ecluse.disk.Disk;
import io.ecluse.duckdb.DuckDbEngine;
import io.ecluse.engine.Cancellation;
import io.ecluse.engine.EngineSettings;
import io.ecluse.engine.Rows;
import io.ecluse.metadata.Metadata;
import io.ecluse.schema.Column;
import io.ecluse.schema.DataType;
import io.ecluse.schema.TableName;
import io.ecluse.warehouse.ReadView;
import io.ecluse.warehouse.StagedTable;
import io.ecluse.warehouse.Warehouse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Queries on a warehouse of one table, lab.numbers, with 0 to 999; for one test, or, as a static
 * field, for all tests of a class.
 */
final class LabQueries
    implements BeforeAllCallback, AfterAllCallback, BeforeEachCallback, AfterEachCallback {
  static final TableName NUMBERS = new TableName("lab", "numbers");

  private final AtomicLong nanos = new AtomicLong();
  private Policy hidden = (caller, action, subject) -> false;
  private Path folder;
  private Metadata metadata;
  private Warehouse warehouse;
  private DuckDbEngine engine;
  private Queries queries;
  private boolean isShared;

  @Override
  public void beforeAll(ExtensionContext context) throws IOException {
    isShared = true;
    open();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    close();
  }

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    if (!isShared) {
      open();
    }
  }

  @Override
  public void afterEach(ExtensionContext context) {
    if (!isShared) {
      close();
    }
  }

  private void open() throws IOException {
    folder = TemporaryFolders.create("ecluse-queries-");
    metadata = Servers.newMetadata();
    warehouse = new Warehouse(metadata.jdbi(), "test", folder.resolve("warehouse"), new Disk());
    engine =
        new DuckDbEngine(
            new EngineSettings(
                64L << 20,
                2,
                folder.resolve("engine"),
                8L << 20,
                List.of(folder.resolve("warehouse"))),
            warehouse);
    publish("run1", "select range as n from range(1000)");
    queries =
        new Queries(
            new WorkerSettings(
                new EngineSettings(
                    512L << 20,
                    2,
                    Files.createDirectories(folder.resolve("people")),
                    64L << 20,
                    List.of()),
                folder.resolve("program")),
            warehouse,
            (caller, action, subject) -> !hidden.permits(caller, action, subject),
            nanos::get);
  }

  private void close() {
    queries.close();
    engine.close();
    metadata.close();
    TemporaryFolders.delete(folder);
  }

  /** Makes the table anew, of what a query gives. */
  void publish(String run, String sql) {
    StagedTable table = warehouse.stage(run, NUMBERS, List.of(new Column("n", DataType.BIGINT)));
    engine.write(table, sql, ReadView.PUBLISHED, new Cancellation());
    warehouse.publish(run);
  }

  /** From now on, what this policy permits is refused. */
  void hide(Policy what) {
    hidden = what;
  }

  Warehouse warehouse() {
    return warehouse;
  }

  Queries queries() {
    return queries;
  }

  Path folder() {
    return folder;
  }

  /** The clock by which answers grow old. */
  AtomicLong nanos() {
    return nanos;
  }

  static Ticket ticket() {
    return Ticket.patient(Callers.named("ada"), new Cancellation());
  }

  List<Object[]> rows(String sql) {
    Rows rows = new Rows();
    queries.stream(ticket(), sql, ReadView.PUBLISHED, rows);
    return rows.all();
  }

  Object one(String sql) {
    return rows(sql).get(0)[0];
  }
}
