package io.ecluse.bench;

import io.ecluse.Platform;
import io.ecluse.duckdb.DuckDbEngine;
import io.ecluse.engine.BatchFile;
import io.ecluse.engine.Cancellation;
import io.ecluse.engine.EngineSettings;
import io.ecluse.schema.Column;
import io.ecluse.schema.DataType;
import io.ecluse.schema.TableName;
import io.ecluse.warehouse.ReadView;
import io.ecluse.warehouse.StagedTable;
import io.ecluse.warehouse.TableSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The tables of TPC-H in the warehouse of a platform, and its 22 queries.
 *
 * @param made the folder that {@code tpch.py} has filled: a Parquet file a table, a file a query
 */
record EngineTables(Platform platform, Path made, EngineSettings settings) {
  static final String SCHEMA = "tpch";

  /** Files of queries by their numbers. */
  Map<String, Path> queries() throws IOException {
    try (Stream<Path> files = Files.list(made)) {
      Map<String, Path> queries = new LinkedHashMap<>();
      files
          .filter(f -> f.toString().endsWith(".sql"))
          .sorted()
          .forEach(f -> queries.put(f.getFileName().toString().replace(".sql", ""), f));
      return queries;
    }
  }

  private Set<TableName> names() throws IOException {
    try (Stream<Path> files = Files.list(made)) {
      return files
          .map(f -> f.getFileName().toString())
          .filter(f -> f.endsWith(".parquet"))
          .map(f -> new TableName(SCHEMA, f.replace(".parquet", "")))
          .collect(Collectors.toSet());
    }
  }

  /** Loads and publishes all of them, as batches are. */
  void fill() throws IOException, SQLException {
    try (DuckDbEngine engine = new DuckDbEngine(settings, platform.warehouse())) {
      for (TableName name : names()) {
        Path file = made.resolve(name.name() + ".parquet");
        try (StagedTable table = platform.warehouse().stage("fill", name, columns(file))) {
          engine.fill(table, BatchFile.here(List.of(file)), Optional.empty(), new Cancellation());
        }
      }
    }
    platform.warehouse().publish("fill");
  }

  private static List<Column> columns(Path file) throws SQLException {
    List<Column> columns = new ArrayList<>();
    try (Connection plain = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = plain.createStatement();
        ResultSet rows = statement.executeQuery("DESCRIBE FROM '%s'".formatted(file))) {
      while (rows.next()) {
        columns.add(new Column(rows.getString(1), DataType.parse(rows.getString(2)).orElseThrow()));
      }
    }
    return columns;
  }

  /** Bytes of their files. */
  long bytes() throws IOException {
    return snapshots().values().stream().mapToLong(TableSnapshot::bytes).sum();
  }

  private Map<TableName, TableSnapshot> snapshots() throws IOException {
    return platform.warehouse().snapshots(names(), ReadView.PUBLISHED);
  }

  /** A DuckDB whose views are the very files of the tables, with what the platform's may use. */
  Connection raw() throws SQLException, IOException {
    Connection raw = DriverManager.getConnection("jdbc:duckdb:");
    execute(raw, "SET threads = " + settings.threads());
    execute(raw, "SET memory_limit = '%dKiB'".formatted(settings.memoryBytes() / 1024));
    execute(raw, "SET temp_directory = '%s'".formatted(settings.spill().resolve("raw")));
    execute(raw, "CREATE SCHEMA " + SCHEMA);
    for (TableSnapshot table : snapshots().values()) {
      String files =
          table.files().stream()
              .map(f -> "'" + f.path() + "'")
              .collect(Collectors.joining(", ", "[", "]"));
      execute(raw, "CREATE VIEW %s AS FROM read_parquet(%s)".formatted(table.table(), files));
    }
    return raw;
  }

  /** Names and metadata files, in turns, for those who read tables of Iceberg by themselves. */
  List<String> metadata() {
    return platform
        .metadata()
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery(
                        "SELECT table_namespace || '.' || table_name AS t, metadata_location FROM catalog_table WHERE table_namespace = :schema")
                    .bind("schema", SCHEMA)
                    .map(
                        (row, context) ->
                            Stream.of(
                                row.getString(1),
                                platform.warehouse().location() + "/" + row.getString(2)))
                    .stream()
                    .flatMap(both -> both)
                    .toList());
  }

  static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
