package io.ecluse.cli;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Enumeration;
import java.util.Locale;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Lays the engine's library beside a copy of its jar without it, where the engine looks next. In
 * the jar it is unpacked, 60 MB of it, by every process that starts: half a second of each. The
 * launcher does so once after a build; without it, all works as before.
 */
public final class EngineLibrary {
  private static final String LIBRARY = "libduckdb_java.so_";

  private EngineLibrary() {}

  /**
   * Does it; a second time does nothing.
   *
   * @param arguments the folder with the jar, which is left as it is, and that of the copy
   */
  public static void main(String[] arguments) throws IOException {
    Path target = Files.createDirectories(Path.of(arguments[1]));
    try (DirectoryStream<Path> jars =
        Files.newDirectoryStream(Path.of(arguments[0]), "duckdb_jdbc-*.jar")) {
      for (Path jar : jars) {
        takeOutOf(jar, target);
      }
    }
  }

  private static String ofThisMachine() {
    String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    return LIBRARY + "linux_" + (arch.equals("aarch64") ? "arm64" : arch);
  }

  private static void takeOutOf(Path jar, Path target) throws IOException {
    Path without = target.resolve(jar.getFileName());
    if (Files.exists(without)) {
      return;
    }
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      ZipEntry library = zip.getEntry(ofThisMachine());
      if (library == null) {
        return; // of another system
      }
      Path beside = target.resolve(library.getName());
      Path draft = beside.resolveSibling(beside.getFileName() + ".draft");
      Files.copy(zip.getInputStream(library), draft, StandardCopyOption.REPLACE_EXISTING);
      Files.move(draft, beside, StandardCopyOption.REPLACE_EXISTING);
      try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(draft))) {
        copy(zip, out);
      }
      Files.move(draft, without, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static void copy(ZipFile zip, ZipOutputStream out) throws IOException {
    for (Enumeration<? extends ZipEntry> entries = zip.entries(); entries.hasMoreElements(); ) {
      ZipEntry entry = entries.nextElement();
      if (!entry.getName().startsWith(LIBRARY)) {
        ZipEntry same = new ZipEntry(entry.getName());
        same.setTime(entry.getTime()); // so that every copy is the same
        out.putNextEntry(same);
        zip.getInputStream(entry).transferTo(out);
        out.closeEntry();
      }
    }
  }
}
