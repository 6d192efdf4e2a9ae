package io.ecluse.warehouse;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.schema.Effect;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
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
import org.jspecify.annotations.Nullable;

/**
 * Deletes files of tables that nothing refers to: of forgotten states, of runs that failed, of
 * processes that were killed. First it is told all that is referred to, and if any of that cannot
 * be read, nothing is deleted. Used by one thread, once.
 */
final class Sweep {
  private final LocalFileIO io;
  private final Path location;
  private final Set<Path> kept = new HashSet<>();
  private final Set<String> manifests = new HashSet<>();
  private final Set<Path> folders = new HashSet<>();
  private final Map<Path, Path> realFolders = new HashMap<>();

  /**
   * @param location the folder of the environment's tables
   */
  Sweep(LocalFileIO io, Path location) {
    this.io = io;
    this.location = location;
  }

  /** Keeps a table with every state that it has. */
  void keep(TableMetadata table) {
    folders.add(real(io.local(table.location()).resolve("metadata")).getParent());
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
    } catch (RuntimeException e) {
      throw new EcluseException(
          ErrorCode.DATA_CORRUPT,
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
    Path path = io.local(file);
    kept.add(real(Objects.requireNonNull(path.getParent())).resolve(path.getFileName()));
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

  /** All that was told to keep. */
  Set<Path> kept() {
    return Set.copyOf(kept);
  }

  /** Deletes the rest, if it is old enough and of no run that goes on. */
  Reclaimed removeTheRest(Retention retention) {
    Rest rest = new Rest(retention);
    try {
      for (Path folder : tableFolders()) {
        Files.walkFileTree(folder, rest);
      }
    } catch (IOException e) {
      throw new EcluseException(
          ErrorCode.INTERNAL,
          "Could not remove old files from the warehouse %s: %s"
              .formatted(location, e.getMessage()),
          e);
    }
    return new Reclaimed(0, rest.files, rest.bytes);
  }

  /** Folders of tables that are, and of those that never came to be, by our way to name them. */
  private List<Path> tableFolders() throws IOException {
    List<Path> found = new ArrayList<>();
    for (Path schema : children(real(location))) {
      for (Path folder : children(schema)) {
        if (folders.contains(folder) || folder.getFileName().toString().matches(".+-[0-9a-f]{8}")) {
          found.add(folder);
        }
      }
    }
    return found;
  }

  private static List<Path> children(Path folder) throws IOException {
    try (Stream<Path> paths = Files.list(folder)) {
      return paths.filter(Files::isDirectory).sorted().toList();
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  private final class Rest extends SimpleFileVisitor<Path> {
    final Retention retention;
    long files;
    long bytes;

    Rest(Retention retention) {
      this.retention = retention;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
      return isOfActiveRun(folder) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
    }

    /** Folders of data are named after the run that writes there. */
    private boolean isOfActiveRun(Path folder) {
      String name = folder.getFileName().toString();
      return name.matches(".+-[0-9a-f]{8}")
          && retention.activeRuns().contains(name.substring(0, name.length() - 9));
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      if (!kept.contains(file) && isOld(attributes)) {
        files++;
        bytes += attributes.size();
        if (retention.effect() == Effect.REMOVE) {
          Files.deleteIfExists(file);
        }
      }
      return FileVisitResult.CONTINUE;
    }

    private boolean isOld(BasicFileAttributes attributes) {
      return attributes.lastModifiedTime().toInstant().isBefore(retention.filesBefore());
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
      if (e instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE; // another process was faster
      }
      throw e;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e)
        throws IOException {
      if (e != null) {
        throw e;
      }
      if (retention.effect() == Effect.REMOVE
          && isOld(Files.readAttributes(folder, BasicFileAttributes.class))
          && isEmpty(folder)) {
        Files.deleteIfExists(folder);
      }
      return FileVisitResult.CONTINUE;
    }

    private static boolean isEmpty(Path folder) throws IOException {
      try (Stream<Path> files = Files.list(folder)) {
        return files.findAny().isEmpty();
      }
    }
  }
}
