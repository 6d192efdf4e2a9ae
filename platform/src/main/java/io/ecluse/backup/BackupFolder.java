package io.ecluse.backup;

import io.ecluse.disk.Disk;
import io.ecluse.disk.Folders;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A folder of backups: {@code moments/TIME/} has what is of a moment and, written last, the list of
 * all its files with their checksums; {@code files/} has what moments share. A moment without its
 * list is not there: it is being written, or a writer was killed, or it is being removed.
 */
record BackupFolder(Path folder, Disk disk) implements Place {
  static final String LIST = "files.txt";
  private static final String LOCK = ".lock";

  /** Whether a folder looks like one of backups. */
  static boolean isOne(Path folder) {
    return Files.isDirectory(folder.resolve("moments"))
        && (Files.exists(folder.resolve(LOCK)) || Files.isDirectory(folder.resolve("files")));
  }

  private Path moments() {
    return folder.resolve("moments");
  }

  private Path files() {
    return folder.resolve("files");
  }

  @Override
  public boolean holds(Path path) {
    return path.startsWith(folder);
  }

  /** Names of the moments that are whole, the oldest first. */
  private List<String> whole() throws IOException {
    if (!Files.isDirectory(moments())) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(moments())) {
      return all.filter(m -> Files.exists(m.resolve(LIST)))
          .map(m -> m.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  private List<Line> lines(String moment) throws IOException {
    return Files.readAllLines(moments().resolve(moment).resolve(LIST)).stream()
        .map(Line::parse)
        .toList();
  }

  @Override
  public List<Backups.Kept> list() throws IOException {
    List<Backups.Kept> list = new ArrayList<>();
    for (String moment : whole()) {
      List<Line> lines = lines(moment);
      list.add(new Backups.Kept(moment, lines.size(), lines.stream().mapToLong(Line::bytes).sum()));
    }
    return list;
  }

  @Override
  public Moment moment(Optional<String> at) throws IOException {
    String name = Backups.choose(list(), at, folder);
    return taker -> {
      List<Line> lines = lines(name);
      for (Line line : lines) {
        try (InputStream in = Files.newInputStream(file(name, line))) {
          taker.take(line.name(), in);
        }
      }
      return lines;
    };
  }

  private Path file(String moment, Line line) {
    return (line.isShared() ? files() : moments().resolve(moment)).resolve(line.name());
  }

  @Override
  public Draft begin(Instant now) throws IOException {
    Private.folder(moments());
    FolderLock lock = FolderLock.of(folder.resolve(LOCK));
    try {
      removeBroken();
      List<String> whole = whole();
      Map<String, Line> known = new HashMap<>();
      for (String moment : whole) {
        lines(moment).stream().filter(Line::isShared).forEach(l -> known.put(l.name(), l));
      }
      // should the clock have gone back, this one is the last all the same
      String last = whole.isEmpty() ? "" : whole.get(whole.size() - 1);
      String name = Backups.name(now);
      if (name.compareTo(last) <= 0) {
        name = last + "+";
      }
      return new FolderDraft(
          new FolderDraft.Places(folder, Private.folder(moments().resolve(name)), files()),
          known,
          lock,
          disk);
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /** Moments that nobody finishes any more. */
  private void removeBroken() throws IOException {
    try (Stream<Path> all = Files.list(moments())) {
      for (Path moment : all.filter(m -> !Files.exists(m.resolve(LIST))).toList()) {
        Folders.delete(moment);
      }
    }
  }

  @Override
  public int keep(int count) throws IOException {
    if (!Files.isDirectory(moments())) {
      throw Backups.none(folder);
    }
    try (FolderLock lock = FolderLock.of(folder.resolve(LOCK))) {
      List<String> whole = whole();
      List<String> old = whole.subList(0, Math.max(0, whole.size() - count));
      // all lists that stay are read before anything goes
      Set<Path> needed = new HashSet<>();
      for (String moment : whole.subList(old.size(), whole.size())) {
        lines(moment).forEach(line -> needed.add(file(moment, line)));
      }
      List<Path> changed = new ArrayList<>();
      for (String moment : old) {
        Files.delete(moments().resolve(moment).resolve(LIST));
        changed.add(moments().resolve(moment));
      }
      disk.sync(changed, folder); // no moment without its files, also after a power loss
      removeBroken();
      removeAllBut(needed);
      return old.size();
    }
  }

  private void removeAllBut(Set<Path> needed) throws IOException {
    if (!Files.isDirectory(files())) {
      return;
    }
    try (Stream<Path> all = Files.walk(files())) {
      for (Path file : all.filter(f -> !Files.isDirectory(f) && !needed.contains(f)).toList()) {
        Files.delete(file);
      }
    }
    Folders.deleteEmpty(files());
  }
}
