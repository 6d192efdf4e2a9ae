package io.ecluse.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.PathIsNotEmptyDirectoryException;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.hdfs.DistributedFileSystem;

/**
 * A folder of HDFS. A file is written under another name, checked by the checksum that the
 * datanodes keep, and renamed into place, which is one step there.
 */
final class HdfsStorage implements Storage {
  private static final String DRAFT = ".draft";
  private static final int BUFFER = 1 << 17;

  private final URI server;
  private final String root;
  private final HdfsErrors errors;
  private final Supplier<StorageSettings.Hdfs> settings;
  private volatile Optional<DistributedFileSystem> system = Optional.empty();

  /**
   * @param folder without slashes around it; may be empty
   */
  HdfsStorage(URI server, String folder, Supplier<StorageSettings.Hdfs> settings) {
    this.server = server;
    this.root = "/" + folder;
    this.settings = settings;
    this.errors = new HdfsErrors(server);
  }

  @Override
  public String location() {
    return server + root;
  }

  @Override
  public Optional<java.nio.file.Path> local(String name) {
    return Optional.empty();
  }

  /** HDFS takes every name but those with a colon. */
  private Path path(String name) {
    String encoded = name.replace("%", "%25").replace(":", "%3A");
    String whole = root.length() == 1 || encoded.isEmpty() ? root + encoded : root + "/" + encoded;
    return new Path(server.getScheme(), server.getAuthority(), whole);
  }

  private String name(Path path) {
    String whole = path.toUri().getPath();
    String below = whole.substring(root.length() == 1 ? 1 : root.length() + 1);
    return below.replace("%3A", ":").replace("%25", "%");
  }

  private <T> T with(String what, HdfsErrors.Work<T> work) {
    return errors.retried(what, () -> work.on(system()));
  }

  private DistributedFileSystem system() throws IOException {
    Optional<DistributedFileSystem> there = system;
    if (there.isEmpty()) {
      synchronized (this) {
        if (system.isEmpty()) {
          system = Optional.of(HdfsClients.open(server, settings.get()));
        }
        there = system;
      }
    }
    return there.orElseThrow();
  }

  @Override
  public List<String> folders(String folder) {
    return with(
        "list " + path(folder),
        hdfs -> {
          try {
            return Stream.of(hdfs.listStatus(path(folder)))
                .filter(FileStatus::isDirectory)
                .map(s -> name(s.getPath()))
                .map(n -> n.substring(n.lastIndexOf('/') + 1))
                .sorted()
                .toList();
          } catch (FileNotFoundException e) {
            return List.of();
          }
        });
  }

  @Override
  public List<StoredFile> files(String folder) {
    return with(
        "list " + path(folder),
        hdfs ->
            below(hdfs, folder).stream()
                .filter(f -> !f.name().endsWith(DRAFT))
                .sorted(Comparator.comparing(StoredFile::name))
                .toList());
  }

  private List<StoredFile> below(DistributedFileSystem hdfs, String folder) throws IOException {
    List<StoredFile> found = new ArrayList<>();
    try {
      RemoteIterator<LocatedFileStatus> files = hdfs.listFiles(path(folder), true);
      while (files.hasNext()) {
        found.add(stored(files.next()));
      }
    } catch (FileNotFoundException e) {
      return found; // not there, or another process was faster
    }
    return found;
  }

  private StoredFile stored(FileStatus status) {
    return new StoredFile(
        name(status.getPath()),
        status.getLen(),
        Instant.ofEpochMilli(status.getModificationTime()));
  }

  @Override
  public Optional<StoredFile> find(String name) {
    return with(
        "look at " + path(name),
        hdfs -> {
          try {
            FileStatus status = hdfs.getFileStatus(path(name));
            return status.isFile() ? Optional.of(stored(status)) : Optional.empty();
          } catch (FileNotFoundException e) {
            return Optional.empty();
          }
        });
  }

  @Override
  public OptionalLong room() {
    return OptionalLong.of(
        with("ask " + server + " for its room", hdfs -> hdfs.getStatus().getRemaining()));
  }

  @Override
  public Optional<byte[]> read(String name) {
    return with(
        "read " + path(name),
        hdfs -> {
          try (InputStream in = hdfs.open(path(name))) {
            return Optional.of(in.readAllBytes());
          } catch (FileNotFoundException e) {
            return Optional.empty();
          }
        });
  }

  @Override
  public Optional<byte[]> end(String name, int bytes) {
    return with(
        "read " + path(name),
        hdfs -> {
          try (FSDataInputStream in = hdfs.open(path(name))) {
            in.seek(Math.max(0, hdfs.getFileStatus(path(name)).getLen() - bytes));
            return Optional.of(in.readAllBytes());
          } catch (FileNotFoundException e) {
            return Optional.empty();
          }
        });
  }

  @Override
  public boolean download(String name, java.nio.file.Path file) {
    return with(
        "read " + path(name),
        hdfs -> {
          boolean whole = false;
          try (InputStream in = hdfs.open(path(name));
              OutputStream out = new LocalOutput(file)) {
            copy(in, out);
            whole = true;
            return true;
          } catch (FileNotFoundException e) {
            return false;
          } finally {
            if (!whole) {
              Files.deleteIfExists(file);
            }
          }
        });
  }

  @Override
  public void upload(java.nio.file.Path file, String name) {
    put(name, () -> Files.newInputStream(file));
  }

  @Override
  public void write(String name, byte[] content) {
    put(name, () -> new java.io.ByteArrayInputStream(content));
  }

  @Override
  public boolean copy(String from, String to) {
    if (find(from).isEmpty()) {
      return false;
    }
    put(to, () -> system().open(path(from)));
    return true;
  }

  /** What is to be stored, from its beginning. */
  private interface Content {
    InputStream open() throws IOException;
  }

  private void put(String name, Content content) {
    Path draft = path(name + "." + UUID.randomUUID() + DRAFT);
    with(
        "write " + path(name),
        hdfs -> {
          HdfsChecksum sent = new HdfsChecksum();
          try (InputStream in = content.open();
              FSDataOutputStream out = hdfs.create(draft, true)) {
            copy(in, sent.over(out));
            out.hsync(); // on the disks of the data nodes, not only in their memory
          }
          sent.check(hdfs, draft);
          hdfs.rename(draft, path(name), Options.Rename.OVERWRITE);
          return sent;
        });
  }

  private static void copy(InputStream in, OutputStream out) throws IOException {
    byte[] buffer = new byte[BUFFER];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      out.write(buffer, 0, n);
    }
  }

  @Override
  public void settle(String folder) {
    // nothing is put there by other means
  }

  @Override
  public void delete(List<String> names) {
    for (String name : names) {
      with("delete " + path(name), hdfs -> hdfs.delete(path(name), false));
    }
    names.stream()
        .filter(n -> n.contains("/"))
        .map(n -> n.substring(0, n.lastIndexOf('/')))
        .distinct()
        .forEach(folder -> with("delete " + path(folder), hdfs -> deleteEmpty(hdfs, folder)));
  }

  private boolean deleteEmpty(DistributedFileSystem hdfs, String folder) throws IOException {
    try {
      return hdfs.delete(path(folder), false);
    } catch (PathIsNotEmptyDirectoryException e) {
      return false;
    }
  }

  @Override
  public void sweep(String folder, Instant before) {
    List<String> old =
        with(
            "look for unfinished files in " + path(folder),
            hdfs ->
                below(hdfs, folder).stream()
                    .filter(f -> f.name().endsWith(DRAFT) && f.modifiedAt().isBefore(before))
                    .map(StoredFile::name)
                    .toList());
    delete(old);
  }

  @Override
  public void close() {
    system.ifPresent(
        hdfs -> {
          try {
            hdfs.close();
          } catch (IOException e) {
            throw errors.of("end the connection", e);
          }
        });
  }
}
