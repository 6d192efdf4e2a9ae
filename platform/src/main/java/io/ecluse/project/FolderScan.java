package io.ecluse.project;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the files of a project, and tells of files that look like one but would not be read. */
record FolderScan(Path folder, Problems problems) {
  private static final int DEEPEST = 8;

  /**
   * A file of a project.
   *
   * @param name without folder and ending
   * @param relative to the project folder, with forward slashes
   */
  record Found(String name, Path path, String relative) {}

  /** Files that stand directly in a folder of the project and are named for what they hold. */
  List<Found> files(String in, String ending) {
    List<Found> files = new ArrayList<>();
    for (Found file : list(in)) {
      boolean direct = file.relative().indexOf('/', in.length() + 1) < 0;
      if (!hasEnding(file, ending)) {
        warnOfOtherEnding(file, ending);
      } else if (!direct) {
        problems.error(
            file.relative(),
            "Files in folders of %s/ are not read".formatted(in),
            "move it to " + in + "/");
      } else if (isNamed(file, file.name())) {
        files.add(file);
      }
    }
    return files;
  }

  /** Files of {@code models/SCHEMA/}, at any depth below. */
  List<Found> models() {
    List<Found> files = new ArrayList<>();
    for (Found file : list("models")) {
      if (!hasEnding(file, ".sql")) {
        warnOfOtherEnding(file, ".sql");
      } else if (slashes(file) < 2) {
        problems.error(
            file.relative(),
            "A model stands in a folder named for its schema",
            "move it to models/marts/" + file.name() + ".sql, for instance");
      } else if (isNamed(file, file.name()) && isNamed(file, schema(file))) {
        files.add(file);
      }
    }
    return files;
  }

  List<String> notebooks() {
    return list("notebooks").stream()
        .filter(file -> hasEnding(file, ".ipynb"))
        .map(Found::relative)
        .toList();
  }

  static String schema(Found model) {
    return String.valueOf(Path.of(model.relative()).getName(1));
  }

  private boolean isNamed(Found file, String name) {
    Optional<String> mistake = Format.NAME.mistake(name);
    mistake.ifPresent(
        message ->
            problems.in(file.relative()).error(Position.START, "The file's name: " + message));
    return mistake.isEmpty();
  }

  private void warnOfOtherEnding(Found file, String ending) {
    String lower = file.relative().toLowerCase(Locale.ROOT);
    if (lower.endsWith(".yml") || lower.endsWith(".yaml") || lower.endsWith(".sql")) {
      problems.error(file.relative(), "This file is not read", "name it " + file.name() + ending);
    }
  }

  private static long slashes(Found file) {
    return file.relative().chars().filter(c -> c == '/').count();
  }

  private static boolean hasEnding(Found file, String ending) {
    return file.relative().endsWith(ending);
  }

  private List<Found> list(String in) {
    Path start = folder.resolve(in);
    if (!Files.isDirectory(start)) {
      return List.of();
    }
    try (Stream<Path> paths = Files.walk(start, DEEPEST)) {
      return paths
          .filter(path -> !hidden(path))
          .filter(Files::isRegularFile)
          .filter(this::isInside)
          .map(this::found)
          .sorted(Comparator.comparing(Found::relative))
          .toList();
    } catch (IOException | UncheckedIOException e) {
      problems.in(in).error(Position.START, "The folder cannot be read: " + e.getMessage());
      return List.of();
    }
  }

  /** Whether a file is one of the project, and not a link to another. */
  private boolean isInside(Path path) {
    try {
      if (path.toRealPath().startsWith(folder.toRealPath())) {
        return true;
      }
    } catch (IOException e) {
      return true; // reading it says what is wrong
    }
    problems.error(
        folder.relativize(path).toString().replace('\\', '/'),
        "This is a symbolic link that leads out of the project, which is not followed",
        "put the file itself there");
    return false;
  }

  private boolean hidden(Path path) {
    for (Path part : folder.relativize(path)) {
      if (part.toString().startsWith(".")) {
        return true;
      }
    }
    return false;
  }

  private Found found(Path path) {
    String file = String.valueOf(path.getFileName());
    int dot = file.lastIndexOf('.');
    String relative = folder.relativize(path).toString().replace('\\', '/');
    return new Found(dot < 0 ? file : file.substring(0, dot), path, relative);
  }
}
