package io.ecluse.warehouse;

import io.ecluse.schema.Column;
import io.ecluse.schema.Layout;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.iceberg.NullOrder;
import org.apache.iceberg.PartitionData;
import org.apache.iceberg.PartitionField;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.ReplaceSortOrder;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SortDirection;
import org.apache.iceberg.SortField;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.expressions.Term;
import org.apache.iceberg.types.Types;

/** Our layouts in Iceberg's words and back. */
final class IcebergLayout {
  private static final Pattern WIDE = Pattern.compile("([a-z]+)\\[(\\d+)]");

  private IcebergLayout() {}

  static Term term(Layout.Part part) {
    return switch (part.transform()) {
      case IDENTITY -> Expressions.ref(part.column());
      case YEAR -> Expressions.year(part.column());
      case MONTH -> Expressions.month(part.column());
      case DAY -> Expressions.day(part.column());
      case HOUR -> Expressions.hour(part.column());
      case BUCKET -> Expressions.bucket(part.column(), part.width());
      case TRUNCATE -> Expressions.truncate(part.column(), part.width());
    };
  }

  /** What a spec partitions by, in its order, but for what only other engines know. */
  static List<Layout.Part> partition(PartitionSpec spec) {
    List<Layout.Part> parts = new ArrayList<>();
    spec.fields().forEach(f -> part(spec, f).ifPresent(parts::add));
    return parts;
  }

  /** Empty for a transform that has no word here, or a column that has gone. */
  static Optional<Layout.Part> part(PartitionSpec spec, PartitionField field) {
    String column = spec.schema().findColumnName(field.sourceId());
    Matcher wide = WIDE.matcher(field.transform().toString());
    String word = wide.matches() ? wide.group(1) : field.transform().toString();
    boolean known =
        Set.of(Layout.Transform.values()).stream()
            .anyMatch(t -> t.name().toLowerCase(Locale.ROOT).equals(word));
    return known && column != null
        ? Optional.of(
            new Layout.Part(
                Layout.Transform.valueOf(word.toUpperCase(Locale.ROOT)),
                column,
                wide.matches() ? Integer.parseInt(wide.group(2)) : 1))
        : Optional.empty();
  }

  /** The columns that a layout partitions by, with the types that they have in a table. */
  static List<Column> columns(Schema schema, Layout layout) {
    Set<String> names =
        layout.partition().stream().map(Layout.Part::column).collect(Collectors.toSet());
    return IcebergTypes.columns(schema).stream()
        .map(TableColumn::column)
        .filter(c -> names.contains(c.name()))
        .toList();
  }

  /** What a table sorts by, as far as that is by columns as they are. */
  static List<Layout.Order> sort(SortOrder order, Schema schema) {
    List<Layout.Order> sort = new ArrayList<>();
    for (SortField field : order.fields()) {
      if (!field.transform().isIdentity()) {
        return sort;
      }
      sort.add(
          new Layout.Order(
              schema.findColumnName(field.sourceId()),
              field.direction() == SortDirection.ASC
                  ? Layout.Order.Direction.ASC
                  : Layout.Order.Direction.DESC));
    }
    return sort;
  }

  static ReplaceSortOrder sort(ReplaceSortOrder order, List<Layout.Order> sort) {
    for (Layout.Order each : sort) {
      switch (each.direction()) {
        case ASC -> order.asc(each.column(), NullOrder.NULLS_LAST);
        case DESC -> order.desc(each.column(), NullOrder.NULLS_LAST);
      }
    }
    return order;
  }

  /** Leaves a layout behind that names columns which another schema does not have. */
  static void forget(TableMetadata.Builder builder, TableMetadata metadata, int schemaId) {
    Schema schema = Objects.requireNonNull(metadata.schemasById().get(schemaId));
    if (metadata.spec().fields().stream().anyMatch(f -> schema.findField(f.sourceId()) == null)) {
      builder.setDefaultPartitionSpec(PartitionSpec.unpartitioned());
    }
    if (metadata.sortOrder().fields().stream()
        .anyMatch(f -> schema.findField(f.sourceId()) == null)) {
      builder.setDefaultSortOrder(SortOrder.unsorted());
    }
  }

  /** What the rows of a file have in common. */
  static PartitionData values(PartitionSpec spec, List<Optional<String>> texts) {
    Types.StructType type = spec.partitionType();
    PartitionData values = new PartitionData(type);
    for (int i = 0; i < texts.size(); i++) {
      int at = i;
      texts
          .get(i)
          .map(
              t ->
                  IcebergValues.value(type.fields().get(at).type(), t)
                      .orElseThrow(() -> new IllegalArgumentException("No value of a part: " + t)))
          .ifPresent(v -> values.set(at, v));
    }
    return values;
  }
}
