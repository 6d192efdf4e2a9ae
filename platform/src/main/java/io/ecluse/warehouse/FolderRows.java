package io.ecluse.warehouse;

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
  Optional<String> current(Handle handle) {
    return handle
        .createQuery("SELECT location FROM warehouse_folder WHERE environment = :environment")
        .bind("environment", environment)
        .mapTo(String.class)
        .findOne();
  }

  List<String> former(Handle handle) {
    return handle
        .createQuery(
            "SELECT location FROM former_warehouse_folder WHERE environment = :environment ORDER BY 1")
        .bind("environment", environment)
        .mapTo(String.class)
        .list();
  }

  /** The names of the metadata files of all tables; of those elsewhere, their locations. */
  List<String> pointers(Handle handle) {
    return handle
        .createQuery(
            "SELECT metadata_location FROM catalog_table WHERE catalog_name = :environment ORDER BY 1")
        .bind("environment", environment)
        .mapTo(String.class)
        .list();
  }

  /** Writes down where the tables are, and returns which catalog this is. */
  UUID settle(Handle handle, String here) {
    handle
        .createUpdate(
            "DELETE FROM former_warehouse_folder WHERE environment = :environment AND location = :here")
        .bind("environment", environment)
        .bind("here", here)
        .execute();
    return handle
        .createQuery(
            """
            INSERT INTO warehouse_folder (environment, location) VALUES (:environment, :here)
            ON CONFLICT (environment) DO UPDATE SET location = excluded.location
            RETURNING catalog_id
            """)
        .bind("environment", environment)
        .bind("here", here)
        .mapTo(UUID.class)
        .one();
  }

  /** What was in this folder is in another. */
  void left(Handle handle, String before) {
    handle
        .createUpdate(
            """
            INSERT INTO former_warehouse_folder (environment, location)
            VALUES (:environment, :before) ON CONFLICT DO NOTHING
            """)
        .bind("environment", environment)
        .bind("before", before)
        .execute();
  }
}
