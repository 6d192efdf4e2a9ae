package io.ecluse.source;

import io.ecluse.decode.FileParts;
import io.ecluse.disk.Disk;
import io.ecluse.duckdb.DuckDbEngine;
import io.ecluse.engine.EngineSettings;
import io.ecluse.schema.RowsWanted;
import io.ecluse.staging.BatchManifest;
import io.ecluse.staging.StagingArea;
import io.ecluse.warehouse.Warehouse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Staging in a folder of its own, the engine that reads and writes it, and extracts into it. */
public abstract class SourceFixture {
  @TempDir protected Path folder;
  private EngineSettings settings;
  private DuckDbEngine engine;
  private StagingArea staging;

  protected Landing.Stage stage() {
    return new Landing.Stage(staging, engine.parts(), Clock.systemUTC());
  }

  protected FileDecoder files() {
    return new FileParts(settings);
  }

  protected StagingArea staging() {
    return staging;
  }

  @BeforeEach
  void open() {
    Jdbi none = Jdbi.create("jdbc:none"); // what an extract needs is all in files
    Warehouse warehouse = new Warehouse(none, "test", folder.resolve("warehouse"), new Disk());
    settings =
        new EngineSettings(
            256L << 20,
            2,
            folder.resolve("spill"),
            1L << 30,
            List.of(folder.resolve("warehouse"), folder.resolve("staging")));
    engine = new DuckDbEngine(settings, warehouse);
    staging = new StagingArea(folder.resolve("staging"));
  }

  @AfterEach
  void close() {
    engine.close();
  }

  protected static ExtractRequest request(String id, String... streams) {
    return new ExtractRequest(id, "run-" + id, List.of(streams), RowsWanted.AS_PLANNED);
  }

  protected static BatchManifest extract(Source source, String id, String stream) {
    return extract(source, request(id, stream));
  }

  /** The first batch of an extract that nobody listens to. */
  protected static BatchManifest extract(Source source, ExtractRequest request) {
    return source.extract(request, new SilentListener()).get(0);
  }

  /** What a query says of the files of a batch, which are what the manifest says they are. */
  protected List<List<String>> rows(BatchManifest batch, String select) {
    String files =
        staging.reading().parts(batch).stream()
            .map(p -> "'" + p + "'")
            .collect(Collectors.joining(", ", "read_parquet([", "])"));
    List<List<String>> found = new ArrayList<>();
    try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckDb.createStatement();
        ResultSet rows = statement.executeQuery(select.formatted(files))) {
      while (rows.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
          row.add(String.valueOf(rows.getObject(i)));
        }
        found.add(row);
      }
    } catch (SQLException e) {
      throw new AssertionError(select, e);
    }
    return found;
  }

  /** The facts of the receipt that an extract of all streams leaves. */
  protected static Map<String, String> receipt(Source source) {
    Map<String, String> facts = new HashMap<>();
    SilentListener listening =
        new SilentListener() {
          @Override
          public void impact(ImpactReceipt receipt) {
            facts.putAll(receipt.facts());
          }
        };
    source.extract(request("receipt"), listening);
    return facts;
  }
}
