package io.ecluse.duckdb;

import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;

/** The rows of a result as plain Java objects, the same in every time zone. */
public final class RowValues {
  private final ResultSet rows;
  private final List<String> names = new ArrayList<>();
  private final List<String> types = new ArrayList<>();
  private final boolean[] local;

  public RowValues(ResultSet rows) throws SQLException {
    this.rows = rows;
    ResultSetMetaData meta = rows.getMetaData();
    for (int i = 1; i <= meta.getColumnCount(); i++) {
      names.add(meta.getColumnName(i));
      types.add(meta.getColumnTypeName(i));
    }
    local = new boolean[types.size()];
    for (int i = 0; i < local.length; i++) {
      local[i] = types.get(i).equals("TIMESTAMP");
    }
  }

  public List<String> names() {
    return names;
  }

  public List<String> types() {
    return types;
  }

  public Object[] current() throws SQLException {
    Object[] values = new Object[local.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = value(i);
    }
    return values;
  }

  private Object value(int i) throws SQLException {
    if (local[i]) {
      return rows.getObject(i + 1, LocalDateTime.class);
    }
    return PlainValue.of(rows.getObject(i + 1));
  }
}
