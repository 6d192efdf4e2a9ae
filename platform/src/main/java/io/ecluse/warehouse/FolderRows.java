package io.ecluse.warehouse;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Where the catalog says that files are. Every method works in the transaction of its handle. */
final class FolderRows {
  private final String environment;

  FolderRows(String environment) {
    this.environment = environment;
  }

  void lock(Handle handle) {
    handle.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended('ecluse.warehouse.' || ?, 0))", environment);
  }

  /** Where the tables are, if it was written down. */
  Optional<Path> current(Handle handle) {
    return handle
        .createQuery("SELECT location FROM warehouse_folder WHERE environment = :environment")
        .bind("environment", environment)
        .mapTo(String.class)
        .findOne()
        .map(Path::of);
  }

  List<Path> former(Handle handle) {
    return handle
        .createQuery(
            "SELECT location FROM former_warehouse_folder WHERE environment = :environment ORDER BY 1")
        .bind("environment", environment)
        .mapTo(String.class)
        .map(Path::of)
        .list();
  }

  /** The metadata files of all tables that are on a disk. */
  List<Path> pointers(Handle handle) {
    return handle
        .createQuery(
            """
            SELECT metadata_location FROM iceberg_tables
            WHERE catalog_name = :environment AND metadata_location ~ '^(file:/{0,2})?/[^/]'
            """)
        .bind("environment", environment)
        .mapTo(String.class)
        .map(LocalFileIO::path)
        .list();
  }

  /** Those below a folder. */
  List<Path> pointers(Handle handle, Path folder) {
    return pointers(handle).stream().filter(p -> p.startsWith(folder)).toList();
  }

  /** Writes down where the tables are, and returns which catalog this is. */
  UUID settle(Handle handle, Path here) {
    handle
        .createUpdate(
            "DELETE FROM former_warehouse_folder WHERE environment = :environment AND location = :here")
        .bind("environment", environment)
        .bind("here", here.toString())
        .execute();
    return handle
        .createQuery(
            """
            INSERT INTO warehouse_folder (environment, location) VALUES (:environment, :here)
            ON CONFLICT (environment) DO UPDATE SET location = excluded.location
            RETURNING catalog_id
            """)
        .bind("environment", environment)
        .bind("here", here.toString())
        .mapTo(UUID.class)
        .one();
  }

  /** What was in one folder is in another. */
  void move(Handle handle, Path before, Path here) {
    handle
        .createUpdate(
            """
            INSERT INTO former_warehouse_folder (environment, location)
            VALUES (:environment, :before) ON CONFLICT DO NOTHING
            """)
        .bind("environment", environment)
        .bind("before", before.toString())
        .execute();
    rewrite(handle, "iceberg_tables", "catalog_name", "metadata_location", before, here);
    rewrite(handle, "iceberg_tables", "catalog_name", "previous_metadata_location", before, here);
    rewrite(handle, "staged_table", "environment", "metadata_location", before, here);
    rewrite(handle, "staged_table", "environment", "base_metadata_location", before, here);
  }

  private void rewrite(
      Handle handle, String table, String owner, String column, Path before, Path here) {
    handle
        .createUpdate(
            """
            UPDATE %1$s SET %3$s = :here || substr(%3$s, length(:before) + 1)
            WHERE %2$s = :environment AND starts_with(%3$s, :before || '/')
            """
                .formatted(table, owner, column))
        .bind("environment", environment)
        .bind("before", before.toString())
        .bind("here", here.toString())
        .execute();
  }
}
