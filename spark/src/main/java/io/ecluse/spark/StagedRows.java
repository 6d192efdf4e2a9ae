package io.ecluse.spark;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.iceberg.Schema;
import org.apache.iceberg.spark.SparkSchemaUtil;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The files of batches as the platform writes them: Parquet, or CSV (RFC 4180) in gzip, where NULL
 * is nothing, an empty text is {@code ""}, and bytes are in Base64.
 */
final class StagedRows {
  private static final String CSV = ".csv.gz";
  private static final String UUID = "uuid";

  /** What the reader makes of nothing before it makes NULL of it; no text of a batch. */
  private static final String NOTHING = "\u0001nothing\u0001";

  private final SparkSession spark;

  /** A first look at files is a job of Spark's own; merges come back to them several times. */
  private final Map<List<String>, Dataset<Row>> seen = new HashMap<>();

  StagedRows(SparkSession spark) {
    this.spark = spark;
  }

  static StructType schema(List<Work.Field> columns) {
    List<StructField> fields = new ArrayList<>();
    for (Work.Field column : columns) {
      fields.add(field(column.name(), type(column.type())));
    }
    return DataTypes.createStructType(fields);
  }

  /** The columns of a table, as they are in files that were written for it. */
  static StructType schema(Schema table) {
    List<StructField> fields = new ArrayList<>();
    for (Types.NestedField column : table.columns()) {
      fields.add(field(column.name(), column.type()));
    }
    return DataTypes.createStructType(fields);
  }

  private static StructField field(String name, Type type) {
    return new StructField(
        name,
        SparkSchemaUtil.convert(type),
        true,
        new MetadataBuilder().putBoolean(UUID, type.typeId() == Type.TypeID.UUID).build());
  }

  /** A type of the contract of jobs, which are in Iceberg's words. */
  static Type type(String words) {
    return switch (words) {
      case "timestamp" -> Types.TimestampType.withoutZone();
      case "timestamptz" -> Types.TimestampType.withZone();
      default -> Types.fromPrimitiveString(words);
    };
  }

  /** The rows of files with these columns, which may be of both kinds. */
  Dataset<Row> read(List<Work.File> files, StructType columns) {
    Map<Boolean, List<String>> byKind =
        files.stream().map(Work.File::uri).collect(Collectors.partitioningBy(f -> f.endsWith(CSV)));
    List<String> parquet = Objects.requireNonNull(byKind.get(false));
    Dataset<Row> rows = spark.createDataFrame(List.<Row>of(), columns);
    if (!parquet.isEmpty()) {
      rows = RunTable.cast(parquet(parquet.toArray(String[]::new), columns), columns);
    }
    for (String csv : Objects.requireNonNull(byKind.get(true))) {
      rows = rows.union(RunTable.cast(csv(csv, columns), columns));
    }
    return rows;
  }

  /** A UUID is its bytes in a file, which Spark reads only if it is told so; here it is a text. */
  private Dataset<Row> parquet(String[] files, StructType columns) {
    if (Stream.of(columns.fields()).noneMatch(StagedRows::isUuid)) {
      return seen.computeIfAbsent(List.of(files), f -> spark.read().parquet(files));
    }
    StructType bytes =
        new StructType(
            Stream.of(columns.fields())
                .map(
                    f ->
                        isUuid(f)
                            ? DataTypes.createStructField(f.name(), DataTypes.BinaryType, true)
                            : f)
                .toArray(StructField[]::new));
    Dataset<Row> rows = spark.read().schema(bytes).parquet(files);
    for (StructField field : columns.fields()) {
      if (isUuid(field)) {
        Column hex = functions.lower(functions.hex(functions.col(RunTable.quoted(field.name()))));
        rows =
            rows.withColumn(
                field.name(),
                functions.regexp_replace(
                    hex, "^(.{8})(.{4})(.{4})(.{4})(.{12})$", "$1-$2-$3-$4-$5"));
      }
    }
    return rows;
  }

  private static boolean isUuid(StructField field) {
    return field.metadata().contains(UUID) && field.metadata().getBoolean(UUID);
  }

  private Dataset<Row> csv(String file, StructType columns) {
    Dataset<Row> rows =
        spark
            .read()
            .option("header", "true")
            .option("quote", "\"")
            .option("escape", "\"")
            .option("multiLine", "true")
            .option("nullValue", NOTHING) // else an empty text would be NULL too
            .option("emptyValue", "")
            .option("mode", "FAILFAST")
            .option("maxCharsPerColumn", "-1")
            .csv(file);
    Dataset<Row> read = rows;
    for (StructField field : columns.fields()) {
      if (field.dataType().equals(DataTypes.BinaryType)
          && List.of(rows.columns()).contains(field.name())) {
        read =
            read.withColumn(
                field.name(), functions.unbase64(rows.col(RunTable.quoted(field.name()))));
      }
    }
    return read;
  }
}
