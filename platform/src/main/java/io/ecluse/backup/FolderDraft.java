package io.ecluse.backup;

import io.ecluse.disk.Disk;
import io.ecluse.disk.Folders;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** A moment that is being written into a folder. A shared file gets its name when it is whole. */
final class FolderDraft implements Draft {
  private final Places places;
  private final Map<String, Line> known;
  private final FolderLock lock;
  private final Disk disk;
  private final List<Line> lines = new ArrayList<>();
  private final List<Path> written = new ArrayList<>();
  private long bytes;
  private boolean finished;

  /**
   * @param root of all backups
   * @param moment what is of this one
   * @param shared what moments share
   */
  record Places(Path root, Path moment, Path shared) {}

  /**
   * @param known shared files of the moments that are whole
   * @param lock which closing this lets go of
   */
  FolderDraft(Places places, Map<String, Line> known, FolderLock lock, Disk disk) {
    this.places = places;
    this.known = known;
    this.lock = lock;
    this.disk = disk;
  }

  @Override
  public void own(String name, Path file) throws IOException {
    write(name, file, places.moment().resolve(name));
  }

  @Override
  public boolean has(String name) throws IOException {
    Path kept = places.shared().resolve(name);
    Line line = known.get(name);
    boolean has = line != null && Files.exists(kept) && Files.size(kept) == line.bytes();
    if (has) {
      lines.add(line);
    }
    return has;
  }

  @Override
  public void shared(String name, Path file) throws IOException {
    if (!has(name)) {
      write(name, file, places.shared().resolve(name));
    }
  }

  private void write(String name, Path file, Path to) throws IOException {
    Private.folder(Objects.requireNonNull(to.getParent()));
    Path draft = to.resolveSibling(to.getFileName() + ".draft");
    try (InputStream in = Files.newInputStream(file)) {
      Line line;
      try (OutputStream out = Private.write(draft)) {
        line = Line.copy(name, in, Long.MAX_VALUE, out);
      }
      Files.move(draft, to, StandardCopyOption.ATOMIC_MOVE);
      lines.add(line);
      bytes += line.bytes();
      written.add(to);
    }
  }

  @Override
  public Backup.Report finish() {
    disk.sync(written, places.root());
    Path list = places.moment().resolve(BackupFolder.LIST);
    disk.write(list, text(lines).getBytes(StandardCharsets.UTF_8), Private.FILE);
    disk.sync(List.of(list), places.root());
    finished = true;
    return new Backup.Report(
        places.moment().getFileName().toString(), lines.size(), written.size(), bytes);
  }

  static String text(List<Line> lines) {
    return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
  }

  @Override
  public void close() throws IOException {
    try {
      if (!finished) {
        Folders.delete(places.moment());
      }
    } finally {
      lock.close();
    }
  }
}
