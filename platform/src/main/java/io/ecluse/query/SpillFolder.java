package io.ecluse.query;

import io.ecluse.disk.Folders;
import io.ecluse.error.ErrorCode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A folder of this process for files that nobody needs when it has ended: results, exports, what
 * does not fit into memory. A lock on it, which the operating system lets go of when the process
 * dies, tells others that it is in use; what is left of the dead is removed by whoever comes next.
 */
public final class SpillFolder implements AutoCloseable {
  private static final String PREFIX = "process-";

  /** Of this process: its number alone would be that of another container's, which all have 1. */
  private static final String MINE =
      PREFIX + ProcessHandle.current().pid() + "-" + UUID.randomUUID() + "-";

  private static final AtomicInteger COUNT = new AtomicInteger();

  private static final String LOCK = "lock";

  /** A folder that has no lock yet may be about to get one. */
  private static final Duration YOUNG = Duration.ofMinutes(1);

  private final Path all;
  private final Path path;
  private final FileChannel channel;

  private SpillFolder(Path all, Path path, FileChannel channel) {
    this.all = all;
    this.path = path;
    this.channel = channel;
  }

  /** Makes a folder below {@code all}, and removes what the dead left there. */
  public static SpillFolder open(Path all) {
    Path path = all.resolve(MINE + COUNT.incrementAndGet());
    try {
      Files.createDirectories(path);
      FileChannel channel =
          FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (channel.tryLock() == null) {
        throw new AssertionError("Nobody else knows " + path);
      }
      sweep(all);
      return new SpillFolder(all, path, channel);
    } catch (IOException e) {
      throw ErrorCode.INTERNAL.error(
          "Could not make the folder %s: %s".formatted(path, e.getMessage()), e);
    }
  }

  /** A folder in it. */
  public Path folder(String name) {
    try {
      return Files.createDirectories(path.resolve(name));
    } catch (IOException e) {
      throw ErrorCode.INTERNAL.error(
          "Could not make a folder in %s: %s".formatted(path, e.getMessage()), e);
    }
  }

  /** Removes what processes left that have died meanwhile. */
  public int sweep() {
    return sweep(all);
  }

  public Path path() {
    return path;
  }

  /**
   * Removes the folders of processes that have died, and files of a version that kept them beside.
   *
   * @return how many were removed
   */
  public static int sweep(Path all) {
    int removed = 0;
    for (Path entry : entries(all)) {
      if (isLeft(entry)) {
        delete(entry);
        removed++;
      }
    }
    return removed;
  }

  private static List<Path> entries(Path all) {
    try (Stream<Path> entries = Files.list(all)) {
      return entries.toList();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw ErrorCode.INTERNAL.error("Could not list %s: %s".formatted(all, e.getMessage()), e);
    }
  }

  private static boolean isLeft(Path entry) {
    try {
      boolean young =
          Files.getLastModifiedTime(entry).toInstant().isAfter(Instant.now().minus(YOUNG));
      if (!entry.getFileName().toString().startsWith(PREFIX)) {
        return !young;
      }
      Path lock = entry.resolve(LOCK);
      if (entry.getFileName().toString().startsWith(MINE)) {
        return false; // to open and close its lock would let go of it
      }
      if (!Files.exists(lock)) {
        return !young;
      }
      try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
          FileLock mine = channel.tryLock()) {
        return mine != null;
      }
    } catch (OverlappingFileLockException e) {
      return false; // this very process has it
    } catch (IOException e) {
      return false; // somebody else removes it
    }
  }

  /** Removes a folder or file with all that is in it; what is not there is no matter. */
  static void delete(Path path) {
    try {
      Folders.delete(path);
    } catch (IOException e) {
      throw ErrorCode.INTERNAL.error("Could not remove %s: %s".formatted(path, e.getMessage()), e);
    }
  }

  @Override
  public void close() {
    delete(path);
    try {
      channel.close();
    } catch (IOException e) {
      throw ErrorCode.INTERNAL.error("Could not unlock %s: %s".formatted(path, e.getMessage()), e);
    }
  }
}
