package io.ecluse.demo;

import io.ecluse.error.ErrorCode;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Fills an ERP with a school that never was. The same seed and scale give the same rows, on every
 * machine; memory does not grow with the scale. What the data is to show is in {@link Effects}.
 */
record ErpGenerator(ErpFill.Generated fill) {
  /** Changes whenever the same seed and scale would give other rows. */
  static final int VERSION = 1;

  private interface TableRows {
    void write(CopyWriter copy) throws SQLException;
  }

  /**
   * Makes the tables and fills them, on two connections at once, each in one transaction: one is
   * busy with attendances, which are more than all other rows.
   */
  void fill(ErpConnections connections, FillListener listener) throws SQLException {
    School school = new School(fill.seed(), fill.scale());
    Students students = new Students(fill.seed(), school);
    ExecutorService second = Executors.newSingleThreadExecutor(r -> new Thread(r, "demo-erp"));
    try (Connection one = connections.open();
        Connection other = connections.open()) {
      Future<?> attendances =
          second.submit(
              () -> {
                fillAttendances(other, listener, school, students);
                return true;
              });
      try {
        fillOthers(one, listener, school, students);
        attendances.get();
      } finally {
        // if the first has failed, the second ends at its next write
        other.abort(Runnable::run);
      }
    } catch (ExecutionException e) {
      throw unwrapped(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ErrorCode.CANCELLED.error("Filling the demo ERP was interrupted", e);
    } finally {
      second.shutdown();
    }
  }

  private static SQLException unwrapped(ExecutionException e) {
    if (e.getCause() instanceof SQLException sql) {
      return sql;
    }
    throw ErrorCode.INTERNAL.error("Filling the demo ERP failed", e);
  }

  private void fillAttendances(
      Connection connection, FillListener listener, School school, Students students)
      throws SQLException {
    StudyRows rows = new StudyRows(fill.seed(), school, students);
    connection.setAutoCommit(false);
    fill(connection, listener, "attendances", rows::attendances);
    connection.commit();
  }

  private void fillOthers(
      Connection connection, FillListener listener, School school, Students students)
      throws SQLException {
    SchoolRows schoolRows = new SchoolRows(fill.seed(), school);
    StudentRows studentRows = new StudentRows(fill.seed(), students);
    StudyRows studyRows = new StudyRows(fill.seed(), school, students);
    connection.setAutoCommit(false);
    fill(connection, listener, "campuses", schoolRows::campuses);
    fill(connection, listener, "professors", schoolRows::professors);
    fill(connection, listener, "students", studentRows::students);
    fill(connection, listener, "audiences", studentRows::audiences);
    fill(connection, listener, "events", schoolRows::events);
    fill(connection, listener, "subjects", schoolRows::subjects);
    fill(connection, listener, "lessons", schoolRows::lessons);
    fill(connection, listener, "grades", studyRows::grades);
    fill(connection, listener, "companies", schoolRows::companies);
    fill(connection, listener, "apprenticeships", studentRows::apprenticeships);
    connection.commit();
  }

  private static void fill(
      Connection connection, FillListener listener, String name, TableRows rows)
      throws SQLException {
    ErpTable table = ErpTables.read().table(name);
    List<String> columns = table.columns().stream().map(ErpTable.Column::name).toList();
    try (Statement statement = connection.createStatement()) {
      statement.execute(table.createStatement());
      try (CopyWriter copy = new CopyWriter(connection, name, columns, listener)) {
        rows.write(copy);
        copy.finish();
      }
      for (String finish : table.finishStatements()) {
        statement.execute(finish);
      }
    }
  }
}
