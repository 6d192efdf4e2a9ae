package io.ecluse.warehouse;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.storage.Checksums;
import io.ecluse.storage.LocalCopies;
import io.ecluse.storage.Storage;
import io.ecluse.storage.StoredFile;
import io.ecluse.storage.Transfers;
import io.ecluse.text.Amounts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * Files of tables in another place, each compared with the one that it was made of: by its
 * checksum, as far as places have one, and by its size, once more, when all are there. One that is
 * there already, from a try that was cut off, is compared in the same way and not copied again.
 * Used by one thread.
 */
final class Copies {
  private static final String METADATA = ".metadata.json";

  /** Of so many files each is looked at by itself; of more, all are listed. */
  private static final int FEW = 64;

  private final Site source;
  private final Site target;
  private final Transfers transfers;
  private final Relocation.Asked asked;

  /** Metadata files all of whose files are there. */
  private final Set<String> whole = new HashSet<>();

  /** By name, the files that are there. */
  private final Map<String, StoredFile> there = new HashMap<>();

  private volatile BooleanSupplier late = () -> false;
  private final AtomicLong copied = new AtomicLong();
  private final AtomicLong bytesDone = new AtomicLong();
  private final AtomicLong filesDone = new AtomicLong();

  Copies(Site source, Site target, Transfers transfers, Relocation.Asked asked) {
    this.source = source;
    this.target = target;
    this.transfers = transfers;
    this.asked = asked;
  }

  private Storage from() {
    return source.io().places().storage();
  }

  private Storage to() {
    return target.io().places().storage();
  }

  long files() {
    return there.size();
  }

  long bytes() {
    return there.values().stream().mapToLong(StoredFile::bytes).sum();
  }

  /** How many were not there before. */
  long copied() {
    return copied.get();
  }

  /**
   * The files that these metadata files lead to and that are not known to be there.
   *
   * @throws EcluseException DATA_CORRUPT for a file that is nowhere
   */
  List<StoredFile> missing(Collection<String> metadata) {
    Set<String> fresh =
        metadata.stream()
            .filter(StorageFileIO::isWithin)
            .filter(name -> !whole.contains(name))
            .collect(Collectors.toSet());
    if (fresh.isEmpty()) {
      return List.of();
    }
    Set<String> names = new HashSet<>(source.reclaiming().filesOf(fresh));
    names.removeIf(name -> there.containsKey(name) || !StorageFileIO.isWithin(name));
    Map<String, StoredFile> all = listed(names);
    for (String name : names) {
      if (!all.containsKey(name) && (fresh.contains(name) || !name.endsWith(METADATA))) {
        throw ErrorCode.DATA_CORRUPT.error(
            "%s is missing, which a table needs; nothing was changed"
                .formatted(source.io().places().where(name)));
      }
    }
    return List.copyOf(all.values()); // metadata of before may have been removed
  }

  private Map<String, StoredFile> listed(Set<String> names) {
    if (names.size() <= FEW) {
      return names.stream()
          .flatMap(name -> from().find(name).stream())
          .collect(Collectors.toMap(StoredFile::name, f -> f));
    }
    return from().files("").stream()
        .filter(f -> names.contains(f.name()))
        .collect(Collectors.toMap(StoredFile::name, f -> f));
  }

  /** It would take longer than others can be let wait. */
  static final class Late extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** As {@link #copy}, with all compared, or Late. */
  void copyWithin(Duration time, Collection<String> metadata) {
    long end = System.nanoTime() + time.toNanos();
    late = () -> System.nanoTime() > end;
    try {
      verify(copy(metadata));
    } finally {
      late = () -> false;
    }
  }

  /** Returns when all that these metadata files lead to is there, with what was not before. */
  List<StoredFile> copy(Collection<String> metadata) {
    List<StoredFile> missing = missing(metadata);
    Map<String, StoredFile> before =
        missing.size() <= FEW
            ? Map.of()
            : to().files("").stream().collect(Collectors.toMap(StoredFile::name, f -> f));
    requireRoom(
        missing.stream()
            .filter(f -> !before.containsKey(f.name()))
            .mapToLong(StoredFile::bytes)
            .sum());
    Totals totals = new Totals(files() + missing.size(), bytes() + sum(missing));
    filesDone.set(files());
    bytesDone.set(bytes());
    List<Callable<StoredFile>> works =
        missing.stream().<Callable<StoredFile>>map(f -> () -> bring(f, totals)).toList();
    transfers.all(works).forEach(f -> there.put(f.name(), f));
    metadata.stream().filter(StorageFileIO::isWithin).forEach(whole::add);
    return missing;
  }

  private record Totals(long files, long bytes) {}

  private static long sum(List<StoredFile> files) {
    return files.stream().mapToLong(StoredFile::bytes).sum();
  }

  private StoredFile bring(StoredFile file, Totals totals) {
    if (asked.ended().getAsBoolean()) {
      throw ErrorCode.CANCELLED.error(
          "Nobody waits for the move any more; the same command goes on with it");
    }
    if (late.getAsBoolean()) {
      throw new Late();
    }
    if (!isThere(file)) {
      send(file);
      copied.incrementAndGet();
    }
    asked
        .progress()
        .accept(
            new Relocation.Progress(
                filesDone.incrementAndGet(),
                totals.files(),
                bytesDone.addAndGet(file.bytes()),
                totals.bytes()));
    return file;
  }

  /** Whether it is there with the same content, as far as that can be told. */
  private boolean isThere(StoredFile file) {
    Optional<StoredFile> found = to().find(file.name());
    if (found.isEmpty() || found.get().bytes() != file.bytes()) {
      return false;
    }
    Optional<String> has = to().sha256(file.name());
    Optional<String> ours = has.flatMap(h -> from().sha256(file.name()));
    return has.isEmpty() || ours.isEmpty() || has.equals(ours);
  }

  private void send(StoredFile file) {
    Optional<Path> here = from().local(file.name());
    if (here.isPresent()) {
      send(file, here.get());
      return;
    }
    LocalCopies copies = source.io().places().copies();
    Path draft = copies.draft(source.io().key(file.name()));
    try {
      if (!from().download(file.name(), draft)) {
        throw differs(file, "it went away");
      }
      send(file, draft);
    } finally {
      delete(draft);
    }
  }

  private void send(StoredFile file, Path content) {
    to().upload(content, file.name());
    Optional<Path> copy = to().local(file.name());
    try {
      if (Files.size(content) != file.bytes()) {
        throw differs(file, "it has %d bytes here".formatted(Files.size(content)));
      }
      if (copy.isPresent() && !Checksums.sha256(copy.get()).equals(Checksums.sha256(content))) {
        throw differs(file, "its SHA-256 is another");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path draft) {
    try {
      Files.deleteIfExists(draft);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Compares the sizes of all that is there.
   *
   * @throws EcluseException DATA_CORRUPT
   */
  void verify() {
    verify(List.copyOf(there.values()));
  }

  private void verify(List<StoredFile> files) {
    Map<String, Long> found = new HashMap<>();
    if (files.size() > FEW) {
      to().files("").forEach(f -> found.put(f.name(), f.bytes()));
    } else {
      files.forEach(f -> to().find(f.name()).ifPresent(t -> found.put(t.name(), t.bytes())));
    }
    for (StoredFile file : files) {
      Long bytes = found.get(file.name());
      if (bytes == null || bytes != file.bytes()) {
        throw differs(file, bytes == null ? "it is not there" : bytes + " bytes are there");
      }
    }
  }

  private EcluseException differs(StoredFile file, String what) {
    return ErrorCode.DATA_CORRUPT.error(
        "The copy of %s (%d bytes) in %s is not what it should be: %s; nothing was changed, try again"
            .formatted(file.name(), file.bytes(), target.io().root(), what));
  }

  private void requireRoom(long bytes) {
    OptionalLong room = to().room();
    if (room.isPresent() && room.getAsLong() < bytes) {
      throw ErrorCode.DISK_FULL.error(
          "%s are to be copied to %s, where there is room for %s; nothing was changed"
              .formatted(
                  Amounts.bytes(bytes), target.io().root(), Amounts.bytes(room.getAsLong())));
    }
  }
}
