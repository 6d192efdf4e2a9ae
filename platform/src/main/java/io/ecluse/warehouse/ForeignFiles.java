package io.ecluse.warehouse;

import io.ecluse.schema.TableName;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.TableMetadata;

/**
 * What files must be: there, whole, in the table's folder, and such that they can be read here.
 * They are brought to the disk.
 */
record ForeignFiles(MetadataFiles files) implements Admission {
  @Override
  public Map<Long, String> admit(
      TableName table, Drafts drafts, TableMetadata changed, Optional<TableMetadata> before) {
    return new NewFiles(table, files, drafts, changed).admit(before);
  }
}
