package io.ecluse.backup;

import io.ecluse.disk.Disk;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A backup that is being written into one file, entry after entry. It has the name {@code
 * NAME.draft} until it is whole; the next one writes over what a killed one left.
 */
final class FileDraft implements Draft {
  private final Path file;
  private final String moment;
  private final Disk disk;
  private final FolderLock lock;
  private final Pack pack;
  private final List<Line> lines = new ArrayList<>();
  private boolean finished;

  private FileDraft(Path file, String moment, Disk disk, FolderLock lock, Pack pack) {
    this.file = file;
    this.moment = moment;
    this.disk = disk;
    this.lock = lock;
    this.pack = pack;
  }

  static Path draft(Path file) {
    return file.resolveSibling(file.getFileName() + ".draft");
  }

  static FileDraft begin(Path file, String moment, Disk disk) throws IOException {
    Path folder = Objects.requireNonNull(file.getParent());
    if (!Files.isDirectory(folder)) {
      Private.folder(folder);
    }
    FolderLock lock = FolderLock.of(draft(file));
    try {
      lock.channel().truncate(0);
      OutputStream out =
          new BufferedOutputStream(Channels.newOutputStream(lock.channel()), 1 << 16) {
            @Override
            public void close() throws IOException {
              flush(); // the file is locked until it has its name
            }
          };
      return new FileDraft(
          file, moment, disk, lock, BackupFile.isTar(file) ? Pack.tar(out) : Pack.zip(out));
    } catch (IOException e) {
      lock.close();
      throw e;
    }
  }

  @Override
  public void own(String name, Path from) throws IOException {
    add(name, "moments/" + moment + "/" + name, from);
  }

  @Override
  public boolean has(String name) {
    return false;
  }

  @Override
  public void shared(String name, Path from) throws IOException {
    add(name, "files/" + name, from);
  }

  private void add(String name, String entry, Path from) throws IOException {
    Line.requirePlain(name);
    try (InputStream in = Files.newInputStream(from)) {
      lines.add(put(name, entry, in, Files.size(from)));
    }
  }

  private Line put(String name, String entry, InputStream in, long size) throws IOException {
    pack.begin(entry, size);
    Line line = Line.copy(name, in, size, pack.out());
    pack.end();
    return line;
  }

  @Override
  public Backup.Report finish() throws IOException {
    byte[] list = FolderDraft.text(lines).getBytes(StandardCharsets.UTF_8);
    put(
        BackupFolder.LIST,
        "moments/" + moment + "/" + BackupFolder.LIST,
        new ByteArrayInputStream(list),
        list.length);
    pack.out().close();
    long bytes = lock.channel().size();
    disk.appear(draft(file), file);
    finished = true;
    return new Backup.Report(moment, lines.size(), lines.size(), bytes);
  }

  @Override
  public void close() throws IOException {
    try {
      if (!finished) {
        Files.deleteIfExists(draft(file));
      }
    } finally {
      lock.close();
    }
  }
}
