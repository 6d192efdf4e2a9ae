package io.ecluse.spark;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configurable;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.StaticTableOperations;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.hadoop.HadoopFileIO;

/**
 * An Iceberg catalog of tables that were looked up before: each name is one {@code metadata.json},
 * so all models of a plan read the same versions, whatever is published meanwhile. Nothing can be
 * written.
 *
 * <p>Spark makes it by its class name and hands it the catalog's properties; {@code
 * tables.erp.students=LOCATION} is a table.
 */
public final class MetadataFileCatalog implements Catalog, Configurable {
  static final String TABLES = "tables.";

  private final Map<String, String> locations = new LinkedHashMap<>();
  private Configuration configuration = new Configuration();
  private String name = "";

  @Override
  public void initialize(String catalogName, Map<String, String> properties) {
    this.name = catalogName;
    properties.forEach(
        (key, value) -> {
          if (key.startsWith(TABLES)) {
            locations.put(key.substring(TABLES.length()).toLowerCase(Locale.ROOT), value);
          }
        });
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Table loadTable(TableIdentifier identifier) {
    String table = identifier.toString().toLowerCase(Locale.ROOT);
    String location = locations.get(table);
    if (location == null) {
      throw new NoSuchTableException("There is no Iceberg table %s", table);
    }
    return new BaseTable(
        new StaticTableOperations(location, new HadoopFileIO(configuration)), table);
  }

  @Override
  public List<TableIdentifier> listTables(Namespace namespace) {
    return locations.keySet().stream()
        .map(TableIdentifier::parse)
        .filter(t -> t.namespace().equals(namespace))
        .toList();
  }

  /** There is never anything to drop. */
  @Override
  public boolean dropTable(TableIdentifier identifier, boolean purge) {
    return false;
  }

  @Override
  public void renameTable(TableIdentifier from, TableIdentifier to) {
    throw new UnsupportedOperationException("The tables of a plan cannot be renamed");
  }

  @Override
  public void setConf(Configuration conf) {
    this.configuration = conf;
  }

  @Override
  public Configuration getConf() {
    return configuration;
  }
}
