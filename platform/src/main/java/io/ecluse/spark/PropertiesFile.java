package io.ecluse.spark;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;

/** Spark's configuration as a file, which may hold secrets: for its owner alone. */
final class PropertiesFile {
  private PropertiesFile() {}

  /** Writes one; one that is there is replaced. */
  static void write(Path file, Map<String, String> conf) throws IOException {
    ofOwner(
        file,
        conf.entrySet().stream()
            .map(e -> e.getKey() + " " + e.getValue().replace("\\", "\\\\") + "\n")
            .collect(Collectors.joining()));
  }

  /** Writes a file that nobody else may read. */
  static void ofOwner(Path file, String text) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, text);
  }

  static Map<String, String> read(Reader reader) throws IOException {
    Properties properties = new Properties();
    properties.load(reader);
    Map<String, String> conf = new LinkedHashMap<>();
    properties.stringPropertyNames().forEach(n -> conf.put(n, properties.getProperty(n).strip()));
    return conf;
  }
}
