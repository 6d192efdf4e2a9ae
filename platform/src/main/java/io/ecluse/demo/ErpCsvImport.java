package io.ecluse.demo;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Fills the ERP from a folder of CSV files named after the tables, as far as their types allow.
 * Columns are found by the header. What does not fit is left out or changed, and told in the
 * report; nothing in a file makes the import fail.
 *
 * <p>A table without a file stays empty, but {@code attendances}, which {@link AttendanceRule}
 * makes up.
 */
public final class ErpCsvImport {
  static final String ATTENDANCES = "attendances";

  private final Path folder;

  /**
   * @throws EcluseException NOT_FOUND if the folder has no file of the ERP
   */
  public ErpCsvImport(Path folder) {
    requireFiles(folder);
    this.folder = folder;
  }

  static void requireFiles(Path folder) {
    boolean none =
        ErpTables.read().names().stream()
            .noneMatch(table -> Files.isRegularFile(folder.resolve(table + ".csv")));
    if (none) {
      throw ErrorCode.NOT_FOUND.error(
          "%s has no file of the ERP: expected students.csv, grades.csv and others named after the tables"
              .formatted(folder.toAbsolutePath()));
    }
  }

  /**
   * Makes the tables, fills them and commits, in one transaction.
   *
   * @throws EcluseException DATA_INVALID if a file cannot be read at all
   */
  public ErpImportReport importInto(Connection connection, FillListener listener)
      throws SQLException {
    ImportFindings findings = new ImportFindings();
    List<ErpImportReport.Table> tables = new ArrayList<>();
    connection.setAutoCommit(false);
    for (ErpTable table : ErpTables.read().all()) {
      execute(connection, table.createStatement());
      tables.add(importTable(table, connection, listener, findings));
      for (String statement : table.finishStatements()) {
        execute(connection, statement);
      }
    }
    connection.commit();
    return new ErpImportReport(tables, findings.all());
  }

  private Path file(ErpTable table) {
    return folder.resolve(table.name() + ".csv");
  }

  private ErpImportReport.Table importTable(
      ErpTable table, Connection connection, FillListener listener, ImportFindings findings)
      throws SQLException {
    Path file = file(table);
    if (Files.exists(file)) {
      try {
        return new CsvTableImport(table, findings).load(file, connection, listener);
      } catch (IOException e) {
        throw ErrorCode.DATA_INVALID.error(
            "%s cannot be read: %s".formatted(file, e.getMessage()), e);
      }
    }
    if (!table.name().equals(ATTENDANCES)) {
      findings.note(table.name(), Optional.empty(), "there is no such file; the table is empty");
      return new ErpImportReport.Table(table.name(), 0, 0, 0, 0);
    }
    findings.note(
        table.name(),
        Optional.empty(),
        "there is no such file; every student attends the lessons of their year at their campus, present 85 % of the time");
    long rows = new AttendanceRule().fill(connection, listener);
    return new ErpImportReport.Table(table.name(), 0, rows, 0, 0);
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
