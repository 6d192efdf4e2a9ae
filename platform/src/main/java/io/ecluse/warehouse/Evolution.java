package io.ecluse.warehouse;

import io.ecluse.schema.Column;
import io.ecluse.schema.TableName;
import java.util.List;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.UpdateSchema;

/** Gives a table other columns. */
final class Evolution {
  private final LocalFileIO io;

  Evolution(LocalFileIO io) {
    this.io = io;
  }

  TableMetadata evolved(TableName name, TableMetadata base, List<Column> columns) {
    RunTableOperations operations = RunTableOperations.changing(io, base);
    List<Column> old =
        IcebergTypes.columns(base.schema()).stream().map(TableColumn::column).toList();
    if (old.equals(columns)) {
      return base;
    }
    UpdateSchema update = new BaseTable(operations, name.toString()).updateSchema();
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
    return operations.result();
  }
}
