package io.ecluse.postgres;

import io.ecluse.error.ErrorCode;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
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
      try (InputStream archive = archive()) {
        return unpack(ready, archive);
      } catch (IOException e) {
        failures.add(parent + ": " + e.getMessage());
      }
    }
    throw ErrorCode.DISK_FULL.error(
        "Could not unpack PostgreSQL anywhere (%s); give one of these folders space and rights, or set XDG_CACHE_HOME"
            .formatted(String.join("; ", failures)));
  }

  /** The newest programs of a major version that were unpacked into this folder; or none. */
  static Optional<Path> unpackedBefore(String major, Path parent) {
    try (Stream<Path> all = Files.list(parent)) {
      return all.filter(p -> p.getFileName().toString().matches("postgres-" + major + "\\.\\d+"))
          .filter(p -> Files.exists(p.resolve(MARK)))
          .max(Comparator.comparing(p -> Integer.parseInt(p.toString().replaceAll(".*\\.", ""))));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Unpacks what a jar of other programs has for this machine, beside ours. */
  static Path unpackJar(Path jar, String version, Path parent) throws IOException {
    Path ready = parent.resolve("postgres-" + version.replaceFirst("\\.0$", ""));
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      ZipEntry entry = zip.getEntry(archiveName().substring(1));
      if (entry == null) {
        throw new IOException("there is no %s in %s".formatted(archiveName(), jar));
      }
      return unpack(ready, zip.getInputStream(entry));
    }
  }

  private static Path unpack(Path target, InputStream archive) throws IOException {
    Files.createDirectories(target.getParent());
    Path draft = Files.createTempDirectory(target.getParent(), "postgres-draft-");
    try {
      Files.setPosixFilePermissions(draft, permissions(0755));
      try (TarArchiveInputStream tar =
          new TarArchiveInputStream(
              new XZCompressorInputStream(new BufferedInputStream(archive, 1 << 16)))) {
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
    return Optional.ofNullable(PostgresBinaries.class.getResourceAsStream(archiveName()))
        .orElseThrow(
            () ->
                ErrorCode.INTERNAL.error(
                    "There is no PostgreSQL for this machine (%s %s) in the class path; set ECLUSE_DATABASE_URL to use a server of your own"
                        .formatted(System.getProperty("os.name"), System.getProperty("os.arch"))));
  }

  private static String archiveName() {
    return isArm() ? "/postgres-linux-arm_64.txz" : "/postgres-linux-x86_64.txz";
  }

  /** As the artifacts are called for this machine. */
  static String machine() {
    return isArm() ? "arm64v8" : "amd64";
  }

  private static boolean isArm() {
    String arch = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    return switch (arch) {
      case "aarch64", "arm64" -> true;
      case "amd64", "x86_64" -> false;
      default ->
          throw ErrorCode.INTERNAL.error(
              "There is no PostgreSQL for this machine (%s %s); set ECLUSE_DATABASE_URL to use a server of your own"
                  .formatted(System.getProperty("os.name"), arch));
    };
  }

  private static Set<PosixFilePermission> permissions(int mode) {
    Set<PosixFilePermission> set = EnumSet.noneOf(PosixFilePermission.class);
    for (PosixFilePermission each :
        PosixFilePermission.values()) { // the owner's first, as in modes
      if ((mode & 0400 >> each.ordinal()) != 0) {
        set.add(each);
      }
    }
    set.remove(PosixFilePermission.OTHERS_WRITE);
    set.remove(PosixFilePermission.GROUP_WRITE);
    set.add(PosixFilePermission.OWNER_WRITE);
    return set;
  }
}
