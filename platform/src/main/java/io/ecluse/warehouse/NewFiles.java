package io.ecluse.warehouse;

import io.ecluse.schema.TableName;
import io.ecluse.storage.StoredFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileContent;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.ManifestContent;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.PartitionStatisticsFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.StatisticsFile;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.exceptions.RuntimeIOException;

/** Looks at the files that one commit of another engine adds to a table. Used by one thread. */
final class NewFiles {
  private final TableName table;
  private final MetadataFiles files;
  private final Drafts drafts;
  private final StorageFileIO io;
  private final TableMetadata changed;
  private final String folder;
  private final TrustedBounds bounds;

  /** By name in the warehouse, how many bytes each new file is to have; negative if nobody says. */
  private final Map<String, Long> added = new HashMap<>();

  /** Those of the new files that hold rows. */
  private final Set<String> data = new HashSet<>();

  NewFiles(TableName table, MetadataFiles files, Drafts drafts, TableMetadata changed) {
    this.table = table;
    this.files = files;
    this.drafts = drafts;
    this.io = files.io();
    this.changed = changed;
    this.folder = io.name(changed.location()) + "/";
    this.bounds = new TrustedBounds(io, drafts, changed.schema());
  }

  /** As {@link Admission#admit}. */
  Map<Long, String> admit(Optional<TableMetadata> before) {
    Set<Long> states = new HashSet<>();
    Set<String> known = new HashSet<>();
    before.ifPresent(
        b ->
            b.snapshots()
                .forEach(
                    s -> {
                      states.add(s.snapshotId());
                      known.add(s.manifestListLocation());
                    }));
    before
        .map(TableMetadata::currentSnapshot)
        .ifPresent(s -> s.allManifests(io).forEach(m -> known.add(m.path())));
    Map<Long, String> lists = new HashMap<>();
    for (Snapshot snapshot : changed.snapshots()) {
      if (!states.contains(snapshot.snapshotId())) {
        admit(snapshot, known).ifPresent(list -> lists.put(snapshot.snapshotId(), list));
      }
    }
    changed.statisticsFiles().stream().map(StatisticsFile::path).forEach(this::inTable);
    changed.partitionStatisticsFiles().stream()
        .map(PartitionStatisticsFile::path)
        .forEach(this::inTable);
    settle();
    return lists;
  }

  private Optional<String> admit(Snapshot snapshot, Set<String> known) {
    if (snapshot.manifestListLocation() == null) {
      throw ForeignRules.refused(table, "has a state without a list of manifests");
    }
    add(snapshot.manifestListLocation(), -1);
    List<ManifestFile> all = read(() -> snapshot.allManifests(io));
    for (ManifestFile manifest : all) {
      if (known.add(manifest.path())) {
        add(manifest.path(), manifest.length());
        read(
            () -> {
              admit(manifest);
              return manifest;
            });
      }
    }
    return bounds.list(snapshot.manifestListLocation(), all);
  }

  private void admit(ManifestFile manifest) {
    boolean ofData = manifest.content() == ManifestContent.DATA;
    try (ManifestReader<?> files =
        ofData
            ? ManifestFiles.read(manifest, io, changed.specsById())
            : ManifestFiles.readDeleteManifest(manifest, io, changed.specsById())) {
      for (ContentFile<?> file : files) {
        add(file.location(), file.fileSizeInBytes());
        if (file.format() != FileFormat.PARQUET) {
          throw ForeignRules.refused(
              table,
              "has a file of format %s, of which only Parquet is read here"
                  .formatted(file.format()));
        }
        if (file.content() == FileContent.EQUALITY_DELETES) {
          throw ForeignRules.refused(
              table,
              "has equality deletes, which are not read here; delete by position, or write the files anew");
        }
        if (file instanceof DataFile each) {
          data.add(inTable(file.location()));
          bounds.look(manifest, each);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A file's name in the warehouse, if it is in the table's folder. */
  private String inTable(String location) {
    String name;
    try {
      name = io.name(location);
    } catch (IllegalArgumentException e) {
      throw ForeignRules.refused(
          table, "names a file %s, which is no location".formatted(location));
    }
    if (!name.startsWith(folder) || ("/" + name + "/").contains("/../")) {
      throw ForeignRules.refused(
          table, "has a file %s outside of its folder %s".formatted(location, changed.location()));
    }
    return name;
  }

  private void add(String location, long bytes) {
    added.put(inTable(location), bytes);
  }

  private interface Reading<T> {
    T read();
  }

  private <T> T read(Reading<T> reading) {
    try {
      return reading.read();
    } catch (org.apache.iceberg.exceptions.NotFoundException | RuntimeIOException e) {
      throw ForeignRules.refused(
          table, "refers to a file that cannot be read: " + String.valueOf(e.getMessage()));
    }
  }

  private void settle() {
    List<Callable<String>> looks = new ArrayList<>();
    added.forEach(
        (name, bytes) ->
            looks.add(
                () -> {
                  requireWhole(
                      name, bytes, io.places().storage().find(name).map(StoredFile::bytes));
                  if (data.contains(name)) {
                    requireIds(name);
                  }
                  return name;
                }));
    files.transfers().all(looks);
    if (io.isLocal() && !added.isEmpty()) {
      io.disk().sync(added.keySet().stream().map(io::path).toList(), Path.of(io.root()));
    }
    drafts.settle();
  }

  /** Columns are found by their ids here; without, each would be read as NULL. */
  private void requireIds(String name) {
    boolean all;
    try {
      all = Footer.of(io.places().storage(), name).hasIds();
    } catch (IOException e) {
      throw ForeignRules.refused(
          table,
          "has a file %s that is not read as Parquet: %s"
              .formatted(io.location(name), e.getMessage()));
    }
    if (!all) {
      throw ForeignRules.refused(
          table,
          "has a file %s whose columns have no field ids; let the engine write it anew"
              .formatted(io.location(name)));
    }
  }

  private void requireWhole(String name, long wanted, Optional<Long> found) {
    if (found.isEmpty()) {
      throw ForeignRules.refused(
          table, "refers to %s, which is not there".formatted(io.location(name)));
    }
    if (wanted >= 0 && found.get() != wanted) {
      throw ForeignRules.refused(
          table,
          "refers to %s as of %d bytes, but it has %d"
              .formatted(io.location(name), wanted, found.get()));
    }
  }
}
