package io.ecluse.postgres;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** The stock PostgreSQL programs, unpacked from the class path once per machine and user. */
final class PostgresBinaries {
  /** Part of the folder's name: a new version unpacks beside the old one. */
  static final String VERSION = "17.10";

  private static final String MARK = ".complete";

  private PostgresBinaries() {}

  /**
   * The folder that holds {@code bin/postgres}, unpacked into the first candidate that can be
   * written.
   */
  static Path unpacked(List<Path> candidates) {
    List<String> failures = new ArrayList<>();
    for (Path parent : candidates) {
      Path ready = parent.resolve("postgres-" + VERSION);
      if (Files.exists(ready.resolve(MARK))) {
        return ready;
      }
      try {
        return unpack(ready);
      } catch (IOException e) {
        failures.add(parent + ": " + e.getMessage());
      }
    }
    throw new EcluseException(
        ErrorCode.DISK_FULL,
        "Could not unpack PostgreSQL anywhere (%s); give one of these folders space and rights, or set XDG_CACHE_HOME"
            .formatted(String.join("; ", failures)));
  }

  private static Path unpack(Path target) throws IOException {
    Files.createDirectories(target.getParent());
    Path draft = Files.createTempDirectory(target.getParent(), "postgres-draft-");
    try {
      Files.setPosixFilePermissions(draft, permissions(0755));
      try (InputStream jar = archive();
          TarArchiveInputStream tar =
              new TarArchiveInputStream(
                  new XZCompressorInputStream(new BufferedInputStream(jar, 1 << 16)))) {
        for (TarArchiveEntry e = tar.getNextEntry(); e != null; e = tar.getNextEntry()) {
          write(draft, e, tar);
        }
      }
      Files.createFile(draft.resolve(MARK));
      Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      if (!Files.exists(target.resolve(MARK))) { // else another process was faster
        throw e;
      }
    } finally {
      ServerFiles.delete(draft);
    }
    return target;
  }

  private static void write(Path draft, TarArchiveEntry entry, InputStream content)
      throws IOException {
    Path path = draft.resolve(entry.getName()).normalize();
    if (!path.startsWith(draft)) {
      throw new IOException("The archive reaches outside: " + entry.getName());
    }
    if (entry.isDirectory()) {
      Files.createDirectories(path);
      return;
    }
    Files.createDirectories(path.getParent());
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
    } else {
      Files.copy(content, path, StandardCopyOption.REPLACE_EXISTING);
      Files.setPosixFilePermissions(path, permissions(entry.getMode() | 0444));
    }
  }

  private static InputStream archive() {
    String arch = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    String name =
        "/postgres-linux-%s.txz"
            .formatted(
                switch (arch) {
                  case "amd64", "x86_64" -> "x86_64";
                  case "aarch64", "arm64" -> "arm_64";
                  default -> arch;
                });
    return Optional.ofNullable(PostgresBinaries.class.getResourceAsStream(name))
        .orElseThrow(
            () ->
                new EcluseException(
                    ErrorCode.INTERNAL,
                    "There is no PostgreSQL for this machine (%s %s) in the class path; set ECLUSE_DATABASE_URL to use a server of your own"
                        .formatted(System.getProperty("os.name"), arch)));
  }

  private static Set<PosixFilePermission> permissions(int mode) {
    Set<PosixFilePermission> set = EnumSet.noneOf(PosixFilePermission.class);
    PosixFilePermission[] all = {
      PosixFilePermission.OTHERS_EXECUTE,
      PosixFilePermission.OTHERS_WRITE,
      PosixFilePermission.OTHERS_READ,
      PosixFilePermission.GROUP_EXECUTE,
      PosixFilePermission.GROUP_WRITE,
      PosixFilePermission.GROUP_READ,
      PosixFilePermission.OWNER_EXECUTE,
      PosixFilePermission.OWNER_WRITE,
      PosixFilePermission.OWNER_READ
    };
    for (int bit = 0; bit < all.length; bit++) {
      if ((mode & 1 << bit) != 0) {
        set.add(all[bit]);
      }
    }
    set.remove(PosixFilePermission.OTHERS_WRITE);
    set.remove(PosixFilePermission.GROUP_WRITE);
    set.add(PosixFilePermission.OWNER_WRITE);
    return set;
  }
}
