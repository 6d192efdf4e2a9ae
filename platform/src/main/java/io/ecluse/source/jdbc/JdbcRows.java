package io.ecluse.source.jdbc;

import io.ecluse.source.RowReader;
import io.ecluse.source.RowTarget;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.util.List;

/** The rows of a result set. */
record JdbcRows(JdbcTable table, ResultSet rows, JdbcErrors errors, JdbcWork work)
    implements RowReader {
  @Override
  public boolean next(RowTarget row) {
    work.check();
    try {
      if (!rows.next()) {
        return false;
      }
    } catch (SQLException e) {
      throw errors.reading("reading table " + table.name(), e);
    }
    List<JdbcColumn> columns = table.columns();
    for (int i = 0; i < columns.size(); i++) {
      int column = i;
      try {
        columns.get(i).value().read(rows, i + 1).ifPresent(value -> row.set(column, value));
      } catch (SQLException e) {
        row.reject(errors.value(table.name(), columns.get(i).staged(), e));
      } catch (DateTimeException | ArithmeticException e) {
        row.reject(errors.value(table.name(), columns.get(i).staged()));
      }
    }
    return true;
  }
}
