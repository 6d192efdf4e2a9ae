package io.ecluse.warehouse;

import io.ecluse.error.ErrorCode;
import io.ecluse.schema.Column;
import io.ecluse.schema.Layout;
import io.ecluse.schema.TableName;
import java.util.List;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.UpdatePartitionSpec;
import org.apache.iceberg.UpdateSchema;

/** Gives a table other columns, and another layout. */
record Evolution(StorageFileIO io) {
  TableMetadata evolved(TableName name, TableMetadata base, List<Column> columns, Layout wanted) {
    Layout layout = wanted.of(name, columns);
    RunTableOperations operations = RunTableOperations.changing(io, base);
    BaseTable table = new BaseTable(operations, name.toString());
    List<Column> old =
        IcebergTypes.columns(base.schema()).stream().map(TableColumn::column).toList();
    boolean samePartition =
        IcebergLayout.partition(table.spec()).equals(layout.partition())
            && columns.containsAll(IcebergLayout.columns(table.schema(), layout));
    if (!samePartition) {
      UpdatePartitionSpec none = table.updateSpec();
      table.spec().fields().forEach(f -> none.removeField(f.name()));
      none.commit();
    }
    boolean sameSort =
        IcebergLayout.sort(table.sortOrder(), table.schema()).equals(layout.sort())
            && old.equals(columns);
    if (!sameSort) {
      table.replaceSortOrder().commit(); // none, so that no column of it is missed
    }
    if (!old.equals(columns)) {
      changeColumns(table.updateSchema(), old, columns);
    }
    if (!samePartition) {
      partition(table, name, layout);
    }
    if (!sameSort) {
      IcebergLayout.sort(table.replaceSortOrder(), layout.sort()).commit();
    }
    return operations.result();
  }

  private static void partition(BaseTable table, TableName name, Layout layout) {
    UpdatePartitionSpec update = table.updateSpec();
    try {
      layout.partition().forEach(p -> update.addField(IcebergLayout.term(p)));
      update.commit();
    } catch (IllegalArgumentException e) {
      throw ErrorCode.INVALID_PROJECT.error(
          "%s cannot be partitioned by %s: %s"
              .formatted(
                  name,
                  String.join(", ", layout.partition().stream().map(String::valueOf).toList()),
                  e.getMessage()),
          e);
    }
  }

  private static void changeColumns(UpdateSchema update, List<Column> old, List<Column> columns) {
    update.caseSensitive(true);
    for (Column column : old) {
      if (!columns.contains(column)) {
        update.deleteColumn(column.name());
      }
    }
    for (Column column : columns) {
      if (!old.contains(column)) {
        update.addColumn(column.name(), IcebergTypes.type(column.type()));
      }
    }
    for (int i = columns.size() - 1; i >= 0; i--) {
      update.moveFirst(columns.get(i).name());
    }
    update.commit();
  }
}
