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
 * Takes the engine's library out of its jar and lays it beside it, where the engine looks next. In
 * the jar it is unpacked, 60 MB of it, by every process that starts: half a second of each. The
 * launcher does so once after a build; without it, all works as before.
 */
public final class EngineLibrary {
  private static final String LIBRARY = "libduckdb_java.so_";

  private EngineLibrary() {}

  /**
   * Does it; a second time does nothing.
   *
   * @param arguments the folder with the jars
   */
  public static void main(String[] arguments) throws IOException {
    try (DirectoryStream<Path> jars =
        Files.newDirectoryStream(Path.of(arguments[0]), "duckdb_jdbc-*.jar")) {
      for (Path jar : jars) {
        takeOutOf(jar);
      }
    }
  }

  private static String ofThisMachine() {
    String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    return LIBRARY + "linux_" + (arch.equals("aarch64") ? "arm64" : arch);
  }

  private static void takeOutOf(Path jar) throws IOException {
    Path without = jar.resolveSibling(jar.getFileName() + ".draft");
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      ZipEntry library = zip.getEntry(ofThisMachine());
      if (library == null) {
        return; // done already, or of another system
      }
      Files.copy(
          zip.getInputStream(library),
          jar.resolveSibling(library.getName()),
          StandardCopyOption.REPLACE_EXISTING);
      try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(without))) {
        copy(zip, out);
      }
    }
    Files.move(without, jar, StandardCopyOption.REPLACE_EXISTING);
  }

  private static void copy(ZipFile zip, ZipOutputStream out) throws IOException {
    for (Enumeration<? extends ZipEntry> entries = zip.entries(); entries.hasMoreElements(); ) {
      ZipEntry entry = entries.nextElement();
      if (!entry.getName().startsWith(LIBRARY)) {
        out.putNextEntry(new ZipEntry(entry.getName()));
        zip.getInputStream(entry).transferTo(out);
        out.closeEntry();
      }
    }
  }
}
