package io.ecluse.warehouse;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.schema.TableName;
import io.ecluse.storage.LocalCopies;
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
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Files of tables on this machine, for as long as somebody reads them: those of a warehouse that is
 * here are where they are; of others there are copies, which stay until this is closed. Used by one
 * thread.
 */
public final class TableFiles implements AutoCloseable {
  private static final long MEGABYTE = 1_000_000;
  private static final int FEWEST_PARTS = 4;

  private final Supplier<StorageFileIO> now;
  private final Transfers transfers;
  private final BooleanSupplier ended;

  /** By name, the files that stay here for us. */
  private final Map<String, Held> held = new ConcurrentHashMap<>();

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

  /** Whether copies of all these can be here at once. */
  public boolean fit(List<FileReach> files) {
    return fits(files.stream().map(FileReach::file).toList());
  }

  private boolean fits(List<TableSnapshot.DataFile> files) {
    StorageFileIO io = now.get();
    return io.isLocal() || bytes + sum(wanted(files)) <= io.places().copies().mostBytes();
  }

  /**
   * Works with files that are here: with all at once, and they stay, if copies of all can be here;
   * and else with some after others, however large one is, whose copies go.
   */
  public void inParts(List<FileReach> files, Consumer<List<FileReach>> work) {
    if (fit(files)) {
      work.accept(here(files));
      return;
    }
    parts(
        files,
        FileReach::file,
        part -> work.accept(part.stream().map(f -> f.with(path(f.file()))).toList()));
  }

  /** As {@link #inParts(List, Consumer)}. */
  public void inParts(TableSnapshot table, Consumer<TableSnapshot> work) {
    if (fits(table.files())) {
      work.accept(here(table));
    } else {
      inTurn(table, work);
    }
  }

  /** As {@link #inParts(List, Consumer)}, if copies of all are too much. */
  public void inTurn(TableSnapshot table, Consumer<TableSnapshot> work) {
    parts(table.files(), file -> file, part -> work.accept(table.of(paths(part))));
  }

  private <T> void parts(
      List<T> all, Function<T, TableSnapshot.DataFile> file, Consumer<List<T>> work) {
    long most = now.get().places().copies().mostBytes() / FEWEST_PARTS;
    List<T> next = new ArrayList<>();
    long size = 0;
    for (T each : all) {
      long more = file.apply(each).bytes();
      if (!next.isEmpty() && size + more > most) {
        part(next, file, work);
        next.clear();
        size = 0;
      }
      next.add(each);
      size += more;
    }
    part(next, file, work);
  }

  private <T> void part(
      List<T> some, Function<T, TableSnapshot.DataFile> file, Consumer<List<T>> work) {
    StorageFileIO io = now.get();
    LocalCopies copies = io.places().copies();
    Map<String, Long> wanted = wanted(some.stream().map(file).toList());
    List<String> passing =
        wanted.keySet().stream().filter(name -> !copies.has(io.key(name))).toList();
    try {
      fetch(io, wanted);
      work.accept(List.copyOf(some));
    } finally {
      wanted.keySet().forEach(this::release);
      passing.forEach(name -> copies.drop(io.key(name)));
    }
  }

  private void release(String name) {
    Held copy = held.remove(name);
    if (copy != null) {
      copy.io().places().copies().release(copy.io().key(name));
    }
  }

  /** The file here that tells which rows a file has lost. */
  public Optional<String> lost(FileReach file) {
    Optional<String> lost = file.file().deleted().file();
    lost.filter(name -> StorageFileIO.isWithin(name) && !held.containsKey(name))
        .filter(name -> !now.get().isLocal())
        .ifPresent(name -> fetch(now.get(), Map.of(name, -1L)));
    return lost.map(name -> here(name).toString());
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

  private List<FileReach> here(List<FileReach> files) {
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
    long more = sum(wanted);
    long most = io.places().copies().mostBytes();
    if (bytes + more > most) {
      throw ErrorCode.CACHE_TOO_SMALL.error(
          "The tables have %d MB of files in %s to be read at once, but only %d MB of copies may be kept here; raise warehouse.cache"
              .formatted((bytes + more) / MEGABYTE + 1, io.root(), most / MEGABYTE));
    }
    fetch(io, wanted);
    bytes += more;
  }

  private static long sum(Map<String, Long> sizes) {
    return sizes.values().stream().filter(b -> b > 0).mapToLong(b -> b).sum();
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
