package io.ecluse.warehouse;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.schema.TableName;
import io.ecluse.storage.Places;
import io.ecluse.storage.Transfers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Files of tables on this machine, for as long as somebody reads them: those of a warehouse that is
 * here are where they are; of others there are copies, which stay until this is closed. Used by one
 * thread.
 */
public final class TableFiles implements AutoCloseable {
  private static final long MEGABYTE = 1_000_000;

  private final Supplier<StorageFileIO> now;
  private final Transfers transfers;
  private final BooleanSupplier ended;

  /** By name, the files that stay here for us. */
  private final Map<String, Held> held = new ConcurrentHashMap<>();

  private long bytes;

  /** A copy, and of whose. */
  private record Held(StorageFileIO io, Path file) {}

  /**
   * @param now where the tables are; names that were found before they were taken there are good
   *     there, too
   */
  TableFiles(Supplier<StorageFileIO> now, Transfers transfers, BooleanSupplier ended) {
    this.now = now;
    this.transfers = transfers;
    this.ended = ended;
  }

  /**
   * The same states, whose files can be read here.
   *
   * @throws EcluseException CANCELLED once nobody waits any more; CACHE_TOO_SMALL, before anything
   *     is fetched, if the copies are more than may be kept here; DATA_CORRUPT if a file is missing
   *     or not what it was; what a storage says
   */
  public Map<TableName, TableSnapshot> here(Map<TableName, TableSnapshot> tables) {
    hold(tables.values().stream().flatMap(t -> t.files().stream()).toList());
    Map<TableName, TableSnapshot> here = new LinkedHashMap<>();
    tables.forEach(
        (name, table) ->
            here.put(name, isHere(table.files()) ? table : table.of(paths(table.files()))));
    return here;
  }

  /** As {@link #here(Map)}. */
  public TableSnapshot here(TableSnapshot table) {
    return here(Map.of(table.table(), table)).values().iterator().next();
  }

  /** As {@link #here(Map)}. */
  public FileReach here(FileReach file) {
    return here(List.of(file)).get(0);
  }

  /** As {@link #here(Map)}. */
  public List<FileReach> here(List<FileReach> files) {
    if (isHere(files.stream().map(FileReach::file).toList())) {
      return files;
    }
    hold(files.stream().map(FileReach::file).toList());
    return files.stream().map(f -> f.with(path(f.file()))).toList();
  }

  /** A file of a warehouse on this machine is told by its path. */
  private static boolean isHere(List<TableSnapshot.DataFile> files) {
    return files.stream().noneMatch(f -> StorageFileIO.isWithin(f.path()));
  }

  private List<TableSnapshot.DataFile> paths(List<TableSnapshot.DataFile> files) {
    return files.stream().map(this::path).toList();
  }

  private TableSnapshot.DataFile path(TableSnapshot.DataFile file) {
    return file.at(name -> here(name).toString());
  }

  private Path here(String name) {
    Held copy = held.get(name);
    if (copy != null) {
      return copy.file();
    }
    return StorageFileIO.isWithin(name) ? now.get().path(name) : Path.of(name);
  }

  private void hold(List<TableSnapshot.DataFile> files) {
    StorageFileIO io = now.get();
    if (io.isLocal()) {
      return;
    }
    hold(io, files);
  }

  private void hold(StorageFileIO io, List<TableSnapshot.DataFile> files) {
    Map<String, Long> wanted = new HashMap<>();
    for (TableSnapshot.DataFile file : files) {
      wanted.put(file.path(), file.bytes());
      file.deleted().file().ifPresent(f -> wanted.put(f, -1L));
    }
    wanted.keySet().removeIf(name -> held.containsKey(name) || !StorageFileIO.isWithin(name));
    long more = wanted.values().stream().filter(b -> b > 0).mapToLong(b -> b).sum();
    long most = io.places().copies().mostBytes();
    if (bytes + more > most) {
      throw new EcluseException(
          ErrorCode.CACHE_TOO_SMALL,
          "The tables have %d MB of files in %s to be read at once, but only %d MB of copies may be kept here; raise warehouse.cache"
              .formatted((bytes + more) / MEGABYTE + 1, io.root(), most / MEGABYTE));
    }
    List<Callable<String>> fetches =
        wanted.entrySet().stream()
            .<Callable<String>>map(e -> () -> hold(io, e.getKey(), e.getValue()))
            .toList();
    transfers.all(fetches);
    bytes += more;
  }

  private String hold(StorageFileIO io, String name, long size) {
    if (ended.getAsBoolean()) {
      throw new EcluseException(ErrorCode.CANCELLED, "The query was cancelled");
    }
    Path file = fetched(io, name);
    if (!isWhole(file, size)) { // the disk here has lost some of it
      io.places().copies().release(io.key(name));
      io.places().copies().drop(io.key(name));
      file = fetched(io, name);
      if (!isWhole(file, size)) {
        io.places().copies().release(io.key(name));
        io.places().copies().drop(io.key(name));
        throw corrupt(io, name, "it should have %d bytes".formatted(size));
      }
    }
    held.put(name, new Held(io, file));
    return name;
  }

  private Path fetched(StorageFileIO io, String name) {
    Places places = io.places();
    return places
        .copies()
        .hold(io.key(name), to -> places.storage().download(name, to))
        .orElseThrow(() -> corrupt(io, name, "it is missing"));
  }

  private static boolean isWhole(Path file, long size) {
    try {
      return size < 0 || Files.size(file) == size;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private EcluseException corrupt(StorageFileIO io, String name, String what) {
    return new EcluseException(
        ErrorCode.DATA_CORRUPT,
        "The table file %s is not what was written: %s; was the warehouse changed by something else?"
            .formatted(io.places().where(name), what));
  }

  @Override
  public void close() {
    held.forEach((name, copy) -> copy.io().places().copies().release(copy.io().key(name)));
    held.clear();
  }
}
