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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
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
  private static final int FEWEST_PIECES = 4;

  private final Supplier<StorageFileIO> now;
  private final Transfers transfers;
  private final BooleanSupplier ended;

  /** By name, the files that stay here for us. */
  private final Map<String, Held> held = new ConcurrentHashMap<>();

  /** Files that were not here before, and are not to stay. */
  private final Set<String> passing = ConcurrentHashMap.newKeySet();

  private final List<Path> owned = new ArrayList<>();

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

  /** Those of the tables that copies of all would be too much of; none, if all fit. */
  public Set<TableName> large(Map<TableName, TableSnapshot> tables) {
    StorageFileIO io = now.get();
    if (io.isLocal()) {
      return Set.of();
    }
    long most = io.places().copies().mostBytes();
    Map<TableName, Long> sizes = new HashMap<>();
    tables.forEach((name, table) -> sizes.put(name, isHere(table.files()) ? 0 : table.bytes()));
    if (bytes + sizes.values().stream().mapToLong(b -> b).sum() <= most) {
      return Set.of();
    }
    Set<TableName> large = new HashSet<>(tables.keySet());
    long whole = bytes;
    for (TableName name :
        sizes.keySet().stream().sorted(Comparator.comparing(sizes::get)).toList()) {
      whole += Objects.requireNonNull(sizes.get(name));
      if (whole > most / 2) {
        break;
      }
      large.remove(name);
    }
    return large;
  }

  /** A table in parts, each of a few files, of which copies fit well. */
  public List<TableSnapshot> pieces(TableSnapshot table) {
    long most = now.get().places().copies().mostBytes() / FEWEST_PIECES;
    List<TableSnapshot> pieces = new ArrayList<>();
    List<TableSnapshot.DataFile> next = new ArrayList<>();
    long size = 0;
    for (TableSnapshot.DataFile file : table.files()) {
      if (!next.isEmpty() && size + file.bytes() > most) {
        pieces.add(table.of(next));
        next.clear();
        size = 0;
      }
      next.add(file);
      size += file.bytes();
    }
    if (!next.isEmpty()) {
      pieces.add(table.of(next));
    }
    return pieces;
  }

  /** As {@link #here(TableSnapshot)} for one of the {@link #pieces}, however large a file is. */
  public TableSnapshot hold(TableSnapshot piece) {
    StorageFileIO io = now.get();
    Map<String, Long> wanted = wanted(piece.files());
    wanted.keySet().stream()
        .filter(name -> !io.places().copies().has(io.key(name)))
        .forEach(passing::add);
    fetch(io, wanted);
    return piece.of(paths(piece.files()));
  }

  /** Ends what {@link #hold} began; copies that only this has needed go. */
  public void release(TableSnapshot piece) {
    for (String name : piece.paths()) {
      Held copy = held.remove(name);
      if (copy != null) {
        copy.io().places().copies().release(copy.io().key(name));
        if (passing.remove(name)) {
          copy.io().places().copies().drop(copy.io().key(name));
        }
      }
    }
  }

  /** Makes a folder that goes when this is closed. */
  public Path own(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    owned.add(folder);
    return folder;
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
    Map<String, Long> wanted = wanted(files);
    long more = wanted.values().stream().filter(b -> b > 0).mapToLong(b -> b).sum();
    long most = io.places().copies().mostBytes();
    if (bytes + more > most) {
      throw ErrorCode.CACHE_TOO_SMALL.error(
          "The tables have %d MB of files in %s to be read at once, but only %d MB of copies may be kept here; raise warehouse.cache"
              .formatted((bytes + more) / MEGABYTE + 1, io.root(), most / MEGABYTE));
    }
    fetch(io, wanted);
    bytes += more;
  }

  /** Sizes of files that are not held yet; -1 where it is not known. */
  private Map<String, Long> wanted(List<TableSnapshot.DataFile> files) {
    Map<String, Long> wanted = new HashMap<>();
    for (TableSnapshot.DataFile file : files) {
      wanted.put(file.path(), file.bytes());
      file.deleted().file().ifPresent(f -> wanted.put(f, -1L));
    }
    wanted.keySet().removeIf(name -> held.containsKey(name) || !StorageFileIO.isWithin(name));
    return wanted;
  }

  private void fetch(StorageFileIO io, Map<String, Long> wanted) {
    List<Callable<String>> fetches =
        wanted.entrySet().stream()
            .<Callable<String>>map(e -> () -> hold(io, e.getKey(), e.getValue()))
            .toList();
    transfers.all(fetches, ended);
  }

  private String hold(StorageFileIO io, String name, long size) {
    if (ended.getAsBoolean()) {
      throw ErrorCode.CANCELLED.error("The query was cancelled");
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
    return ErrorCode.DATA_CORRUPT.error(
        "The table file %s is not what was written: %s; was the warehouse changed by something else?"
            .formatted(io.places().where(name), what));
  }

  @Override
  public void close() {
    held.forEach((name, copy) -> copy.io().places().copies().release(copy.io().key(name)));
    held.clear();
    owned.forEach(Places::deleteHere);
    owned.clear();
  }
}
