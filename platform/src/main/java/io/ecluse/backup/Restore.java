package io.ecluse.backup;

import io.ecluse.disk.Disk;
import io.ecluse.disk.Folders;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.metadata.DatabaseSettings;
import io.ecluse.metadata.MetadataDump;
import io.ecluse.warehouse.Warehouse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Makes a project anew from a moment of a backup, in a folder of its own: first {@link #files()},
 * then {@link #catalog}, then {@link #finish()}; or {@link #drop}. Until it is finished the folder
 * says so, and nobody can work on it.
 */
public final class Restore {
  private static final String UNFINISHED = "restoring";

  private final Moment moment;
  private final Path target;

  /**
   * @param at the beginning of the moment's name; without, it is the last one
   * @throws EcluseException NOT_FOUND when there is no whole backup, or none of that name
   */
  public Restore(Path from, Optional<String> at, Path target) {
    this.moment = new Backups(from).moment(at);
    this.target = target.toAbsolutePath().normalize();
  }

  private static Path unfinished(Path project) {
    return project.resolve(".ecluse").resolve(UNFINISHED);
  }

  /**
   * Lets nobody work on what is half there.
   *
   * @throws EcluseException CONFLICT when a restore into the folder is at work, or was killed
   */
  public static void requireFinished(Path project) {
    if (Files.exists(unfinished(project))) {
      throw ErrorCode.CONFLICT.error(
          "The project in %s is being restored, or that was cut off; if it was, remove the folder and restore again"
              .formatted(project));
    }
  }

  /**
   * Writes the project's files, and its tables and batches below {@code .ecluse}; each must be what
   * was backed up. Returns how many files there are.
   *
   * @throws EcluseException ALREADY_EXISTS when the folder is not empty; DATA_CORRUPT, and what was
   *     written is gone again
   */
  public int files() {
    requireEmpty();
    try {
      Private.folder(unfinished(target));
      Map<String, Line> found = new HashMap<>();
      List<Path> written = new ArrayList<>();
      List<Line> listed =
          moment.read((name, content) -> found.put(name, write(name, content, written)));
      listed.forEach(line -> check(line, Optional.ofNullable(found.remove(line.name()))));
      if (!found.isEmpty()) {
        throw ErrorCode.DATA_CORRUPT.error(
            "The backup has files that its list does not know, such as "
                + found.keySet().iterator().next());
      }
      new Disk().sync(written, target);
      return (int) listed.stream().filter(line -> isKept(line.name())).count();
    } catch (IOException e) {
      drop(e);
      throw Backups.unreadable(e);
    } catch (RuntimeException | Error e) {
      drop(e);
      throw e;
    }
  }

  /**
   * Removes what was written.
   *
   * @param why what went wrong; it learns if this does too
   */
  public void drop(Throwable why) {
    try (Stream<Path> inside = Files.list(target)) {
      for (Path each : inside.toList()) {
        Folders.delete(each);
      }
      Files.delete(target);
    } catch (IOException e) {
      why.addSuppressed(e);
    }
  }

  private static boolean isKept(String name) {
    return !name.startsWith("catalog/") && !name.startsWith("elsewhere/");
  }

  private Line write(String name, InputStream content, List<Path> written) throws IOException {
    Line.requirePlain(name);
    if (name.startsWith("project/")) {
      Path file = target.resolve(name.substring("project/".length()));
      Files.createDirectories(Objects.requireNonNull(file.getParent()));
      written.add(file);
      return write(name, content, Files.newOutputStream(file));
    }
    Path file = (isKept(name) ? target.resolve(".ecluse") : unfinished(target)).resolve(name);
    Private.folder(Objects.requireNonNull(file.getParent()));
    written.add(file);
    return write(name, content, Private.write(file));
  }

  private static Line write(String name, InputStream content, OutputStream to) throws IOException {
    try (OutputStream out = to) {
      return Line.copy(name, content, Long.MAX_VALUE, out);
    }
  }

  private static void check(Line line, Optional<Line> found) {
    if (found.isEmpty()) {
      throw ErrorCode.DATA_CORRUPT.error("%s is missing in the backup".formatted(line.name()));
    }
    if (!found.get().sha256().equals(line.sha256())) {
      throw ErrorCode.DATA_CORRUPT.error(
          "%s in the backup is not what was backed up: its checksum is %s instead of %s"
              .formatted(line.name(), found.get().sha256(), line.sha256()));
    }
  }

  /** Where it is made. */
  public Path target() {
    return target;
  }

  /**
   * Where the tables or batches of an environment are from now on: where the project says, if that
   * is in its folder, and else where they are.
   *
   * @param kept {@code warehouse} or {@code staging}
   * @param said an absolute folder, or where a store is
   */
  public Path settle(String kept, String environment, String said) {
    Path here = target.resolve(".ecluse").resolve(kept).resolve(environment);
    Path there = said.startsWith("/") ? Path.of(said) : here;
    if (there.equals(here) || !there.startsWith(target)) {
      return here;
    }
    try {
      if (Warehouse.isRoot(there)) { // older backups have tables twice: these may be of any moment
        Folders.delete(there);
      }
      if (Files.isDirectory(here)) {
        Private.folder(there);
        move(here, there);
      }
      return there;
    } catch (IOException e) {
      throw Backups.failed("What is in %s could not be taken to %s".formatted(here, there), e);
    }
  }

  private void move(Path from, Path to) throws IOException {
    List<Path> moved = new ArrayList<>();
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path place = to.resolve(from.relativize(file).toString());
        Private.folder(Objects.requireNonNull(place.getParent()));
        Files.move(file, place, StandardCopyOption.REPLACE_EXISTING);
        moved.add(place);
      }
    }
    Folders.delete(from);
    new Disk().sync(moved, target);
  }

  /** Puts the metadata into an empty database. */
  public void catalog(DatabaseSettings database) {
    MetadataDump.restore(database, unfinished(target).resolve("catalog"));
  }

  /** The batches that were in a store elsewhere at the moment, as folders there. */
  public List<String> elsewhere(String environment) {
    Path names = unfinished(target).resolve("elsewhere").resolve(environment);
    try {
      List<String> lines = Files.exists(names) ? Files.readAllLines(names) : List.of();
      return lines.isEmpty() ? lines : lines.subList(1, lines.size());
    } catch (IOException e) {
      throw Backups.unreadable(e);
    }
  }

  /** Makes it a project to work on. */
  public void finish() {
    try {
      Folders.delete(unfinished(target));
      new Disk().sync(List.of(target.resolve(".ecluse")), target);
    } catch (IOException e) {
      throw Backups.failed("The restore could not be finished", e);
    }
  }

  private void requireEmpty() {
    if (Files.exists(target)) {
      try (Stream<Path> inside = Files.list(target)) {
        if (inside.findAny().isPresent()) {
          throw ErrorCode.ALREADY_EXISTS.error(
              target + " is not empty; restore into a folder that is not there");
        }
      } catch (IOException e) {
        throw ErrorCode.INVALID_USAGE.error(
            "%s cannot be restored into: %s".formatted(target, e.getMessage()), e);
      }
    }
  }
}
