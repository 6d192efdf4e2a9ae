package io.ecluse.project;

import io.ecluse.disk.Disk;
import io.ecluse.error.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A project to start from: the files of {@code templates/NAME/} on the class path, which its {@code
 * FILES} lists one a line, because a class path cannot be listed. {@code {{name}}} in them becomes
 * the folder's name.
 */
public final class ProjectTemplate {
  private static final String LIST = "FILES";

  /** No text. */
  private static final String PROGRAM = ".jar";

  private final String name;

  /**
   * @param name {@code blank}, or another folder of {@code templates/}
   */
  public ProjectTemplate(String name) {
    this.name = name;
  }

  /**
   * Writes the files into the folder, which is made if it is not there, and returns their names.
   * ALREADY_EXISTS, and nothing written, if any of them is there already.
   */
  public List<String> writeTo(Path folder) {
    List<String> files = text(LIST).lines().filter(line -> !line.isBlank()).toList();
    List<String> taken = files.stream().filter(file -> Files.exists(folder.resolve(file))).toList();
    if (!taken.isEmpty()) {
      throw ErrorCode.ALREADY_EXISTS.error(
          "%s has %s already, and nothing is overwritten: choose another folder"
              .formatted(folder, String.join(", ", taken)));
    }
    List<String> written = new ArrayList<>();
    for (String file : files) {
      write(
          folder.resolve(file),
          file.endsWith(PROGRAM)
              ? bytes(file)
              : text(file)
                  .replace("{{name}}", projectName(folder))
                  .getBytes(StandardCharsets.UTF_8));
      written.add(file);
    }
    Path root = folder.toAbsolutePath();
    new Disk().sync(written.stream().map(root::resolve).toList(), root);
    return written;
  }

  private static void write(Path file, byte[] content) {
    try {
      Path parent = file.toAbsolutePath().getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      Files.write(file, content);
    } catch (IOException e) {
      throw ErrorCode.INVALID_USAGE.error(
          "%s cannot be written: %s".formatted(file, e.getMessage()), e);
    }
  }

  /** A name that a project may have, made of the folder's. */
  private static String projectName(Path folder) {
    Path last = folder.toAbsolutePath().normalize().getFileName();
    String plain = String.valueOf(last).toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_]+", "_");
    return Format.NAME.mistake(plain).isEmpty() ? plain : "project";
  }

  private String text(String file) {
    return new String(bytes(file), StandardCharsets.UTF_8);
  }

  private byte[] bytes(String file) {
    // .gitignore is kept without its dot, since packagers leave files of git's out
    String resource =
        "/templates/" + name + "/" + (file.startsWith(".") ? file.substring(1) : file);
    try (InputStream stream = ProjectTemplate.class.getResourceAsStream(resource)) {
      if (stream == null) {
        throw ErrorCode.NOT_FOUND.error("There is no project template '%s'".formatted(name));
      }
      return stream.readAllBytes();
    } catch (IOException e) {
      throw ErrorCode.INTERNAL.error("Cannot read " + resource, e);
    }
  }
}
