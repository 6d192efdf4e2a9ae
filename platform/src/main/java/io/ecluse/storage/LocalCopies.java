package io.ecluse.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Files of elsewhere, kept on this machine up to so many bytes; those not used for the longest time
 * go first. What a key stands for never changes, so nothing is ever out of date.
 *
 * <p>Whoever needs copies takes a {@link Lease}: a folder of second names, which stay whatever is
 * removed meanwhile. Safe for use by several threads and processes; what a process that died had
 * leased is removed by the next.
 */
public final class LocalCopies implements AutoCloseable {
  /** What is kept beyond the bound before some of it goes, as a part of that. */
  private static final long SLACK = 50;

  private static final int LOCKS = 256;

  private final Path folder;
  private final long mostBytes;
  private final Clock clock;
  private final Map<String, Integer> held = new HashMap<>();
  private final Object[] fetching = Stream.generate(Object::new).limit(LOCKS).toArray();
  private final AtomicLong added;
  private final AtomicLong leases = new AtomicLong();
  private final Turns turns;
  private volatile Optional<Owner> owner = Optional.empty();

  /** This process's folder of leases, and the lock that says that the process lives. */
  private record Owner(Path folder, FileChannel channel) {}

  /** Brings a file here. */
  @FunctionalInterface
  public interface Fetch {
    /** Returns whether there is such a file. */
    boolean to(Path file);
  }

  public LocalCopies(Path folder, long mostBytes, Clock clock) {
    this.folder = folder;
    this.mostBytes = mostBytes;
    this.clock = clock;
    this.turns = new Turns(folder.resolve("fetching.lock"));
    this.added = new AtomicLong(mostBytes);
  }

  /** How much is kept. */
  public long mostBytes() {
    return mostBytes;
  }

  /** All copies are in it. */
  public Path folder() {
    return folder;
  }

  private Path kept(String key) {
    return folder.resolve("kept").resolve(key);
  }

  /** Takes over a file that is here already. */
  public void put(String key, Path file) {
    long bytes;
    try {
      bytes = Files.size(file);
      Files.createDirectories(folder.resolve("kept"));
      Files.move(file, kept(key), StandardCopyOption.ATOMIC_MOVE);
      used(kept(key));
    } catch (IOException e) {
      throw LocalErrors.of("keep " + file, e);
    }
    if (added.addAndGet(bytes) * SLACK >= mostBytes) {
      added.set(0);
      shrink();
    }
  }

  /** Keeps a copy of a file that is here, whose own name is for its owner to delete. */
  public void keep(String key, Path file) {
    Path draft = draft(key);
    if (LocalStorage.link(file, draft)) {
      put(key, draft);
    }
  }

  /**
   * The copy that a key stands for, fetched if it is not here, under a name that is the same for
   * all of this process. It stays until it was {@link #release released} as often as it was asked
   * for.
   *
   * @return empty if there is nothing to fetch
   */
  public Optional<Path> hold(String key, Fetch fetch) {
    Path file = owner().folder.resolve("held").resolve(key);
    synchronized (fetching[Math.floorMod(key.hashCode(), LOCKS)]) { // one fetches for all
      if (hold(key, file, kept(key))) {
        used(file);
        return Optional.of(file);
      }
      try (Turns.Turn turn = turns.of(key)) { // and one process for all
        if (hold(key, file, kept(key))) {
          return Optional.of(file);
        }
        Path draft = draft(key);
        if (!fetch.to(draft)) {
          return Optional.empty();
        }
        hold(key, file, draft);
        put(key, draft);
        return Optional.of(file);
      }
    }
  }

  private boolean hold(String key, Path file, Path from) {
    synchronized (held) {
      boolean there = held.containsKey(key) || LocalStorage.link(from, file);
      if (there) {
        held.merge(key, 1, Integer::sum);
      }
      return there;
    }
  }

  /** Ends what {@link #hold} began, once. */
  public void release(String key) {
    synchronized (held) {
      if (held.merge(key, -1, Integer::sum) == 0) {
        held.remove(key);
        delete(owner().folder.resolve("held").resolve(key));
      }
    }
  }

  /** Whether it is here. */
  public boolean has(String key) {
    return Files.exists(kept(key));
  }

  /** Forgets a copy. */
  public void drop(String key) {
    try {
      Files.deleteIfExists(kept(key));
    } catch (IOException e) {
      throw LocalErrors.of("delete " + kept(key), e);
    }
  }

  /** All of a small file, if it is here. */
  public Optional<byte[]> find(String key) {
    try {
      byte[] bytes = Files.readAllBytes(kept(key));
      used(kept(key));
      return Optional.of(bytes);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw LocalErrors.of("read the copy " + key, e);
    }
  }

  /** Where to write what is then {@link #put}. */
  public Path draft(String key) {
    return owner().folder.resolve(key + "." + UUID.randomUUID());
  }

  /** Begins to use copies. Ended by {@link Lease#close}. */
  public Lease lease() {
    return new Lease(owner().folder.resolve(String.valueOf(leases.incrementAndGet())));
  }

  /** Copies that stay until it is closed. Used by one thread. */
  public final class Lease implements AutoCloseable {
    private final Path own;

    private Lease(Path own) {
      this.own = own;
    }

    /** Where a copy of this name is, or will be. */
    public Path path(String name) {
      return own.resolve(name);
    }

    /**
     * The copy that a key stands for, fetched if it is not here.
     *
     * @param name of the copy
     * @return empty if there is nothing to fetch
     */
    public Optional<Path> file(String key, String name, Fetch fetch) {
      Path file = path(name);
      if (Files.exists(file)) {
        return Optional.of(file);
      }
      if (LocalStorage.link(kept(key), file)) {
        used(file);
        return Optional.of(file);
      }
      makeFolder();
      try (Turns.Turn turn = turns.of(key)) {
        if (LocalStorage.link(kept(key), file)) {
          return Optional.of(file);
        }
        if (!fetch.to(file)) {
          return Optional.empty();
        }
        Path draft = draft(key);
        LocalStorage.link(file, draft);
        put(key, draft);
        return Optional.of(file);
      }
    }

    private void makeFolder() {
      try {
        Files.createDirectories(own);
      } catch (IOException e) {
        throw LocalErrors.of("make " + own, e);
      }
    }

    /** Ends the use of one copy. */
    public void release(String name) {
      try {
        Files.deleteIfExists(path(name));
      } catch (IOException e) {
        throw LocalErrors.of("delete " + path(name), e);
      }
    }

    @Override
    public void close() {
      delete(own);
    }
  }

  private void used(Path file) {
    try {
      Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
    } catch (NoSuchFileException e) {
      return; // another process was faster
    } catch (IOException e) {
      throw LocalErrors.of("touch " + file, e);
    }
  }

  private record Kept(Path file, long bytes, FileTime used) {}

  private void shrink() {
    List<Kept> all = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder.resolve("kept"))) {
      for (Path file : files.toList()) {
        look(file).ifPresent(all::add);
      }
    } catch (IOException e) {
      throw LocalErrors.of("list " + folder, e);
    }
    all.sort(Comparator.comparing(Kept::used));
    long bytes = all.stream().mapToLong(Kept::bytes).sum();
    for (Kept oldest : all) {
      if (bytes <= mostBytes) {
        return;
      }
      drop(oldest.file.getFileName().toString());
      bytes -= oldest.bytes;
    }
  }

  private static Optional<Kept> look(Path file) throws IOException {
    try {
      BasicFileAttributes facts = Files.readAttributes(file, BasicFileAttributes.class);
      return Optional.of(new Kept(file, facts.size(), facts.lastModifiedTime()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private Owner owner() {
    Optional<Owner> there = owner;
    if (there.isEmpty()) {
      synchronized (this) {
        if (owner.isEmpty()) {
          owner = Optional.of(begin());
        }
        there = owner;
      }
    }
    return there.orElseThrow();
  }

  private Owner begin() {
    try {
      Path all = Files.createDirectories(folder.resolve("leased"));
      Files.createDirectories(folder.resolve("kept"));
      removeLeft(all);
      String id = mine() + UUID.randomUUID();
      FileChannel channel =
          FileChannel.open(
              all.resolve(id + ".lock"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      channel.lock();
      return new Owner(Files.createDirectories(all.resolve(id)), channel);
    } catch (IOException e) {
      throw LocalErrors.of("make " + folder, e);
    }
  }

  /** To open and close a lock of this very process, another's copies, would let go of it. */
  private static String mine() {
    ProcessHandle process = ProcessHandle.current();
    long begun = process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    return process.pid() + "-" + begun + "-"; // numbers come again, in a container at once
  }

  private static void removeLeft(Path all) throws IOException {
    List<Path> locks;
    try (Stream<Path> files = Files.list(all)) {
      locks =
          files
              .filter(f -> f.toString().endsWith(".lock"))
              .filter(f -> !f.getFileName().toString().startsWith(mine()))
              .toList();
    }
    for (Path lock : locks) {
      try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
          FileLock free = channel.tryLock()) {
        if (free != null) {
          delete(Path.of(lock.toString().replaceFirst("\\.lock$", "")));
          Files.deleteIfExists(lock);
        }
      } catch (OverlappingFileLockException | NoSuchFileException e) {
        // it is ours, or another process was faster
      }
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (NoSuchFileException e) {
      return; // nothing was leased
    } catch (IOException e) {
      throw LocalErrors.of("delete " + folder, e);
    }
  }

  @Override
  public void close() {
    turns.close();
    owner.ifPresent(
        o -> {
          delete(o.folder);
          try {
            Files.deleteIfExists(Path.of(o.folder + ".lock"));
            o.channel.close();
          } catch (IOException e) {
            throw LocalErrors.of("end the use of " + folder, e);
          }
        });
  }
}
