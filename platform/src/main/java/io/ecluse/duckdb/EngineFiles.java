package io.ecluse.duckdb;

import io.ecluse.error.ErrorCode;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Enumeration;
import java.util.Locale;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.duckdb.DuckDBDriver;

/**
 * DuckDB for processes of ours, unpacked once: its classes, and beside them the library for this
 * machine, which each process would otherwise unpack again (a third of a second and 60 MB).
 */
public final class EngineFiles {
  private static final String JAR = "duckdb.jar";

  private EngineFiles() {}

  /** The class path that has our classes, DuckDB's, and Arrow's. */
  public static String classPath(Path folder) {
    Path theirs = place(DuckDBDriver.class);
    try {
      return Stream.concat(
              Stream.of(place(EngineFiles.class), unpacked(theirs, folder).orElse(theirs)),
              ArrowRows.LIBRARIES.stream().map(EngineFiles::place))
          .map(Path::toString)
          .collect(Collectors.joining(File.pathSeparator));
    } catch (IOException e) {
      throw ErrorCode.INTERNAL.error(
          "Could not unpack the engine into %s: %s".formatted(folder, e.getMessage()), e);
    }
  }

  private static Path place(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError("A class path is made of files", e);
    }
  }

  /** Empty if DuckDB has no library for this machine under the name that we expect. */
  private static synchronized Optional<Path> unpacked(Path jar, Path folder) throws IOException {
    String stem = jar.getFileName().toString().replace(".jar", "");
    Path place = folder.resolve(stem + "-" + Files.size(jar));
    if (Files.exists(place.resolve(JAR))) {
      return Optional.of(place.resolve(JAR));
    }
    try (JarFile from = new JarFile(jar.toFile())) {
      JarEntry library = from.getJarEntry(library());
      if (library == null) {
        return Optional.empty();
      }
      Files.createDirectories(place);
      Path temporary = Files.createTempFile(place, "library", ".part");
      try (InputStream in = from.getInputStream(library)) {
        Files.copy(in, temporary, StandardCopyOption.REPLACE_EXISTING);
      }
      Files.move(temporary, place.resolve(library()), StandardCopyOption.ATOMIC_MOVE);
      Path classes = Files.createTempFile(place, "classes", ".part");
      copyClasses(from, classes);
      Files.move(classes, place.resolve(JAR), StandardCopyOption.ATOMIC_MOVE);
    }
    return Optional.of(place.resolve(JAR));
  }

  private static void copyClasses(JarFile from, Path to) throws IOException {
    try (OutputStream file = Files.newOutputStream(to);
        JarOutputStream out = new JarOutputStream(file)) {
      Enumeration<JarEntry> entries = from.entries();
      while (entries.hasMoreElements()) {
        JarEntry entry = entries.nextElement();
        if (!entry.isDirectory() && !entry.getName().contains(".so_")) {
          out.putNextEntry(new JarEntry(entry.getName()));
          try (InputStream in = from.getInputStream(entry)) {
            in.transferTo(out);
          }
          out.closeEntry();
        }
      }
    }
  }

  /** The library's name, as DuckDB's driver makes it up. */
  private static String library() {
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    if (os.startsWith("mac")) {
      return "libduckdb_java.so_osx_universal";
    }
    return "libduckdb_java.so_%s_%s"
        .formatted(
            os.startsWith("windows") ? "windows" : "linux",
            arch.equals("aarch64") || arch.equals("arm64") ? "arm64" : "amd64");
  }
}
