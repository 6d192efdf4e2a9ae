package io.ecluse.source.postgres;

import io.ecluse.schema.Column;
import io.ecluse.schema.ContentSums;
import io.ecluse.schema.ContentSums.Sum;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** {@link ContentSums} as a PostgreSQL computes them. */
final class PostgresSums {
  private PostgresSums() {}

  /** The sums of these rows of a table, in the moment that the connection sees. */
  static ContentSums of(Connection connection, Piece piece) throws SQLException {
    List<PostgresColumn> columns = piece.table().columns();
    String selected =
        columns.stream()
            .map(c -> "count(%1$s), coalesce(sum(%2$s), 0)".formatted(quoted(c), number(c)))
            .collect(Collectors.joining(", "));
    Map<String, Sum> sums = new LinkedHashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT " + selected + piece.table().from(piece.range()))) {
      rows.next();
      int at = 1;
      for (PostgresColumn column : columns) {
        sums.put(
            column.staged().column().name(),
            new Sum(rows.getLong(at), new BigInteger(rows.getString(at + 1))));
        at += 2;
      }
    }
    return new ContentSums(sums);
  }

  private static String quoted(PostgresColumn column) {
    Column staged = column.staged().column();
    return staged.quoted();
  }

  /** NULL for NULL. */
  private static String number(PostgresColumn column) {
    String value = quoted(column);
    return switch (column.wire()) {
      case BOOL -> value + "::int";
      case INT2, INT4, INT8 -> value + "::bigint";
      case FLOAT4 -> "('x' || encode(float4send(%s), 'hex'))::bit(32)::int".formatted(value);
      case FLOAT8 -> "('x' || encode(float8send(%s), 'hex'))::bit(64)::bigint".formatted(value);
      case DATE -> "(%s - date '1970-01-01')::bigint".formatted(value);
      // in whole numbers throughout: before PostgreSQL 14, the epoch is a float
      case TIMESTAMP, TIMESTAMPTZ ->
          "extract(epoch FROM date_trunc('second', %1$s))::bigint * 1000000 + extract(microseconds FROM %1$s)::bigint %% 1000000"
              .formatted(value);
      case BYTEA -> md5(value);
      case NUMERIC, UUID -> md5("convert_to(%s::text, 'UTF8')".formatted(value));
      case AS_TEXT -> md5("convert_to(%s, 'UTF8')".formatted(column.expression()));
      // not ::text, which takes the blanks off a bpchar
      case TEXT ->
          md5(
              "CASE WHEN %1$s IS NOT NULL THEN convert_to(format('%%s', %1$s), 'UTF8') END"
                  .formatted(value));
    };
  }

  private static String md5(String bytes) {
    return "('x' || left(md5(%s), 15))::bit(60)::bigint".formatted(bytes);
  }
}
