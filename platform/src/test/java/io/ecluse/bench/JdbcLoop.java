package io.ecluse.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.Arrays;
import java.util.List;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types.MessageTypeBuilder;

/** Copies tables to Parquet as most programs do: a JDBC result, a row at a time, parquet-java. */
public final class JdbcLoop {
  private static final int FETCH_SIZE = 10_000;

  private JdbcLoop() {}

  /**
   * @param arguments JDBC URL, user, password, folder, rounds, tables
   */
  public static void main(String[] arguments) throws Exception {
    Path folder = Files.createDirectories(Path.of(arguments[3]));
    List<String> tables = Arrays.asList(arguments).subList(5, arguments.length);
    Rounds.run(
        Integer.parseInt(arguments[4]),
        new Processes(ProcessHandle.current(), folder),
        i -> {
          try (Connection connection =
              DriverManager.getConnection(arguments[0], arguments[1], arguments[2])) {
            connection.setAutoCommit(false);
            for (String table : tables) {
              copy(connection, table, folder.resolve(table + ".parquet"));
            }
          }
        });
  }

  private static void copy(Connection connection, String table, Path file) throws Exception {
    try (Statement statement = connection.createStatement()) {
      statement.setFetchSize(FETCH_SIZE);
      try (ResultSet rows = statement.executeQuery("SELECT * FROM " + table)) {
        MessageType type = type(rows.getMetaData());
        SimpleGroupFactory groups = new SimpleGroupFactory(type);
        try (ParquetWriter<Group> writer =
            ExampleParquetWriter.builder(new LocalOutputFile(file))
                .withType(type)
                .withCompressionCodec(CompressionCodecName.SNAPPY)
                .withWriteMode(ParquetFileWriter.Mode.OVERWRITE)
                .build()) {
          while (rows.next()) {
            writer.write(row(groups.newGroup(), rows, type));
          }
        }
      }
    }
  }

  private static MessageType type(ResultSetMetaData columns) throws SQLException {
    MessageTypeBuilder builder = org.apache.parquet.schema.Types.buildMessage();
    for (int i = 1; i <= columns.getColumnCount(); i++) {
      String name = columns.getColumnName(i);
      builder.addField(
          switch (columns.getColumnType(i)) {
            case Types.INTEGER, Types.SMALLINT -> optional(PrimitiveTypeName.INT32, name);
            case Types.BIGINT -> optional(PrimitiveTypeName.INT64, name);
            case Types.REAL -> optional(PrimitiveTypeName.FLOAT, name);
            case Types.DOUBLE -> optional(PrimitiveTypeName.DOUBLE, name);
            case Types.BIT, Types.BOOLEAN -> optional(PrimitiveTypeName.BOOLEAN, name);
            case Types.DATE ->
                org.apache.parquet.schema.Types.optional(PrimitiveTypeName.INT32)
                    .as(LogicalTypeAnnotation.dateType())
                    .named(name);
            case Types.TIMESTAMP ->
                org.apache.parquet.schema.Types.optional(PrimitiveTypeName.INT64)
                    .as(
                        LogicalTypeAnnotation.timestampType(
                            false, LogicalTypeAnnotation.TimeUnit.MICROS))
                    .named(name);
            default ->
                org.apache.parquet.schema.Types.optional(PrimitiveTypeName.BINARY)
                    .as(LogicalTypeAnnotation.stringType())
                    .named(name);
          });
    }
    return builder.named("rows");
  }

  private static Type optional(PrimitiveTypeName type, String name) {
    return org.apache.parquet.schema.Types.optional(type).named(name);
  }

  private static Group row(Group group, ResultSet rows, MessageType type) throws SQLException {
    for (int i = 0; i < type.getFieldCount(); i++) {
      Object value = rows.getObject(i + 1);
      if (value instanceof Integer number) {
        group.add(i, number);
      } else if (value instanceof Long number) {
        group.add(i, number);
      } else if (value instanceof Float number) {
        group.add(i, number);
      } else if (value instanceof Double number) {
        group.add(i, number);
      } else if (value instanceof Boolean truth) {
        group.add(i, truth);
      } else if (value instanceof java.sql.Date date) {
        group.add(i, (int) date.toLocalDate().toEpochDay());
      } else if (value instanceof java.sql.Timestamp time) {
        group.add(i, time.getTime() * 1000 + time.getNanos() / 1000 % 1000);
      } else if (value != null) {
        group.add(i, value.toString());
      }
    }
    return group;
  }
}
