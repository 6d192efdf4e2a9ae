package io.ecluse.storage;

import io.ecluse.disk.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Where files are, and by way of which folders of this machine they are written and read.
 *
 * @param storage holds them
 * @param work folder of this machine where files are written before they are stored, if the storage
 *     is not on this machine
 * @param copies of what is stored elsewhere
 */
public record Places(Storage storage, Path work, LocalCopies copies) {
  /** A folder of this machine. */
  public static Places of(Path folder, Disk disk) {
    return new Places(
        Storages.open(folder.toString(), () -> StorageSettings.NONE, disk),
        folder,
        new LocalCopies(
            folder.resolveSibling(folder.getFileName() + "-copies"), 0, Clock.systemUTC()));
  }

  /** Folders of this machine that files are in. */
  public List<Path> folders() {
    return storage.local("").map(List::of).orElseGet(() -> List.of(work, copies.folder()));
  }

  /** Where the files of a folder are written. */
  public Path writing(String folder) {
    return storage.local(folder).orElseGet(() -> work.resolve(folder));
  }

  /** The name in the storage of a file that was written. */
  public String name(Path file) {
    return storage.local("").orElse(work).relativize(file).toString().replace('\\', '/');
  }

  /** Where something is, for people. */
  public String where(String name) {
    return storage.location() + "/" + name;
  }

  /** What databases call this place, whichever way led to it. */
  public String here() {
    return here(storage);
  }

  /** What databases call the place of a storage. */
  public static String here(Storage storage) {
    return storage
        .local("")
        .map(folder -> real(folder).toString())
        .orElseGet(() -> storage.location().replaceFirst("/+$", ""));
  }

  /** Without symbolic links, as far as it is there. */
  public static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      Path parent = path.toAbsolutePath().normalize().getParent();
      return parent == null ? path : real(parent).resolve(path.getFileName());
    }
  }

  /**
   * Does something with a file as it is on this machine; with a copy, if it is elsewhere, which
   * goes when this returns.
   *
   * @return whether there is such a file
   */
  public boolean with(String name, Consumer<Path> work) {
    Optional<Path> here = storage.local(name);
    if (here.isPresent()) {
      boolean there = Files.exists(here.get());
      if (there) {
        work.accept(here.get());
      }
      return there;
    }
    Path draft = copies.draft("passing");
    try {
      boolean there = storage.download(name, draft);
      if (there) {
        work.accept(draft);
      }
      return there;
    } finally {
      LocalErrors.delete(draft);
    }
  }

  /** Deletes all that is in a folder, here and there. */
  public void deleteFolder(String folder) {
    storage.delete(storage.files(folder).stream().map(StoredFile::name).toList());
    deleteHere(writing(folder));
  }

  public static void deleteHere(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (NoSuchFileException e) {
      return; // another process was faster, or nothing was written here
    } catch (IOException e) {
      throw LocalErrors.of("delete " + folder, e);
    }
  }

  /**
   * All of a small file that never changes; a copy of it stays here.
   *
   * @param key what the copy is known by
   */
  public Optional<byte[]> small(String name, String key, Disk disk) {
    if (isLocal()) {
      return storage.read(name);
    }
    Optional<byte[]> kept = copies.find(key);
    if (kept.isPresent()) {
      return kept;
    }
    Optional<byte[]> fetched = storage.read(name);
    fetched.ifPresent(bytes -> keep(key, bytes, disk));
    return fetched;
  }

  private void keep(String key, byte[] bytes, Disk disk) {
    Path draft = copies.draft(key);
    try {
      Files.write(draft, bytes);
    } catch (IOException e) {
      throw LocalErrors.of("write " + draft, e);
    }
    disk.sync(List.of(draft), copies.folder()); // nobody checks it when it is read
    copies.put(key, draft);
  }

  public boolean isLocal() {
    return storage.local("").isPresent();
  }
}
