package io.ecluse.warehouse;

import io.ecluse.storage.Relocation;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Where the catalog says that files are. Every method works in the transaction of its handle. */
record FolderRows(String environment) {
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

  /** Where the tables are that a command has taken away from a place; empty if none has. */
  Optional<String> takenFrom(Handle handle, String place) {
    return handle
        .createQuery(
            """
            SELECT f.location FROM warehouse_folder f JOIN warehouse_move m USING (environment)
            WHERE f.environment = :environment AND m.location = :place AND f.location <> :place
            """)
        .bind("environment", environment)
        .bind("place", place)
        .mapTo(String.class)
        .findOne();
  }

  /** Waits for all who change rows of tables, and keeps them until the transaction ends. */
  Optional<String> lockCurrent(Handle handle) {
    return handle
        .createQuery(
            "SELECT location FROM warehouse_folder WHERE environment = :environment FOR UPDATE")
        .bind("environment", environment)
        .mapTo(String.class)
        .findOne();
  }

  /** The tables are there from now on. */
  void move(Handle handle, String from, String to) {
    settle(handle, to);
    left(handle, from);
    handle.execute(
        "DELETE FROM warehouse_move WHERE environment = ? AND location = ?", environment, to);
    handle.execute(
        """
        INSERT INTO warehouse_move (environment, location, moved_to) VALUES (?, ?, ?)
        ON CONFLICT (environment, location)
        DO UPDATE SET moved_to = excluded.moved_to, moved_at = excluded.moved_at
        """,
        environment,
        from,
        to);
  }

  /** Places that tables were taken away from, the last first. */
  List<Relocation.Left> taken(Handle handle) {
    return handle
        .createQuery(
            "SELECT location, moved_at FROM warehouse_move WHERE environment = :environment ORDER BY moved_at DESC")
        .bind("environment", environment)
        .map((rs, c) -> new Relocation.Left(rs.getString(1), rs.getTimestamp(2).toInstant()))
        .list();
  }

  /** The metadata files that the catalog and runs refer to. */
  Set<String> metadata(Handle handle) {
    return Set.copyOf(
        handle
            .createQuery(
                """
                SELECT metadata_location FROM catalog_table
                WHERE catalog_name = :environment AND metadata_location IS NOT NULL
                UNION SELECT metadata_location FROM staged_table
                WHERE environment = :environment AND metadata_location IS NOT NULL
                UNION SELECT base_metadata_location FROM staged_table
                WHERE environment = :environment AND base_metadata_location IS NOT NULL
                """)
            .bind("environment", environment)
            .mapTo(String.class)
            .list());
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
