package io.ecluse.demo;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A table of the ERP, as {@code erp-tables.sql} defines it. */
record ErpTable(String name, List<Column> columns) {
  ErpTable {
    columns = List.copyOf(columns);
    if (columns.stream().filter(Column::isKey).count() != 1) {
      throw new IllegalArgumentException(name + " must have one column as primary key");
    }
  }

  /** What values a column holds. */
  enum Type {
    SERIAL,
    INTEGER,
    TEXT,
    DATE,
    BOOLEAN,
    REAL
  }

  /** Whether a column tells rows apart. */
  enum Role {
    KEY,
    VALUE
  }

  /** Whether values may be shown to whoever loads them. */
  enum Sensitivity {
    PERSONAL,
    OPEN
  }

  /**
   * A column.
   *
   * @param sql its type in SQL
   * @param length the most characters, for text
   */
  record Column(
      String name, String sql, Type type, int length, Role role, Sensitivity sensitivity) {
    boolean isKey() {
      return role == Role.KEY;
    }

    boolean isPersonal() {
      return sensitivity == Sensitivity.PERSONAL;
    }
  }

  Column key() {
    return columns.stream().filter(Column::isKey).findFirst().orElseThrow();
  }

  Optional<Column> column(String column) {
    return columns.stream().filter(c -> c.name().equals(column)).findFirst();
  }

  boolean hasSerialKey() {
    return key().type() == Type.SERIAL;
  }

  /** Without the primary key, which is cheaper to add when the rows are there. */
  String createStatement() {
    return columns.stream()
        .map(column -> "  " + column.name() + " " + column.sql())
        .collect(Collectors.joining(",\n", "CREATE TABLE " + name + " (\n", "\n)"));
  }

  /** Adds the primary key, and has the serial go on after the greatest id. */
  List<String> finishStatements() {
    String key = key().name();
    String addKey = "ALTER TABLE %s ADD PRIMARY KEY (%s)".formatted(name, key);
    if (!hasSerialKey()) {
      return List.of(addKey);
    }
    String setSerial =
        "SELECT setval(pg_get_serial_sequence('%1$s', '%2$s'), max(%2$s)) FROM %1$s HAVING max(%2$s) > 0"
            .formatted(name, key);
    return List.of(addKey, setSerial);
  }
}
