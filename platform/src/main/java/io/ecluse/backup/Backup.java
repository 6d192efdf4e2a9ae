package io.ecluse.backup;

import io.ecluse.disk.Disk;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.metadata.Metadata;
import io.ecluse.metadata.MetadataDump;
import io.ecluse.warehouse.Warehouse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Copies a project while it works: its files, the metadata of one moment, and all that these refer
 * to, which never changes, so a second time copies only what is new. What is deleted waits
 * meanwhile.
 *
 * @param project the project's folder
 * @param warehouses by environment
 * @param staging folders of batches on this machine, by environment
 */
public record Backup(
    Metadata metadata, Path project, Map<String, Warehouse> warehouses, Map<String, Path> staging) {
  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSS").withZone(ZoneOffset.UTC);

  /** What a backup has, and what of it was new. */
  public record Report(String moment, long files, long copied, long bytes) {}

  /**
   * Adds a moment to a folder of backups, which is made if it is not there.
   *
   * @throws EcluseException CONFLICT while something is deleted or another backup is made
   */
  public Report into(Path folder) {
    return warehouses
        .values()
        .iterator()
        .next()
        .whileFilesStay(
            () -> {
              try (Connection moment = metadata.dedicatedConnection()) {
                return write(moment, new BackupFolder(folder.toAbsolutePath(), new Disk()));
              } catch (SQLException | IOException e) {
                throw new EcluseException(
                    ErrorCode.INTERNAL, "The backup was not made: " + e.getMessage(), e);
              }
            });
  }

  private Report write(Connection moment, BackupFolder backups) throws SQLException, IOException {
    moment.setAutoCommit(false);
    moment.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    moment.setReadOnly(true);
    BackupFolder.Draft draft = backups.begin(NAME.format(Instant.now()));
    MetadataDump.write(moment, draft.folder("catalog"));
    draft.keepFolder("catalog");
    for (Path file : projectFiles()) {
      draft.keepOwn("project/" + project.relativize(file), file);
    }
    for (Map.Entry<String, Warehouse> each : warehouses.entrySet()) {
      Path root = each.getValue().location();
      for (Path file : each.getValue().filesOf(pointers(moment, each.getKey()))) {
        boolean metadataOfBefore = file.toString().endsWith(".metadata.json");
        if (!metadataOfBefore || Files.exists(file)) {
          draft.keepShared("warehouse/" + each.getKey() + "/" + root.relativize(file), file);
        }
      }
    }
    for (Map.Entry<String, Path> each : staging.entrySet()) {
      for (Path file : batches(each.getValue())) {
        draft.keepShared("staging/" + each.getKey() + "/" + each.getValue().relativize(file), file);
      }
    }
    return draft.finish();
  }

  private List<Path> projectFiles() throws IOException {
    try (Stream<Path> files = Files.walk(project)) {
      return files
          .filter(Files::isRegularFile)
          .filter(f -> !project.relativize(f).toString().matches("\\.(ecluse|git)/.*"))
          .toList();
    }
  }

  private static List<String> pointers(Connection moment, String environment) throws SQLException {
    List<String> found = new ArrayList<>();
    try (PreparedStatement statement =
        moment.prepareStatement(
            """
            SELECT metadata_location FROM iceberg_tables WHERE catalog_name = ?
            UNION SELECT metadata_location FROM staged_table WHERE environment = ? AND metadata_location IS NOT NULL
            UNION SELECT base_metadata_location FROM staged_table WHERE environment = ? AND base_metadata_location IS NOT NULL
            """)) {
      for (int i = 1; i <= 3; i++) {
        statement.setString(i, environment);
      }
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          found.add(rows.getString(1));
        }
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
