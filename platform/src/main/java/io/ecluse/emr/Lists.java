package io.ecluse.emr;

import io.ecluse.error.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Lists of a few words a line, with commas between; a line that begins with # is for people. */
final class Lists {
  private Lists() {}

  static List<List<String>> builtIn(String name) {
    return lines(text(name));
  }

  /** The lines for people of a list, its date among them. */
  static String remark(String text) {
    return text.lines()
        .filter(line -> line.startsWith("#"))
        .map(line -> line.substring(1).strip())
        .findFirst()
        .orElse("");
  }

  static String text(String name) {
    try (InputStream in = Objects.requireNonNull(Lists.class.getResourceAsStream(name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A list of the project's. */
  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw ErrorCode.INVALID_PROJECT.error(
          "The prices in %s cannot be read: %s; correct prices of the cluster in ecluse.yaml"
              .formatted(file, e.getMessage()),
          e);
    }
  }

  static List<List<String>> lines(String text) {
    return text.lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
        .map(line -> Arrays.stream(line.split(",", -1)).map(String::strip).toList())
        .toList();
  }
}
