package io.ecluse.project;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.pipeline.Bundle;
import io.ecluse.text.Sha256;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * Those files of a project that its runs read, as bytes: settings, sources, DAGs, models and tests.
 * No secret is among them, only its name. Of data that lie in the folder nothing is kept.
 */
record ProjectBundle(SortedMap<String, byte[]> files) {
  private static final List<String> FOLDERS = List.of("sources", "dags", "models", "tests");
  private static final List<String> ALL =
      List.of("sources", "dags", "models", "tests", "dashboards");
  private static final int DEEPEST = 8;
  private static final byte[] NOTHING = {};

  /** Of a folder without files. */
  static final ProjectBundle NONE = new ProjectBundle(new TreeMap<>());

  /**
   * What stands in a folder now. Of a file that cannot be read, or is a link out of the folder, the
   * name is kept: it stops what depends on it, and the reader tells of it.
   */
  static ProjectBundle of(Path folder) {
    return of(folder, FOLDERS);
  }

  /** The same, and the dashboards, which no run reads. */
  static ProjectBundle withDashboards(Path folder) {
    return of(folder, ALL);
  }

  /** The same files, but for one. */
  ProjectBundle with(String path, byte[] content) {
    SortedMap<String, byte[]> other = new TreeMap<>(files);
    other.put(path, content);
    return new ProjectBundle(other);
  }

  /** Whether a path, relative to the folder, is one of a file that the project reads. */
  static boolean holds(Path path) {
    return path.equals(Path.of(ProjectFiles.SETTINGS))
        || path.getNameCount() > 1 && ALL.contains(path.getName(0).toString()) && isRead(path);
  }

  private static ProjectBundle of(Path folder, List<String> folders) {
    SortedMap<String, byte[]> files = new TreeMap<>();
    keep(folder, folder.resolve(ProjectFiles.SETTINGS), files);
    for (String in : folders) {
      Path start = folder.resolve(in);
      if (!Files.isDirectory(start)) {
        continue;
      }
      try (Stream<Path> paths = Files.walk(start, DEEPEST)) {
        paths.filter(ProjectBundle::isRead).forEach(path -> keep(folder, path, files));
      } catch (IOException | UncheckedIOException e) {
        continue; // reading the project says so
      }
    }
    return new ProjectBundle(files);
  }

  private static boolean isRead(Path path) {
    String name = path.getFileName().toString();
    return !name.startsWith(".") && (name.endsWith(".yaml") || name.endsWith(".sql"));
  }

  private static void keep(Path folder, Path path, SortedMap<String, byte[]> files) {
    if (!Files.isRegularFile(path)) {
      return;
    }
    byte[] content = NOTHING;
    try {
      if (Files.size(path) <= FileText.LARGEST
          && path.toRealPath().startsWith(folder.toRealPath())) {
        content = Files.readAllBytes(path);
      }
    } catch (IOException e) {
      content = NOTHING; // as above
    }
    files.put(folder.relativize(path).toString().replace('\\', '/'), content);
  }

  /** SHA-256 over each file's name, length and content, in the order of the names. */
  String hash() {
    MessageDigest digest = Sha256.begin();
    files.forEach(
        (name, content) -> {
          digest.update((name + "\0" + content.length + "\0").getBytes(StandardCharsets.UTF_8));
          digest.update(content);
        });
    return Sha256.end(digest);
  }

  Bundle pack() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        ZipEntry entry = new ZipEntry(file.getKey());
        entry.setTime(0); // one content, one form
        zip.putNextEntry(entry);
        zip.write(file.getValue());
        zip.closeEntry();
      }
    } catch (IOException e) {
      throw new AssertionError("Memory is written to", e);
    }
    return new Bundle(hash(), bytes.toByteArray());
  }

  /** EcluseException DATA_CORRUPT if it is not what it was. */
  static ProjectBundle unpack(Bundle bundle) {
    SortedMap<String, byte[]> files = new TreeMap<>();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(bundle.packed()))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        files.put(entry.getName(), zip.readAllBytes());
      }
    } catch (IOException e) {
      throw corrupt(bundle);
    }
    ProjectBundle unpacked = new ProjectBundle(files);
    if (!unpacked.hash().equals(bundle.hash())) {
      throw corrupt(bundle);
    }
    return unpacked;
  }

  private static EcluseException corrupt(Bundle bundle) {
    return ErrorCode.DATA_CORRUPT.error(
        "The project files %s of a run are not what they were; start a new run"
            .formatted(bundle.hash()));
  }

  /** Writes the files below a folder; the hash has shown that their names are ours. */
  void writeTo(Path folder) throws IOException {
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Path path = folder.resolve(file.getKey()).normalize();
      if (!path.startsWith(folder)) {
        throw new IOException("The name " + file.getKey() + " leads out of the folder");
      }
      Files.createDirectories(path.getParent());
      Files.write(path, file.getValue());
    }
  }
}
