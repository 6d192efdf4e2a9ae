package io.ecluse.warehouse;

import io.ecluse.schema.Column;
import io.ecluse.schema.DataType;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;

/** Our types in Iceberg's words and back. */
final class IcebergTypes {
  private IcebergTypes() {}

  static Type type(DataType type) {
    return switch (type.kind()) {
      case BOOLEAN -> Types.BooleanType.get();
      case INTEGER -> Types.IntegerType.get();
      case BIGINT -> Types.LongType.get();
      case REAL -> Types.FloatType.get();
      case DOUBLE -> Types.DoubleType.get();
      case DECIMAL -> Types.DecimalType.of(type.precision(), type.scale());
      case VARCHAR -> Types.StringType.get();
      case DATE -> Types.DateType.get();
      case TIMESTAMP -> Types.TimestampType.withoutZone();
      case TIMESTAMPTZ -> Types.TimestampType.withZone();
      case BLOB -> Types.BinaryType.get();
      case UUID -> Types.UUIDType.get();
    };
  }

  /** A type that only another engine can have written is read as what DuckDB makes of it. */
  static DataType dataType(Type type) {
    return switch (type.typeId()) {
      case BOOLEAN -> DataType.BOOLEAN;
      case INTEGER -> DataType.INTEGER;
      case LONG -> DataType.BIGINT;
      case FLOAT -> DataType.REAL;
      case DOUBLE -> DataType.DOUBLE;
      case DECIMAL ->
          DataType.decimal(
              ((Types.DecimalType) type).precision(), ((Types.DecimalType) type).scale());
      case DATE -> DataType.DATE;
      case TIMESTAMP ->
          ((Types.TimestampType) type).shouldAdjustToUTC()
              ? DataType.TIMESTAMPTZ
              : DataType.TIMESTAMP;
      case BINARY, FIXED -> DataType.BLOB;
      case UUID -> DataType.UUID;
      default -> DataType.VARCHAR;
    };
  }

  static Schema schema(List<Column> columns) {
    List<NestedField> fields = new ArrayList<>();
    for (Column column : columns) {
      fields.add(NestedField.optional(fields.size() + 1, column.name(), type(column.type())));
    }
    return new Schema(fields);
  }

  static List<TableColumn> columns(Schema schema) {
    return schema.columns().stream()
        .map(f -> new TableColumn(f.fieldId(), new Column(f.name(), dataType(f.type()))))
        .toList();
  }
}
