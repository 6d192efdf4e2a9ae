package io.ecluse.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.spark.Spark3Util;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameWriterV2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.parser.ParseException;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * A table of a run that a job fills: with one commit, in the order and the partitions that the
 * table asks for. The commit is marked with the job, so that a job that is begun again sees that it
 * was done.
 */
final class RunTable {
  private static final String MARK = "ecluse.job";
  private static final String ADDED = "added-records";
  private static final String TOTAL = "total-records";

  private final RunSession session;
  private final String name;

  RunTable(RunSession session, String name) {
    this.session = session;
    this.name = name;
  }

  String name() {
    return name;
  }

  /** Whether this very job has committed already. */
  boolean isDone() {
    return snapshot().filter(s -> session.job().id().equals(s.summary().get(MARK))).isPresent();
  }

  /** How many rows the table has. */
  long rows() {
    return number(TOTAL);
  }

  /** How many rows the last commit has added. */
  long added() {
    return number(ADDED);
  }

  StructType schema() {
    return StagedRows.schema(iceberg().schema());
  }

  /** The rows of one of its snapshots, with the columns that it had then. */
  Dataset<Row> at(long snapshot) {
    return session.spark().read().option("versionAsOf", String.valueOf(snapshot)).table(quoted());
  }

  /** The rows that it has now. */
  Dataset<Row> read() {
    return session.spark().table(quoted());
  }

  /** Rows with the columns of the table in its types; those that are not there are unknown. */
  Dataset<Row> cast(Dataset<Row> rows) {
    return cast(rows, schema());
  }

  /** Rows with these columns; those that are not there are unknown. */
  static Dataset<Row> cast(Dataset<Row> rows, StructType target) {
    List<Column> columns = new ArrayList<>();
    for (StructField field : target.fields()) {
      List<StructField> there =
          Stream.of(rows.schema().fields())
              .filter(f -> f.name().equalsIgnoreCase(field.name()))
              .toList();
      if (there.size() > 1) {
        throw new JobException(
            JobException.Code.SQL_INVALID,
            "Column %s is there %d times; give each a name of its own"
                .formatted(field.name(), there.size()));
      }
      Column value =
          there.isEmpty()
              ? functions.lit(null)
              : whole(rows.col(quoted(there.get(0).name())), there.get(0).dataType(), field);
      columns.add(value.cast(field.dataType()).as(field.name()));
    }
    return rows.select(columns.toArray(Column[]::new));
  }

  /** A number that becomes a whole one is rounded, as DuckDB does, not cut. */
  private static Column whole(Column value, DataType from, StructField to) {
    boolean broken =
        from instanceof DecimalType
            || from.equals(DataTypes.DoubleType)
            || from.equals(DataTypes.FloatType);
    boolean whole =
        to.dataType().equals(DataTypes.IntegerType) || to.dataType().equals(DataTypes.LongType);
    return broken && whole ? functions.round(value) : value;
  }

  /** Puts rows into the place of all that it has; returns how many. */
  long replace(Dataset<Row> rows) {
    try {
      writer(rows).overwrite(functions.lit(true));
    } catch (AnalysisException e) {
      throw SparkErrors.translate(e, session.job());
    }
    return rows();
  }

  /** Adds rows; returns how many. */
  long add(Dataset<Row> rows) {
    try {
      writer(rows).append();
    } catch (AnalysisException e) {
      throw SparkErrors.translate(e, session.job());
    }
    return added();
  }

  private DataFrameWriterV2<Row> writer(Dataset<Row> rows) {
    DataFrameWriterV2<Row> writer =
        rows.writeTo(quoted()).option("snapshot-property." + MARK, session.job().id());
    session
        .job()
        .snapshot()
        .forEach((key, value) -> writer.option("snapshot-property." + key, value));
    return writer;
  }

  private long number(String fact) {
    return snapshot().map(s -> Long.parseLong(s.summary().getOrDefault(fact, "0"))).orElse(0L);
  }

  private Optional<Snapshot> snapshot() {
    return Optional.ofNullable(iceberg().currentSnapshot());
  }

  private Table iceberg() {
    try {
      return Spark3Util.loadIcebergTable(session.spark(), quoted());
    } catch (ParseException | org.apache.spark.sql.catalyst.analysis.NoSuchTableException e) {
      throw new JobException(
          JobException.Code.NOT_FOUND,
          "There is no table %s in the run to be filled".formatted(name),
          e);
    }
  }

  private String quoted() {
    return Stream.concat(Stream.of(RunSession.CATALOG), Stream.of(name.split("\\.", 2)))
        .map(RunTable::quoted)
        .collect(Collectors.joining("."));
  }

  static String quoted(String identifier) {
    return "`" + identifier.replace("`", "``") + "`";
  }
}
