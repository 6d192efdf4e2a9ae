package io.ecluse.storage;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Lets one of several processes at a time do something that has a name, by locks of the operating
 * system on single bytes of one file, of which a process that dies lets go. Within a process the
 * caller sees to it. Safe for use by several threads.
 */
final class Turns implements AutoCloseable {
  private static final long PAUSE_MILLIS = 10;

  private final Path file;
  private Optional<FileChannel> channel = Optional.empty();

  /**
   * @param file made when first needed; there is nothing in it
   */
  Turns(Path file) {
    this.file = file;
  }

  /** Somebody's turn. */
  record Turn(FileLock lock) implements AutoCloseable {
    @Override
    public void close() {
      try {
        if (lock.acquiredBy().isOpen()) {
          lock.release();
        }
      } catch (IOException e) {
        throw LocalErrors.of("let go of " + lock, e);
      }
    }
  }

  /**
   * Waits for the turn of a name.
   *
   * @throws EcluseException CANCELLED when this thread is interrupted
   */
  Turn of(String name) {
    long at = Integer.toUnsignedLong(name.hashCode());
    while (true) {
      try {
        FileLock lock = channel().tryLock(at, 1, false);
        if (lock != null) {
          return new Turn(lock);
        }
      } catch (OverlappingFileLockException e) {
        // this process has another way to the same file
      } catch (IOException e) {
        throw LocalErrors.of("lock " + file, e);
      }
      pause();
    }
  }

  private synchronized FileChannel channel() throws IOException {
    if (channel.isEmpty()) {
      Files.createDirectories(file.getParent());
      channel =
          Optional.of(FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE));
    }
    return channel.get();
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ErrorCode.CANCELLED.error("Interrupted while another process fetched a file", e);
    }
  }

  @Override
  public synchronized void close() {
    try {
      if (channel.isPresent()) {
        channel.get().close();
        channel = Optional.empty();
      }
    } catch (IOException e) {
      throw LocalErrors.of("close " + file, e);
    }
  }
}
