package io.ecluse.spark;

import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.BaseMetastoreCatalog;
import org.apache.iceberg.StaticTableOperations;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.hadoop.HadoopFileIO;

/**
 * A catalog that only reads: each table is one metadata file, which a property of its name tells.
 */
public final class FixedCatalog extends BaseMetastoreCatalog {
  private Map<String, String> properties = Map.of();

  @Override
  public void initialize(String name, Map<String, String> told) {
    properties = Map.copyOf(told);
  }

  @Override
  protected TableOperations newTableOps(TableIdentifier table) {
    String file = properties.get(table.toString());
    if (file == null) {
      throw new NoSuchTableException("No table %s", table);
    }
    return new StaticTableOperations(file, new HadoopFileIO(new Configuration()));
  }

  @Override
  protected String defaultWarehouseLocation(TableIdentifier table) {
    throw new UnsupportedOperationException("Tables are read only");
  }

  @Override
  public List<TableIdentifier> listTables(Namespace namespace) {
    return properties.keySet().stream()
        .map(TableIdentifier::parse)
        .filter(t -> t.namespace().equals(namespace))
        .toList();
  }

  @Override
  public boolean dropTable(TableIdentifier table, boolean purge) {
    throw new UnsupportedOperationException("Tables are read only");
  }

  @Override
  public void renameTable(TableIdentifier from, TableIdentifier to) {
    throw new UnsupportedOperationException("Tables are read only");
  }
}
