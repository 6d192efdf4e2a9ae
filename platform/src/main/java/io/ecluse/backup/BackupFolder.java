package io.ecluse.backup;

import io.ecluse.disk.Disk;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A folder of backups: {@code moments/TIME/} has what is of a moment and, written last, the list of
 * all its files with their checksums; {@code files/} has what moments share.
 */
final class BackupFolder {
  private static final String LIST = "files.txt";

  private final Path folder;
  private final Disk disk;

  BackupFolder(Path folder, Disk disk) {
    this.folder = folder;
    this.disk = disk;
  }

  /** A file of a moment, by its name in the backup. */
  record Line(String sha256, long bytes, String name) {
    static Line parse(String line) {
      String[] parts = line.split(" ", 3);
      return new Line(parts[0], Long.parseLong(parts[1]), parts[2]);
    }

    @Override
    public String toString() {
      return sha256 + " " + bytes + " " + name;
    }
  }

  /** The last moment that is whole. */
  Path newest() throws IOException {
    if (!Files.isDirectory(folder.resolve("moments"))) {
      throw none();
    }
    try (Stream<Path> moments = Files.list(folder.resolve("moments"))) {
      return moments
          .filter(m -> Files.exists(m.resolve(LIST)))
          .max(Path::compareTo)
          .orElseThrow(this::none);
    }
  }

  private EcluseException none() {
    return new EcluseException(ErrorCode.NOT_FOUND, "There is no backup in " + folder);
  }

  List<Line> lines(Path moment) throws IOException {
    return Files.readAllLines(moment.resolve(LIST)).stream().map(Line::parse).toList();
  }

  /** Where a file of a moment is. */
  Path file(Path moment, Line line) {
    return line.name().startsWith("catalog/") || line.name().startsWith("project/")
        ? moment.resolve(line.name())
        : folder.resolve("files").resolve(line.name());
  }

  Draft begin(String moment) throws IOException {
    Map<String, Line> known = new HashMap<>();
    if (Files.isDirectory(folder.resolve("moments"))) {
      try {
        lines(newest()).forEach(l -> known.put(l.name(), l));
      } catch (EcluseException e) {
        known.clear(); // none is whole
      }
    }
    return new Draft(Files.createDirectories(folder.resolve("moments").resolve(moment)), known);
  }

  /** A moment that is being written. */
  final class Draft {
    private final Path moment;
    private final Map<String, Line> known;
    private final List<Line> lines = new ArrayList<>();
    private final List<Path> written = new ArrayList<>();
    private long bytes;

    private Draft(Path moment, Map<String, Line> known) {
      this.moment = moment;
      this.known = known;
    }

    Path folder(String name) throws IOException {
      return Files.createDirectories(moment.resolve(name));
    }

    /** Takes over what was written into a folder of the moment. */
    void keepFolder(String name) throws IOException {
      try (Stream<Path> files = Files.list(moment.resolve(name))) {
        for (Path file : files.toList()) {
          lines.add(
              new Line(
                  copy(file, OutputStream.nullOutputStream()),
                  Files.size(file),
                  name + "/" + file.getFileName()));
          written.add(file);
        }
      }
    }

    void keepOwn(String name, Path file) throws IOException {
      write(name, file, moment.resolve(name));
    }

    /** Keeps a file that never changes, unless an earlier moment has it. */
    void keepShared(String name, Path file) throws IOException {
      Path kept = folder.resolve("files").resolve(name);
      Line line = known.get(name);
      if (line != null && Files.exists(kept) && Files.size(kept) == Files.size(file)) {
        lines.add(line);
      } else {
        write(name, file, kept);
      }
    }

    private void write(String name, Path file, Path to) throws IOException {
      Files.createDirectories(to.getParent());
      try (OutputStream out = Files.newOutputStream(to)) {
        lines.add(new Line(copy(file, out), Files.size(to), name));
      }
      bytes += Files.size(to);
      written.add(to);
    }

    Backup.Report finish() {
      disk.sync(written, folder);
      StringBuilder list = new StringBuilder();
      lines.forEach(l -> list.append(l).append('\n'));
      disk.write(moment.resolve(LIST), list.toString().getBytes(StandardCharsets.UTF_8));
      disk.sync(List.of(moment.resolve(LIST)), folder);
      return new Backup.Report(
          moment.getFileName().toString(), lines.size(), written.size(), bytes);
    }
  }

  /** Copies a file and returns its SHA-256. */
  static String copy(Path file, OutputStream out) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
        in.transferTo(out);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("Every Java has SHA-256", e);
    }
  }
}
