package io.ecluse.disk;

import io.ecluse.error.DiskFull;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Brings files to the disk, so that they are there after a power loss: what is in them, and their
 * names in their folders. A file that was only written is in the machine's memory for half a minute
 * or longer.
 *
 * <p>Whoever commits a row that names a file calls this first. Safe for use by several threads; one
 * call asks for all its files at once, which a file system writes down together.
 */
public final class Disk {
  /** As many as a disk may have to do at a time; they wait, so processors do not matter. */
  private static final int THREADS = 16;

  private static final int IDLE_SECONDS = 5;
  private static final String DRAFT = ".draft";

  private final Sync sync;
  private final Set<Path> reached = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads = threads();

  /** Makes one file or folder durable: fsync(2). */
  @FunctionalInterface
  public interface Sync {
    void of(Path path) throws IOException;
  }

  /** The disk of this machine. */
  public Disk() {
    this(Disk::fsync);
  }

  /**
   * @param sync what is asked, once for each file and folder
   */
  public Disk(Sync sync) {
    this.sync = sync;
  }

  private static ExecutorService threads() {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> {
              Thread thread = new Thread(work, "ecluse-disk");
              thread.setDaemon(true);
              return thread;
            });
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  /**
   * Returns when these files are on the disk and can be found there by their names: with their
   * folders, up to the root and once also above it, since all of that may be new.
   *
   * @param root a folder that they are all in
   * @throws EcluseException DISK_FULL or DISK_FAILED; what they hold is then lost, also if it can
   *     be read still, and must be written anew
   */
  public void sync(Collection<Path> files, Path root) {
    Set<Path> all = new LinkedHashSet<>(files);
    for (Path file : files) {
      Path folder = file.getParent();
      for (; folder != null && !folder.equals(root); folder = folder.getParent()) {
        all.add(folder);
      }
    }
    all.add(root);
    boolean first = !reached.contains(root);
    if (first) {
      for (Path above = root.getParent(); above != null; above = above.getParent()) {
        all.add(above);
      }
    }
    together(all, root);
    if (first) {
      reached.add(root);
    }
  }

  private void together(Set<Path> all, Path root) {
    List<Future<Boolean>> asked = new ArrayList<>();
    for (Path path : all) {
      asked.add(threads.submit(() -> one(path, root)));
    }
    try {
      for (Future<Boolean> each : asked) {
        each.get();
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException io) {
        throw failed("bring files of " + root + " to the disk", io);
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ErrorCode.CANCELLED.error("Interrupted while files were written", e);
    }
  }

  private boolean one(Path path, Path root) throws IOException {
    try {
      sync.of(path);
      return true;
    } catch (AccessDeniedException e) {
      if (path.startsWith(root)) {
        throw e;
      }
      return false; // a folder above that is not ours was there before
    }
  }

  private static void fsync(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (AccessDeniedException e) {
      throw e;
    } catch (IOException e) {
      // file systems that write names down at once have nothing to do for a folder, and say so
      if (!Files.isDirectory(path) || DiskFull.isSaidBy(String.valueOf(e.getMessage()))) {
        throw e;
      }
      if (String.valueOf(e.getMessage()).contains("Input/output")) {
        throw e;
      }
    }
  }

  /**
   * Writes a file that appears whole or not at all, and is on the disk when this returns. Its
   * folder is there.
   *
   * @param attributes of the new file
   */
  public void write(Path file, byte[] content, FileAttribute<?>... attributes) {
    Path draft = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID() + DRAFT);
    try {
      Files.createFile(draft, attributes);
      Files.write(draft, content);
      appear(draft, file);
    } catch (IOException e) {
      throw failed("write " + file, e);
    } finally {
      forget(draft);
    }
  }

  /**
   * Gives a finished file its name, in place of what has it; both are on the disk when this
   * returns. So are the names of whatever else was put into that folder before, and they come
   * first.
   */
  public void appear(Path draft, Path file) throws IOException {
    sync.of(draft);
    sync.of(folder(file));
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    sync.of(folder(file));
  }

  /**
   * Makes a folder, and those above it, unless it is there. Nothing refers to it yet, so it need
   * not be on the disk.
   *
   * @throws EcluseException DISK_FULL or DISK_FAILED
   */
  public void makeFolder(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw failed("make the folder " + folder, e);
    }
  }

  private static Path folder(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    return folder == null ? file : folder;
  }

  private static void forget(Path draft) {
    try {
      Files.deleteIfExists(draft);
    } catch (IOException e) {
      throw failed("delete " + draft, e);
    }
  }

  private static EcluseException failed(String what, IOException e) {
    String reason = String.valueOf(e.getMessage());
    if (DiskFull.isSaidBy(reason)) {
      return DiskFull.error(what, e);
    }
    return ErrorCode.DISK_FAILED.error(
        "Could not %s: %s; is the disk broken, or the folder gone? Run it again when that is mended"
            .formatted(what, reason),
        e);
  }
}
