package io.ecluse.warehouse;

import io.ecluse.schema.TableName;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.TableMetadata;

/** Looks at the files that a commit of another engine adds before a table refers to them. */
interface Admission {
  /**
   * Returns when all new files may be referred to.
   *
   * @param drafts what takes the place of files that may not
   * @param changed the table as it is to be
   * @param before the table as it was, if it was
   * @return the lists of manifests that were written anew, by the state that they are of
   * @throws io.ecluse.error.EcluseException DATA_INVALID for what a table here cannot have
   */
  Map<Long, String> admit(
      TableName table, Drafts drafts, TableMetadata changed, Optional<TableMetadata> before);
}
