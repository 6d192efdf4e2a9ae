package io.ecluse.warehouse;

import io.ecluse.storage.Transfers;
import java.util.List;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.io.FileIO;

/** Writes the metadata files of tables. */
record MetadataFiles(StorageFileIO io, Transfers transfers) {
  FileIO reading() {
    return io;
  }

  Drafts drafts() {
    return new Drafts(io, transfers);
  }

  /**
   * Writes some and returns their names when they are there to stay. No transaction that others may
   * wait for is open meanwhile: a store elsewhere takes its time.
   */
  List<String> write(List<TableMetadata> all) {
    try (Drafts drafts = drafts()) {
      List<String> names =
          all.stream().map(m -> io.name(RunTableOperations.write(drafts, m))).toList();
      drafts.settle();
      return names;
    }
  }

  /** How Iceberg names a file. */
  String location(String name) {
    return io.location(name);
  }
}
