package io.ecluse.storage;

import io.ecluse.disk.Disk;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.Stream;

/** A folder of this machine, made when first written to. */
record LocalStorage(Path root, Disk disk) implements Storage {
  private static final String DRAFT = ".draft";

  @Override
  public String location() {
    return root.toString();
  }

  @Override
  public Optional<Path> local(String name) {
    return Optional.of(path(name));
  }

  private Path path(String name) {
    return name.isEmpty() ? root : root.resolve(name);
  }

  @Override
  public List<String> folders(String folder) {
    try (Stream<Path> paths = Files.list(path(folder))) {
      return paths
          .filter(Files::isDirectory)
          .map(p -> p.getFileName().toString())
          .sorted()
          .toList();
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    } catch (IOException e) {
      throw LocalErrors.of("list " + path(folder), e);
    }
  }

  @Override
  public List<StoredFile> files(String folder) {
    List<StoredFile> found = new ArrayList<>();
    collect(path(folder), found);
    found.sort(Comparator.comparing(StoredFile::name));
    return found;
  }

  private void collect(Path folder, List<StoredFile> found) {
    try (Stream<Path> paths = Files.list(folder)) {
      for (Path path : paths.toList()) {
        if (Files.isDirectory(path)) {
          collect(path, found);
        } else if (!path.toString().endsWith(DRAFT)) {
          stored(path).ifPresent(found::add);
        }
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      return; // another process was faster
    } catch (IOException e) {
      throw LocalErrors.of("list " + folder, e);
    }
  }

  private Optional<StoredFile> stored(Path path) throws IOException {
    try {
      BasicFileAttributes facts = Files.readAttributes(path, BasicFileAttributes.class);
      return Optional.of(
          new StoredFile(
              root.relativize(path).toString().replace('\\', '/'),
              facts.size(),
              facts.lastModifiedTime().toInstant()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  @Override
  public Optional<StoredFile> find(String name) {
    try {
      return Files.isDirectory(path(name)) ? Optional.empty() : stored(path(name));
    } catch (IOException e) {
      throw LocalErrors.of("look at " + path(name), e);
    }
  }

  @Override
  public Optional<String> sha256(String name) {
    try {
      return Optional.of(Checksums.sha256(path(name)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw LocalErrors.of("read " + path(name), e);
    }
  }

  @Override
  public OptionalLong room() {
    Path there =
        Stream.iterate(root.toAbsolutePath(), Objects::nonNull, Path::getParent)
            .filter(Files::exists)
            .findFirst()
            .orElse(root.getRoot());
    try {
      return OptionalLong.of(Files.getFileStore(there).getUsableSpace());
    } catch (IOException e) {
      throw LocalErrors.of("look at " + there, e);
    }
  }

  @Override
  public Optional<byte[]> read(String name) {
    try {
      return Optional.of(Files.readAllBytes(path(name)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw LocalErrors.of("read " + path(name), e);
    }
  }

  @Override
  public Optional<byte[]> end(String name, int bytes) {
    try (InputStream in = Files.newInputStream(path(name))) {
      in.skipNBytes(Math.max(0, Files.size(path(name)) - bytes));
      return Optional.of(in.readAllBytes());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw LocalErrors.of("read " + path(name), e);
    }
  }

  @Override
  public boolean download(String name, Path file) {
    return link(path(name), file);
  }

  @Override
  public void upload(Path file, String name) {
    try {
      Path draft = draft(path(name));
      Files.copy(file, draft);
      disk.appear(draft, path(name));
      disk.sync(List.of(path(name)), root);
    } catch (IOException e) {
      throw LocalErrors.of("copy " + file + " to " + path(name), e);
    }
  }

  @Override
  public void write(String name, byte[] content) {
    try {
      Path draft = draft(path(name));
      Files.write(draft, content, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      disk.appear(draft, path(name));
      disk.sync(List.of(path(name).getParent()), root);
    } catch (IOException e) {
      throw LocalErrors.of("write " + path(name), e);
    }
  }

  private static Path draft(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    return file.resolveSibling(file.getFileName() + "." + UUID.randomUUID() + DRAFT);
  }

  @Override
  public boolean copy(String from, String to) {
    return link(path(from), path(to));
  }

  @Override
  public void settle(String folder) {
    disk.sync(files(folder).stream().map(f -> path(f.name())).toList(), root);
  }

  /** A second name of the same bytes, or a copy where the disk has no such thing. */
  static boolean link(Path from, Path to) {
    try {
      Files.createDirectories(to.getParent());
      Files.deleteIfExists(to);
      try {
        Files.createLink(to, from);
      } catch (UnsupportedOperationException | FileSystemException e) {
        Files.copy(
            from, to, StandardCopyOption.REPLACE_EXISTING); // another disk, or none with links
      }
      return true;
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      throw LocalErrors.of("link " + from + " as " + to, e);
    }
  }

  @Override
  public void delete(List<String> names) {
    for (String name : names) {
      Path path = path(name);
      try {
        Files.deleteIfExists(path);
        Files.deleteIfExists(path.getParent());
      } catch (DirectoryNotEmptyException | NotDirectoryException e) {
        // something else is in it
      } catch (IOException e) {
        throw LocalErrors.of("delete " + path, e);
      }
    }
  }

  @Override
  public void sweep(String folder, Instant before) {
    try (Stream<Path> paths = Files.walk(path(folder))) {
      for (Path path : paths.filter(p -> p.toString().endsWith(DRAFT)).toList()) {
        if (Files.getLastModifiedTime(path).toInstant().isBefore(before)) {
          Files.deleteIfExists(path);
        }
      }
    } catch (NoSuchFileException e) {
      return; // nothing there, or another process was faster
    } catch (UncheckedIOException e) {
      throw LocalErrors.of("clean " + path(folder), Objects.requireNonNull(e.getCause()));
    } catch (IOException e) {
      throw LocalErrors.of("clean " + path(folder), e);
    }
  }

  @Override
  public void close() {
    // nothing is open
  }
}
