package io.ecluse.warehouse;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.schema.Effect;
import io.ecluse.storage.Storage;
import io.ecluse.storage.StoredFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.ManifestContent;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.PartitionStatisticsFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.StatisticsFile;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.io.CloseableIterable;

/**
 * Deletes files of tables that nothing refers to: of forgotten states, of runs that failed, of
 * processes that were killed. First it is told all that is referred to, and if any of that cannot
 * be read, nothing is deleted. Used by one thread, once.
 */
final class Sweep {
  /** How we name folders of tables, and those of data, which are named after a run. */
  private static final Pattern OURS = Pattern.compile("(.+)-[0-9a-f]{8}");

  private static final Pattern TABLE = Pattern.compile("([^/]+/([^/]+))/.+");

  private final StorageFileIO io;
  private final Set<String> kept = new HashSet<>();
  private final Set<String> manifests = new HashSet<>();
  private final Set<String> tables = new HashSet<>();
  private final Map<Path, Path> realFolders = new HashMap<>();

  Sweep(StorageFileIO io) {
    this.io = io;
  }

  /** Keeps a table with every state that it has. */
  void keep(TableMetadata table) {
    tables.add(name(table.location()));
    table.previousFiles().forEach(f -> keep(f.file()));
    table.statisticsFiles().stream().map(StatisticsFile::path).forEach(this::keep);
    table.partitionStatisticsFiles().stream()
        .map(PartitionStatisticsFile::path)
        .forEach(this::keep);
    table.snapshots().forEach(s -> keep(table, s));
  }

  /** Keeps one state of a table, and what it needs. */
  void keep(TableMetadata table, Snapshot snapshot) {
    keep(snapshot.manifestListLocation());
    try {
      for (ManifestFile manifest : snapshot.allManifests(io)) {
        keep(manifest.path());
        if (manifests.add(manifest.path())
            && (manifest.hasAddedFiles() || manifest.hasExistingFiles())) {
          keepContent(table, manifest);
        }
      }
    } catch (EcluseException e) {
      throw e;
    } catch (RuntimeException e) {
      throw ErrorCode.DATA_CORRUPT.error(
          "Could not read what the state %d of %s is made of, so no file is deleted: %s"
              .formatted(snapshot.snapshotId(), table.location(), e.getMessage()),
          e);
    }
  }

  private void keepContent(TableMetadata table, ManifestFile manifest) {
    try {
      if (manifest.content() == ManifestContent.DATA) {
        try (CloseableIterable<String> paths =
            ManifestFiles.readPaths(manifest, io, table.specsById())) {
          paths.forEach(this::keep);
        }
      } else {
        try (CloseableIterable<DeleteFile> deletes =
            ManifestFiles.readDeleteManifest(manifest, io, table.specsById())) {
          deletes.forEach(d -> keep(d.location()));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void keep(String file) {
    kept.add(name(file));
  }

  /** Within the warehouse, also if links lead there. */
  private String name(String location) {
    String name = io.name(location);
    if (StorageFileIO.isWithin(name) || !io.isLocal()) {
      return name;
    }
    Path path = Path.of(name);
    Path root = real(Path.of(io.root()));
    Path file = real(Objects.requireNonNull(path.getParent())).resolve(path.getFileName());
    return file.startsWith(root) ? root.relativize(file).toString() : name;
  }

  private Path real(Path folder) {
    return realFolders.computeIfAbsent(
        folder,
        f -> {
          try {
            return f.toRealPath();
          } catch (IOException e) {
            return f.toAbsolutePath().normalize(); // there is nothing in it to delete
          }
        });
  }

  /** Takes a folder for a table's, whoever named it. */
  void of(String table) {
    tables.add(table);
  }

  /** Deletes what was told to be tables, and what looks like one. */
  Reclaimed removeAll(Instant now) {
    Instant later = now.plus(Duration.ofDays(1));
    return removeTheRest(new Retention(later, later, Set.of(), Set.of(), Effect.REMOVE));
  }

  /** The names of all that was told to keep. */
  Set<String> kept() {
    return Set.copyOf(kept);
  }

  /** Deletes the rest, if it is old enough and of no run that goes on. */
  Reclaimed removeTheRest(Retention retention) {
    Storage storage = io.places().storage();
    List<StoredFile> rest =
        storage.files("").stream()
            .filter(f -> isOfTable(f.name()) && !kept.contains(f.name()))
            .filter(f -> f.modifiedAt().isBefore(retention.filesBefore()))
            .filter(f -> !isOfActiveRun(f.name(), retention))
            .toList();
    if (retention.effect() == Effect.REMOVE) {
      storage.delete(rest.stream().map(StoredFile::name).toList());
      storage.sweep("", retention.filesBefore());
      storage.local("").ifPresent(root -> removeEmpty(root, retention));
    }
    return new Reclaimed(0, rest.size(), rest.stream().mapToLong(StoredFile::bytes).sum());
  }

  /** Of one that is, or of one that never came to be, by our way to name folders. */
  private boolean isOfTable(String name) {
    Matcher table = TABLE.matcher(name);
    return table.matches()
        && (tables.contains(table.group(1)) || OURS.matcher(table.group(2)).matches());
  }

  private static boolean isOfActiveRun(String name, Retention retention) {
    return Stream.of(name.split("/"))
        .map(OURS::matcher)
        .anyMatch(m -> m.matches() && retention.activeRuns().contains(m.group(1)));
  }

  /** Folders of tables in which there is no file any more, or never was. */
  private void removeEmpty(Path root, Retention retention) {
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        String name = root.relativize(path).toString();
        if (Files.isDirectory(path)
            && isOfTable(name + "/x")
            && !isOfActiveRun(name, retention)
            && Files.getLastModifiedTime(path).toInstant().isBefore(retention.filesBefore())) {
          deleteEmpty(path);
        }
      }
    } catch (NoSuchFileException e) {
      return; // nothing was written yet
    } catch (IOException | UncheckedIOException e) {
      throw ErrorCode.INTERNAL.error(
          "Could not remove old folders from the warehouse %s: %s".formatted(root, e.getMessage()),
          e);
    }
  }

  private static void deleteEmpty(Path folder) throws IOException {
    try {
      Files.deleteIfExists(folder);
    } catch (DirectoryNotEmptyException e) {
      return; // something is in it
    }
  }
}
