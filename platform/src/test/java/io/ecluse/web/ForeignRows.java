package io.ecluse.web;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Types;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageTypeParser;

/** Rows of tables, written and read by Iceberg's own library. */
final class ForeignRows {
  private ForeignRows() {}

  /** Writes a file of rows into the folder of a table, which does not know of it yet. */
  static DataFile file(Table table, Object[]... rows) throws IOException {
    Schema schema = table.schema();
    OutputFile out =
        table.io().newOutputFile(table.location() + "/data/" + UUID.randomUUID() + ".parquet");
    DataWriter<Record> writer =
        Parquet.writeData(out)
            .schema(schema)
            .withSpec(table.spec())
            .createWriterFunc(GenericParquetWriter::create)
            .build();
    try (writer) {
      for (Object[] row : rows) {
        GenericRecord each = GenericRecord.create(schema);
        for (int i = 0; i < row.length; i++) {
          each.set(i, row[i]);
        }
        writer.write(each);
      }
    }
    return writer.toDataFile();
  }

  /** Writes a file without rows whose columns have no ids, and returns its size. */
  static long withoutIds(Table table, String path) throws IOException {
    Path made = Files.createTempFile("without-ids", ".parquet");
    try (ParquetFileWriter writer =
        new ParquetFileWriter(
            new LocalOutputFile(made),
            MessageTypeParser.parseMessageType("message t { optional int64 id; }"),
            ParquetFileWriter.Mode.OVERWRITE,
            1 << 20,
            0)) {
      writer.start();
      writer.end(Map.of());
    }
    try (OutputStream out = table.io().newOutputFile(path).create()) {
      return Files.copy(made, out);
    } finally {
      Files.delete(made);
    }
  }

  /** The same file, as a writer tells of it that takes bounds from the footer and counts no NaN. */
  static DataFile withoutNanCounts(
      Table table, DataFile file, int column, double low, double high) {
    Map<Integer, ByteBuffer> lower = new HashMap<>();
    Map<Integer, ByteBuffer> upper = new HashMap<>();
    lower.put(column, Conversions.toByteBuffer(Types.DoubleType.get(), low));
    upper.put(column, Conversions.toByteBuffer(Types.DoubleType.get(), high));
    lower.put(1, Conversions.toByteBuffer(Types.LongType.get(), 1L));
    upper.put(1, Conversions.toByteBuffer(Types.LongType.get(), 9L));
    return DataFiles.builder(table.spec())
        .copy(file)
        .withMetrics(
            new Metrics(file.recordCount(), Map.of(), Map.of(), Map.of(), null, lower, upper))
        .build();
  }

  static List<List<Object>> read(Table table) throws IOException {
    List<List<Object>> all = new ArrayList<>();
    try (CloseableIterable<Record> rows = IcebergGenerics.read(table).build()) {
      for (Record row : rows) {
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < row.size(); i++) {
          values.add(row.get(i));
        }
        all.add(values);
      }
    }
    return all;
  }
}
