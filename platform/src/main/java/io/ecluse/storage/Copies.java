package io.ecluse.storage;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.text.Amounts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Files in another place, each compared with the one that it was made of: by its checksum, as far
 * as places have one, and by its size, once more, when all are there. One that is there already,
 * from a try that was cut off, is compared in the same way and not copied again. Used by one
 * thread.
 */
public final class Copies {
  /** Of so many files each is looked at by itself; of more, all are listed. */
  private static final int FEW = 64;

  private final Places source;
  private final Places target;
  private final Transfers transfers;
  private final Relocation.Asked asked;
  private final Function<String, Optional<String>> sums;

  /** By name, the files that are there. */
  private final Map<String, StoredFile> there = new HashMap<>();

  private volatile BooleanSupplier late = () -> false;
  private final AtomicLong copied = new AtomicLong();
  private final AtomicLong bytesDone = new AtomicLong();
  private final AtomicLong filesDone = new AtomicLong();

  /**
   * @param sums what a file's SHA-256 is to be, if somebody knows
   */
  Copies(
      Places source,
      Places target,
      Transfers transfers,
      Relocation.Asked asked,
      Function<String, Optional<String>> sums) {
    this.source = source;
    this.target = target;
    this.transfers = transfers;
    this.asked = asked;
    this.sums = sums;
  }

  private Storage to() {
    return target.storage();
  }

  /** Whether a file is known to be there. */
  public boolean has(String name) {
    return there.containsKey(name);
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

  /** Of these files, those that are in a place. */
  public static List<StoredFile> listed(Storage storage, Set<String> names) {
    return names.size() <= FEW
        ? names.stream().flatMap(name -> storage.find(name).stream()).toList()
        : storage.files("").stream().filter(f -> names.contains(f.name())).toList();
  }

  /** It would take longer than others can be let wait. */
  static final class Late extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** As {@link #copy}, until nothing is missing, with all compared, or Late. */
  void copyWithin(Duration time, Supplier<List<StoredFile>> missing) {
    long end = System.nanoTime() + time.toNanos();
    late = () -> System.nanoTime() > end;
    try {
      for (List<StoredFile> some = missing.get(); !some.isEmpty(); some = missing.get()) {
        copy(some);
        verify(some);
      }
    } finally {
      late = () -> false;
    }
  }

  /** Returns when these files are there. */
  void copy(List<StoredFile> missing) {
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
  }

  private record Totals(long files, long bytes) {}

  static long sum(List<StoredFile> files) {
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
    Optional<String> ours =
        has.flatMap(h -> sums.apply(file.name()).or(() -> source.storage().sha256(file.name())));
    return has.isEmpty() || ours.isEmpty() || has.equals(ours);
  }

  private void send(StoredFile file) {
    if (!source.with(file.name(), content -> send(file, content))) {
      throw differs(file, "it went away");
    }
  }

  private void send(StoredFile file, Path content) {
    try {
      if (Files.size(content) != file.bytes()) {
        throw differs(file, "it has %d bytes here".formatted(Files.size(content)));
      }
      Optional<String> known = sums.apply(file.name());
      if (known.isPresent() && !known.get().equals(Checksums.sha256(content))) {
        throw ErrorCode.DATA_CORRUPT.error(
            "%s is not what was extracted: its SHA-256 is not that of its manifest; nothing was changed. Delete that batch's folder, extract again, and move then"
                .formatted(source.where(file.name())));
      }
      to().upload(content, file.name());
      Optional<Path> copy = to().local(file.name());
      if (copy.isPresent() && !Checksums.sha256(copy.get()).equals(Checksums.sha256(content))) {
        throw differs(file, "its SHA-256 is another");
      }
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
            .formatted(file.name(), file.bytes(), target.here(), what));
  }

  private void requireRoom(long bytes) {
    OptionalLong room = to().room();
    if (room.isPresent() && room.getAsLong() < bytes) {
      throw ErrorCode.DISK_FULL.error(
          "%s are to be copied to %s, where there is room for %s; nothing was changed"
              .formatted(Amounts.bytes(bytes), target.here(), Amounts.bytes(room.getAsLong())));
    }
  }
}
