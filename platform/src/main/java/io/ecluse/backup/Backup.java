package io.ecluse.backup;

import io.ecluse.disk.Folders;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.metadata.Metadata;
import io.ecluse.metadata.MetadataDump;
import io.ecluse.warehouse.Warehouse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Copies a project while it works: its files, the metadata of one moment, and all that these refer
 * to, which never changes, so a second time copies only what is new. What is deleted waits
 * meanwhile.
 *
 * @param warehouses by environment
 * @param staging folders of batches on this machine, by environment
 * @param elsewhere batches that stay where they are
 * @param scratch a folder of this process
 */
public record Backup(
    Metadata metadata,
    ProjectFiles project,
    Map<String, Warehouse> warehouses,
    Map<String, Path> staging,
    List<Elsewhere> elsewhere,
    Path scratch) {
  /** Removal of what has had its time takes as long. */
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  /** What a backup has, and what of it was new. */
  public record Report(String moment, long files, long copied, long bytes) {}

  /**
   * Adds a moment to a folder of backups, which is made if it is not there, or makes a file of it.
   * The moment is there when it is whole, and not at all before.
   *
   * @throws EcluseException CONFLICT while another backup is made, or for long something is
   *     deleted; ALREADY_EXISTS for a file that is there; STORAGE_UNREACHABLE
   */
  public Report into(Backups backups) {
    return warehouses
        .values()
        .iterator()
        .next()
        .onceFilesStay(
            PATIENCE,
            () -> {
              try (Connection moment = metadata.dedicatedConnection();
                  Draft draft = backups.begin(Instant.now())) {
                write(moment, draft, backups);
                return draft.finish();
              } catch (SQLException e) {
                throw ErrorCode.INTERNAL.error("The backup was not made: " + e.getMessage(), e);
              } catch (IOException e) {
                throw Backups.failed("The backup was not made", e);
              }
            });
  }

  private void write(Connection moment, Draft draft, Backups backups)
      throws SQLException, IOException {
    moment.setAutoCommit(false);
    moment.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    moment.setReadOnly(true);
    writeCatalog(moment, draft);
    for (Path file : project.files(backups, places(moment))) {
      try {
        draft.own("project/" + project.folder().relativize(file), file);
      } catch (NoSuchFileException e) {
        // an editor's, gone meanwhile
      }
    }
    for (Map.Entry<String, Warehouse> each : warehouses.entrySet()) {
      writeTables(each.getKey(), each.getValue(), pointers(moment, each.getKey()), draft);
    }
    for (Map.Entry<String, Path> each : staging.entrySet()) {
      for (Path file : batches(each.getValue())) {
        draft.shared("staging/" + each.getKey() + "/" + each.getValue().relativize(file), file);
      }
    }
  }

  /** Metadata name files of before, which may have gone. */
  private void writeTables(
      String environment, Warehouse warehouse, List<String> pointers, Draft draft)
      throws IOException {
    Path folder = Files.createTempDirectory(scratch, "tables-");
    try {
      for (String name : warehouse.filesOf(pointers)) {
        String kept = "warehouse/" + environment + "/" + name;
        if (draft.has(kept)) {
          continue;
        }
        Optional<Path> file = warehouse.file(name, folder);
        if (file.isPresent() || !name.endsWith(".metadata.json")) {
          draft.shared(kept, file.orElseThrow(() -> new NoSuchFileException(name)));
        }
        if (file.filter(f -> f.startsWith(folder)).isPresent()) {
          Files.delete(file.get());
        }
      }
    } finally {
      Folders.delete(folder);
    }
  }

  /** The metadata, and which batches they go with that are not in the backup. */
  private void writeCatalog(Connection moment, Draft draft) throws SQLException, IOException {
    Path folder = Files.createTempDirectory(scratch, "catalog-");
    try {
      MetadataDump.write(moment, folder);
      try (Stream<Path> tables = Files.list(folder)) {
        for (Path table : tables.sorted().toList()) {
          draft.own("catalog/" + table.getFileName(), table);
        }
      }
      Path names = folder.resolve("names");
      for (Elsewhere each : elsewhere) {
        List<String> lines = new ArrayList<>(List.of(each.location()));
        lines.addAll(each.batches().get());
        Files.write(names, lines);
        draft.own("elsewhere/" + each.environment(), names);
      }
    } finally {
      Folders.delete(folder);
    }
  }

  /**
   * Where tables are, and where they and batches were before a command has taken them elsewhere.
   */
  private static List<String> places(Connection moment) throws SQLException {
    try (PreparedStatement statement =
        moment.prepareStatement(
            "SELECT location FROM warehouse_folder UNION SELECT location FROM warehouse_move UNION SELECT location FROM staging_move UNION SELECT moved_to FROM staging_move")) {
      return texts(statement);
    }
  }

  private static List<String> pointers(Connection moment, String environment) throws SQLException {
    try (PreparedStatement statement =
        moment.prepareStatement(
            """
            SELECT metadata_location FROM catalog_table WHERE catalog_name = ?
            UNION SELECT metadata_location FROM staged_table WHERE environment = ? AND metadata_location IS NOT NULL
            UNION SELECT base_metadata_location FROM staged_table WHERE environment = ? AND base_metadata_location IS NOT NULL
            """)) {
      for (int i = 1; i <= 3; i++) {
        statement.setString(i, environment);
      }
      return texts(statement);
    }
  }

  private static List<String> texts(PreparedStatement query) throws SQLException {
    List<String> found = new ArrayList<>();
    try (ResultSet rows = query.executeQuery()) {
      while (rows.next()) {
        found.add(rows.getString(1));
      }
    }
    return found;
  }

  /** Files of batches that are whole. */
  private static List<Path> batches(Path root) throws IOException {
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(Files::isRegularFile)
          .filter(f -> !f.toString().endsWith(".draft"))
          .filter(f -> Files.exists(f.resolveSibling("manifest.json")))
          .toList();
    }
  }
}
