package io.ecluse.spark;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.StructField;

/**
 * What rows come to, column by column, by the platform's own measure: how many values are not NULL,
 * and the sum of a number that each stands for (a whole number itself; 1 for true; days and
 * microseconds since 1970; a float's bits as a signed integer; of all else the first 60 bits of the
 * MD5 of its text, or of its bytes).
 */
final class SumsOfColumns {
  private static final DataType SUM = DataTypes.createDecimalType(38, 0);
  private static final int DIGITS = 15;
  private static final int HEXADECIMAL = 16;

  private static final UserDefinedFunction FLOAT =
      functions.udf(
          (UDF1<Float, Long>) f -> f == null ? null : (long) Float.floatToRawIntBits(f),
          DataTypes.LongType);
  private static final UserDefinedFunction DOUBLE =
      functions.udf(
          (UDF1<Double, Long>) d -> d == null ? null : Double.doubleToRawLongBits(d),
          DataTypes.LongType);
  private static final UserDefinedFunction DECIMAL =
      functions.udf(
          (UDF1<BigDecimal, String>) n -> n == null ? null : n.toPlainString(),
          DataTypes.StringType);

  private SumsOfColumns() {}

  /** Each column's count and sum, as {@code count:sum}. */
  static ObjectNode of(Dataset<Row> rows) {
    StructField[] fields = rows.schema().fields();
    List<Column> sums = new ArrayList<>();
    for (StructField field : fields) {
      Column value = functions.col(RunTable.quoted(field.name()));
      sums.add(functions.count(value));
      sums.add(
          functions.coalesce(
              functions.sum(number(value, field.dataType()).cast(SUM)),
              functions.lit(0).cast(SUM)));
    }
    Row all = rows.agg(functions.count(functions.lit(1)), sums.toArray(Column[]::new)).first();
    ObjectNode json = Door.JSON.createObjectNode();
    for (int i = 0; i < fields.length; i++) {
      json.put(
          fields[i].name(),
          all.getLong(2 * i + 1) + ":" + all.getDecimal(2 * i + 2).toBigInteger());
    }
    return json;
  }

  private static Column number(Column value, DataType type) {
    if (type.equals(DataTypes.FloatType)) {
      return FLOAT.apply(value);
    } else if (type.equals(DataTypes.DoubleType)) {
      return DOUBLE.apply(value);
    } else if (type.equals(DataTypes.DateType)) {
      return functions.unix_date(value);
    } else if (type.equals(DataTypes.TimestampType) || type.equals(DataTypes.TimestampNTZType)) {
      return functions.unix_micros(value.cast(DataTypes.TimestampType));
    } else if (type instanceof DecimalType) {
      return hashed(DECIMAL.apply(value));
    }
    return type.equals(DataTypes.StringType) || type.equals(DataTypes.BinaryType)
        ? hashed(value)
        : value.cast(DataTypes.LongType);
  }

  private static Column hashed(Column value) {
    return functions.conv(functions.substring(functions.md5(value), 1, DIGITS), HEXADECIMAL, 10);
  }
}
