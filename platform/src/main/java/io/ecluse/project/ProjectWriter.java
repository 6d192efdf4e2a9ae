package io.ecluse.project;

import io.ecluse.disk.Disk;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.text.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Writes files of a project as people would: a file that has changed since it was read is left
 * alone, and so is a project that would have an error more. What is written is there whole, or not
 * at all, and on the disk. Safe for use by several threads; another process may still write a file
 * in the moment in which it is replaced.
 */
public final class ProjectWriter {
  private final Path folder;
  private final ProjectReader reader;
  private final Disk disk;

  /**
   * @param folder of a project
   */
  public ProjectWriter(Path folder, ProjectReader reader, Disk disk) {
    this.folder = folder.toAbsolutePath().normalize();
    this.reader = reader;
    this.disk = disk;
  }

  /**
   * A file as it was read.
   *
   * @param path relative to the project's folder, with slashes
   * @param etag of its bytes: another one is another state
   */
  public record Content(String path, String text, String etag) {
    private static Content of(String path, byte[] bytes) {
      return new Content(path, new String(bytes, StandardCharsets.UTF_8), Sha256.of(bytes));
    }
  }

  /** A file as it is now; empty if there is none. */
  public Optional<Content> read(String path) {
    Path file = file(path);
    try {
      return Files.isRegularFile(file)
          ? Optional.of(Content.of(path, Files.readAllBytes(file)))
          : Optional.empty();
    } catch (IOException e) {
      throw ErrorCode.INVALID_USAGE.error(
          "%s cannot be read: %s".formatted(path, e.getMessage()), e);
    }
  }

  /**
   * Writes a file that is not there yet.
   *
   * @throws EcluseException ALREADY_EXISTS, INVALID_PROJECT
   */
  public synchronized Content create(String path, String text) {
    return write(path, Optional.empty(), text);
  }

  /**
   * Replaces a file by another text.
   *
   * @param etag of the state that the text was made of
   * @throws EcluseException CONFLICT if the file has changed since, INVALID_PROJECT
   */
  public synchronized Content replace(String path, String etag, String text) {
    return write(path, Optional.of(etag), text);
  }

  /**
   * Sets one value of a YAML file; all else, comments too, stays to the letter.
   *
   * @param keys the way to a single value that is there
   * @param value as YAML writes it
   * @throws EcluseException as {@link #replace}; NOT_FOUND if there is no such value
   */
  public synchronized Content set(Content read, List<String> keys, String value) {
    return replace(read.path(), read.etag(), YamlEdit.set(read, keys, value));
  }

  /**
   * As {@link #set}, but the last keys need not be there.
   *
   * @throws EcluseException as {@link #replace}; NOT_FOUND where it cannot be written without
   *     changing more
   */
  public synchronized Content put(Content read, List<String> keys, String value) {
    return replace(read.path(), read.etag(), YamlEdit.put(read, keys, value));
  }

  /** Whether a YAML file says something at the end of these keys. */
  public static boolean has(Content read, List<String> keys) {
    return YamlEdit.has(read, keys);
  }

  /** The number of the line where a value is, or what is to hold it. */
  public static int line(Content read, List<String> keys) {
    return YamlEdit.line(read, keys);
  }

  private Content write(String path, Optional<String> etag, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    requireUnchanged(path, etag);
    requireNoNewError(path, bytes);
    requireUnchanged(path, etag); // meanwhile
    Path file = file(path);
    Path folder = Objects.requireNonNull(file.getParent());
    disk.makeFolder(folder);
    disk.write(file, bytes);
    disk.sync(List.of(), folder);
    return Content.of(path, bytes);
  }

  private void requireUnchanged(String path, Optional<String> etag) {
    Optional<String> now = read(path).map(Content::etag);
    if (now.equals(etag)) {
      return;
    }
    throw etag.isEmpty()
        ? ErrorCode.ALREADY_EXISTS.error(path + " is there already, and is left as it is")
        : ErrorCode.CONFLICT.error(
            path + " has changed since it was read, and is left as it is; read it again");
  }

  private void requireNoNewError(String path, byte[] bytes) {
    ProjectBundle now = ProjectBundle.withDashboards(folder);
    List<Problem> errors =
        new ArrayList<>(reader.readApart(now.with(path, bytes), folder).errors());
    if (!errors.isEmpty()) {
      errors.removeAll(reader.readApart(now, folder).errors());
    }
    if (!errors.isEmpty()) {
      throw ErrorCode.INVALID_PROJECT.error(
          path
              + " was not written, since of it comes what follows. "
              + new ProjectReading(Optional.empty(), errors).message());
    }
  }

  private Path file(String path) {
    Path file = folder.resolve(path).normalize();
    if (!file.startsWith(folder) || !ProjectBundle.holds(folder.relativize(file))) {
      throw ErrorCode.INVALID_USAGE.error(
          "%s is no file of a project: they are ecluse.yaml and what ends in .yaml or .sql below sources, dags, models, tests and dashboards"
              .formatted(path));
    }
    return file;
  }
}
