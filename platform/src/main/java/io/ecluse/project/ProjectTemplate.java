package io.ecluse.project;

import io.ecluse.disk.Disk;
import io.ecluse.error.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A project to start from: the files of {@code templates/NAME/} on the class path, which its {@code
 * FILES} lists one a line, because a class path cannot be listed. A line {@code FILE = OTHER/FILE}
 * takes a file of another template. {@code {{name}}} in them becomes the folder's name, {@code
 * {{key:value}}} what is given for the key, or that value. A line that ends in {@code #if key}, or
 * {@code #unless key other}, is there only if something is given for all of these, or for none.
 */
public final class ProjectTemplate {
  private static final String LIST = "FILES";
  private static final String NAME = "name";

  /** No text. */
  private static final String PROGRAM = ".jar";

  private static final Pattern PLACE = Pattern.compile("\\{\\{([a-z_]+)(?::([^}]*))?}}");
  private static final Pattern CONDITION = Pattern.compile("\\s*#(if|unless)((?: [a-z_]+)+)$");

  private final String name;
  private final Map<String, String> values;

  /**
   * @param name {@code blank}, or another folder of {@code templates/}
   */
  public ProjectTemplate(String name) {
    this(name, Map.of());
  }

  /**
   * @param values for what the template leaves open, by key
   */
  public ProjectTemplate(String name, Map<String, String> values) {
    this.name = name;
    this.values = Map.copyOf(values);
  }

  /**
   * Writes the files into the folder, which is made if it is not there, and returns their names.
   * ALREADY_EXISTS, and nothing written, if any of them is there already.
   */
  public List<String> writeTo(Path folder) {
    Map<String, String> files = new LinkedHashMap<>();
    text(name + "/" + LIST)
        .lines()
        .filter(line -> !line.isBlank())
        .map(line -> line.split(" = ", 2))
        .forEach(line -> files.put(line[0], line.length > 1 ? line[1] : name + "/" + line[0]));
    List<String> taken =
        files.keySet().stream().filter(file -> Files.exists(folder.resolve(file))).toList();
    if (!taken.isEmpty()) {
      throw ErrorCode.ALREADY_EXISTS.error(
          "%s has %s already, and nothing is overwritten: choose another folder"
              .formatted(folder, String.join(", ", taken)));
    }
    requireKnown(files.values());
    List<String> written = List.copyOf(files.keySet());
    files.forEach(
        (file, from) ->
            write(
                folder.resolve(file),
                file.endsWith(PROGRAM)
                    ? bytes(from)
                    : filled(text(from), folder).getBytes(StandardCharsets.UTF_8)));
    Path root = folder.toAbsolutePath();
    new Disk().sync(written.stream().map(root::resolve).toList(), root);
    return written;
  }

  /** A word that nothing asks for is a mistake rather than nothing. */
  private void requireKnown(Collection<String> files) {
    Set<String> known = new TreeSet<>();
    files.stream()
        .filter(file -> !file.endsWith(PROGRAM))
        .map(this::text)
        .flatMap(String::lines)
        .forEach(
            line -> {
              PLACE.matcher(line).results().forEach(found -> known.add(found.group(1)));
              CONDITION
                  .matcher(line)
                  .results()
                  .forEach(found -> known.addAll(words(found.group(2))));
            });
    known.remove(NAME);
    values.forEach(
        (key, value) -> {
          if (!known.contains(key)) {
            throw ErrorCode.INVALID_USAGE.error(
                "Template '%s' does not ask for '%s'; it asks for %s"
                    .formatted(name, key, known.isEmpty() ? "nothing" : String.join(", ", known)));
          }
          if (!value.matches("[\\w./:@, -]+")) {
            throw ErrorCode.INVALID_USAGE.error(
                "What is set for '%s' has characters that do not stand in a project's file: '%s'"
                    .formatted(key, value));
          }
        });
  }

  private static List<String> words(String text) {
    return List.of(text.strip().split(" "));
  }

  private String filled(String text, Path folder) {
    Map<String, String> given = new HashMap<>(values);
    given.put(NAME, projectName(folder));
    StringBuilder filled = new StringBuilder();
    for (String line : text.split("(?<=\n)")) {
      Matcher condition = CONDITION.matcher(line.stripTrailing());
      String rest = line;
      if (condition.find()) {
        List<String> keys = words(condition.group(2));
        boolean there =
            condition.group(1).equals("if")
                ? given.keySet().containsAll(keys)
                : Collections.disjoint(given.keySet(), keys);
        if (!there) {
          continue;
        }
        rest = line.substring(0, condition.start()) + "\n";
      }
      filled.append(
          PLACE
              .matcher(rest)
              .replaceAll(
                  place ->
                      Matcher.quoteReplacement(
                          Optional.ofNullable(given.get(place.group(1)))
                              .or(() -> Optional.ofNullable(place.group(2)))
                              .orElse(place.group()))));
    }
    return filled.toString();
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

  /** A file of a template, as TEMPLATE/FILE. */
  private byte[] bytes(String file) {
    // .gitignore is kept without its dot, since packagers leave files of git's out
    String resource = "/templates/" + file.replaceFirst("^([^/]+/)[.]", "$1");
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
