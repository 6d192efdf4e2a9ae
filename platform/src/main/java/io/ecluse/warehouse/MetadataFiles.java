package io.ecluse.warehouse;

import io.ecluse.disk.Disk;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.io.FileIO;

/** Writes the metadata files of tables. */
final class MetadataFiles {
  private final LocalFileIO io;
  private final Disk disk;
  private final WarehouseFolder folder;

  /**
   * @param folder of the environment's tables
   */
  MetadataFiles(LocalFileIO io, Disk disk, WarehouseFolder folder) {
    this.io = io;
    this.disk = disk;
    this.folder = folder;
  }

  FileIO io() {
    return io;
  }

  /** Writes one and returns where. Nothing may point to it before {@link #settle}. */
  String write(TableMetadata metadata) {
    return RunTableOperations.write(io, metadata);
  }

  /** Returns when files that were written are on the disk. */
  void settle(Collection<String> locations) {
    List<Path> files = locations.stream().map(io::local).toList();
    if (!files.isEmpty()) {
      disk.sync(files, folder.location());
    }
  }
}
