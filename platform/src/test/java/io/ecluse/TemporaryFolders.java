package io.ecluse;

import com.sun.management.OperatingSystemMXBean;
import io.ecluse.disk.Folders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/**
 * Where tests put their files: in memory where the machine has plenty, else where the system has
 * its temporary files. The many servers, projects and warehouses that tests make and delete again
 * cost a disk's file system a fifth of the whole test command; none of them outlives the machine.
 */
public final class TemporaryFolders implements TempDirFactory {
  private static final Path MEMORY = Path.of("/dev/shm");
  private static final long MACHINE_HAS = 12L << 30;
  private static final long STAYS_FREE = 4L << 30;

  /** For {@code @TempDir}, as junit-platform.properties says; JUnit deletes it. */
  @Override
  public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext context)
      throws IOException {
    return in("junit-");
  }

  /** A new folder, which is deleted with {@link #delete}. */
  public static Path create(String prefix) {
    try {
      return in(prefix);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Deletes a folder and all that is in it. */
  public static void delete(Path folder) {
    try {
      Folders.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path in(String prefix) throws IOException {
    return Rule.ALLOWED && MEMORY.toFile().getUsableSpace() > STAYS_FREE
        ? Files.createTempDirectory(MEMORY, prefix)
        : Files.createTempDirectory(prefix);
  }

  /** Asked once. */
  private static final class Rule {
    static final boolean ALLOWED = isMemoryThatRunsPrograms() && hasPlenty();

    private static boolean isMemoryThatRunsPrograms() {
      try {
        List<String> mounts = Files.readAllLines(Path.of("/proc/mounts"));
        return mounts.stream()
            .map(line -> line.split(" "))
            .filter(words -> words[1].equals(MEMORY.toString()))
            .reduce((covered, last) -> last)
            .filter(words -> words[2].equals("tmpfs"))
            .filter(words -> !List.of(words[3].split(",")).contains("noexec"))
            .isPresent();
      } catch (IOException e) {
        return false;
      }
    }

    /** That of the container, if it is in one. */
    private static boolean hasPlenty() {
      return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize()
          >= MACHINE_HAS;
    }
  }
}
