package io.ecluse.spark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.apache.iceberg.spark.SparkSchemaUtil;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StructField;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Rows as JSON: booleans and numbers that a double holds exactly as such, all else as text (a long,
 * a decimal with all its digits, times as ISO 8601 writes them, bytes in Base64).
 */
final class RowsJson {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private RowsJson() {}

  static Result of(Dataset<Row> rows, int most) {
    ObjectNode json = Door.JSON.createObjectNode().put("state", "done");
    ArrayNode columns = json.putArray("columns");
    for (StructField field : rows.schema().fields()) {
      columns.addObject().put("name", field.name()).put("type", type(field.dataType()));
    }
    List<Row> first = rows.limit(most + 1).collectAsList();
    ArrayNode values = json.putArray("values");
    for (Row row : first.subList(0, Math.min(most, first.size()))) {
      values.add(array(row));
    }
    if (first.size() > most) {
      json.put("more", true);
    }
    return new Result(json.put("rows", values.size()));
  }

  /** In Iceberg's words, as far as it has one. */
  private static String type(DataType type) {
    if (type instanceof ByteType || type instanceof ShortType) {
      return "int";
    }
    try {
      return type.equals(DataTypes.NullType)
          ? "string"
          : SparkSchemaUtil.convert(type).toString().replace(", ", ",");
    } catch (UnsupportedOperationException e) {
      return type.catalogString();
    }
  }

  private static ArrayNode array(Row row) {
    ArrayNode array = NODES.arrayNode(row.size());
    for (int i = 0; i < row.size(); i++) {
      array.add(row.isNullAt(i) ? NODES.nullNode() : value(row.get(i)));
    }
    return array;
  }

  private static JsonNode value(Object value) {
    if (value instanceof Boolean truth) {
      return NODES.booleanNode(truth);
    } else if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
      return NODES.numberNode(((Number) value).intValue());
    } else if (value instanceof Double number) {
      return Double.isFinite(number) ? NODES.numberNode(number) : NODES.textNode(number.toString());
    } else if (value instanceof Float number) {
      return Float.isFinite(number) ? NODES.numberNode(number) : NODES.textNode(number.toString());
    } else if (value instanceof BigDecimal decimal) {
      return NODES.textNode(decimal.toPlainString());
    } else if (value instanceof byte[] bytes) {
      return NODES.textNode(Base64.getEncoder().encodeToString(bytes));
    } else if (value instanceof LocalDateTime time) {
      return NODES.textNode(time.toString());
    }
    return nested(value);
  }

  private static JsonNode nested(Object value) {
    if (value instanceof Row row) {
      ObjectNode object = NODES.objectNode();
      for (int i = 0; i < row.size(); i++) {
        String name = row.schema() == null ? "f" + i : row.schema().fieldNames()[i];
        object.set(name, row.isNullAt(i) ? NODES.nullNode() : value(row.get(i)));
      }
      return object;
    } else if (value instanceof scala.collection.Seq<?> seq) {
      ArrayNode array = NODES.arrayNode();
      CollectionConverters.asJava(seq).forEach(v -> array.add(orNull(v)));
      return array;
    } else if (value instanceof scala.collection.Map<?, ?> map) {
      ObjectNode object = NODES.objectNode();
      CollectionConverters.asJava(map)
          .forEach((k, v) -> object.set(String.format(Locale.ROOT, "%s", k), orNull(v)));
      return object;
    }
    return NODES.textNode(value.toString());
  }

  private static JsonNode orNull(Object value) {
    return value == null ? NODES.nullNode() : value(value);
  }
}
