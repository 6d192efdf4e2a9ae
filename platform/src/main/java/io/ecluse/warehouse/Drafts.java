package io.ecluse.warehouse;

import io.ecluse.storage.LocalCopies;
import io.ecluse.storage.Places;
import io.ecluse.storage.Transfers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;

/**
 * What one writer of tables writes, and reads back, before anything refers to it. Files are where
 * they belong at once, if that is on this machine; else in a folder here until they are {@linkplain
 * #settle() settled}. What was not settled when it is closed has never been there.
 */
final class Drafts implements FileIO {
  private static final long serialVersionUID = 1L;

  private final transient StorageFileIO io;
  private final transient Transfers transfers;
  private final transient Optional<LocalCopies.Lease> lease;
  private final transient Map<String, Path> written = new ConcurrentHashMap<>();

  private transient volatile BooleanSupplier ended = () -> false;

  Drafts(StorageFileIO io, Transfers transfers) {
    this.io = io;
    this.transfers = transfers;
    this.lease = io.isLocal() ? Optional.empty() : Optional.of(io.places().copies().lease());
  }

  /** What is on its way is cut off once nobody waits for it any more. */
  void until(BooleanSupplier nobodyWaits) {
    ended = nobodyWaits;
  }

  /** A folder for files of that name, which is there. */
  Path folder(String name) {
    Path folder = path(name);
    io.disk().makeFolder(folder);
    return folder;
  }

  private Path path(String name) {
    return lease.map(l -> l.path(io.within(name))).orElseGet(() -> io.path(name));
  }

  /** Notes a file in one of the folders, and returns how Iceberg names it. */
  String add(Path file) {
    String name =
        lease
            .map(l -> l.path("").relativize(file).toString().replaceAll("[^A-Za-z0-9/._-]", "_"))
            .orElseGet(() -> io.name(file.toString()));
    written.put(name, file);
    return io.location(name);
  }

  @Override
  public InputFile newInputFile(String location) {
    return Optional.ofNullable(written.get(io.name(location)))
        .<InputFile>map(file -> new Draft(io.location(io.name(location)), file))
        .orElseGet(() -> io.newInputFile(location));
  }

  @Override
  public OutputFile newOutputFile(String location) {
    String name = io.name(location);
    Path file = path(name);
    try {
      Files.createDirectories(file.getParent());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    written.put(name, file);
    return new Draft(io.location(name), file);
  }

  @Override
  public void deleteFile(String location) {
    Path file = written.remove(io.name(location));
    if (file != null) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /**
   * Returns when all that was written is where it belongs and stays there after a power loss: from
   * now on something may refer to it.
   */
  void settle() {
    if (written.isEmpty()) {
      return;
    }
    if (lease.isEmpty()) {
      io.disk().sync(written.values(), Path.of(io.root()));
    } else {
      List<Callable<String>> uploads =
          written.entrySet().stream()
              .<Callable<String>>map(e -> () -> upload(e.getKey(), e.getValue()))
              .toList();
      transfers.all(uploads, ended);
    }
    written.clear();
  }

  private String upload(String name, Path file) {
    Places places = io.places();
    places.storage().upload(file, name);
    places.copies().keep(io.key(name), file); // whoever reads it next is likely to be here
    return name;
  }

  @Override
  public void close() {
    lease.ifPresent(LocalCopies.Lease::close);
  }
}
