package io.ecluse.demo;

import io.ecluse.error.ErrorCode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills an ERP once. A row in {@code demo.fill}, in a schema beside the ERP's own, says what it was
 * filled with; it is written last, so an ERP without it is filled anew.
 */
record ErpFilling(ErpConnections erp, ErpFill fill, FillListener listener) {
  private static final Logger log = LoggerFactory.getLogger(ErpFilling.class);
  static final String MARKER = "demo.fill";

  static final String MARKER_DDL =
      """
      CREATE SCHEMA IF NOT EXISTS demo;
      CREATE TABLE IF NOT EXISTS demo.fill (
        fingerprint text NOT NULL,
        description text NOT NULL,
        filled_at timestamptz NOT NULL DEFAULT now()
      )""";

  private static final long LOCK = 0x45434c55_53450001L;

  private record Marker(String fingerprint, String description) {}

  /** The report, if it was filled from files just now. */
  Optional<ErpImportReport> ensureFilled() throws SQLException {
    try (Connection connection = erp.open()) {
      // held until the connection closes: two processes never fill at once
      execute(connection, "SELECT pg_advisory_lock(" + LOCK + ")");
      execute(connection, MARKER_DDL);
      String asked = fill.fingerprint();
      Optional<Marker> marker = marker(connection);
      if (marker.isPresent()) {
        requireSame(marker.get(), asked);
        return Optional.empty();
      }
      long started = System.nanoTime();
      Optional<ErpImportReport> report = fillAnew(connection);
      mark(connection, asked);
      log.info(
          "Demo ERP filled with {} in {} ms",
          fill.description(),
          (System.nanoTime() - started) / 1_000_000);
      return report;
    }
  }

  private void requireSame(Marker marker, String asked) {
    if (!marker.fingerprint().equals(asked)) {
      throw ErrorCode.CONFLICT.error(
          "The demo ERP of this project holds %s, but %s was asked for: choose another folder with --dir"
              .formatted(marker.description(), fill.description()));
    }
  }

  private Optional<ErpImportReport> fillAnew(Connection connection) throws SQLException {
    for (String table : ErpTables.read().names()) {
      execute(connection, "DROP TABLE IF EXISTS " + table);
    }
    Optional<ErpImportReport> report;
    if (fill instanceof ErpFill.Generated generated) {
      new ErpGenerator(generated).fill(erp, listener);
      report = Optional.empty();
    } else if (fill instanceof ErpFill.FromCsv csv) {
      try (Connection other = erp.open()) {
        report = Optional.of(new ErpCsvImport(csv.folder()).importInto(other, listener));
      }
    } else {
      throw new AssertionError("Unhandled " + fill);
    }
    execute(connection, "ANALYZE");
    return report;
  }

  private static Optional<Marker> marker(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT fingerprint, description FROM demo.fill")) {
      return rows.next()
          ? Optional.of(new Marker(rows.getString(1), rows.getString(2)))
          : Optional.empty();
    }
  }

  private void mark(Connection connection, String fingerprint) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "INSERT INTO demo.fill (fingerprint, description) VALUES (?, ?)")) {
      statement.setString(1, fingerprint);
      statement.setString(2, fill.description());
      statement.executeUpdate();
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
