package io.ecluse.flow;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.project.ProjectReader;
import io.ecluse.project.SourceFile;
import io.ecluse.source.Discovery;
import io.ecluse.source.SourceNaming;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A source that somebody has just named and no file of a project.
 *
 * @param file what a file would say of it; it names no stream
 * @param head the text of such a file, up to its streams
 */
public record NewSource(SourceFile file, String head) {
  private static final String TYPE = "type";

  /**
   * What people can say of sources, by the word for their type; the first is meant where nothing
   * tells the type.
   */
  public record Words(Map<String, SourceNaming> namings) {
    /**
     * What a URL says, as keys of a source's file.
     *
     * @throws EcluseException INVALID_USAGE for a URL of nothing that is known, or with a password
     */
    public Map<String, String> of(String url) {
      Map<String, Integer> fits = new HashMap<>();
      namings.forEach(
          (type, naming) ->
              naming.schemes().stream()
                  .filter(scheme -> url.startsWith(scheme + ":"))
                  .map(String::length)
                  .max(Comparator.naturalOrder())
                  .ifPresent(length -> fits.put(type, length)));
      String type =
          fits.entrySet().stream()
              .max(Map.Entry.comparingByValue())
              .map(Map.Entry::getKey)
              .orElseThrow(
                  () ->
                      ErrorCode.INVALID_USAGE.error(
                          "--url is not as %s; with a name that no URL may hold, use --host, --port, --database and --user"
                              .formatted(examples())));
      Map<String, String> words = new HashMap<>(naming(type).words().apply(url));
      words.put(TYPE, type);
      return words;
    }

    private SourceNaming naming(String type) {
      return Objects.requireNonNull(namings.get(type));
    }

    private String examples() {
      List<SourceNaming> all = List.copyOf(namings.values());
      return all.stream()
          .skip(1)
          .map(SourceNaming::brief)
          .collect(Collectors.joining(", or ", all.get(0).example() + " (or ", ")"));
    }
  }

  /**
   * The source that words tell of.
   *
   * @param said keys of a source's file, {@code type} among them unless it is the usual one
   * @param secret the name of its password's secret; empty if it has none
   * @param reader of the files of projects
   * @throws EcluseException INVALID_USAGE, INVALID_PROJECT for words that no file may hold
   */
  public static NewSource of(
      String name,
      Map<String, String> said,
      Optional<String> secret,
      Words known,
      ProjectReader reader) {
    Map<String, String> words = new TreeMap<>(said);
    String type =
        Optional.ofNullable(words.remove(TYPE))
            .orElseGet(() -> known.namings().keySet().iterator().next());
    SourceNaming naming = known.naming(type);
    for (String word : naming.required()) {
      if (words.getOrDefault(word, "").isBlank()) {
        throw ErrorCode.INVALID_USAGE.error(
            "The %s is not said, and no file in sources/ says it: use --url %s, or --%s"
                .formatted(word, known.examples(), word));
      }
    }
    words.replaceAll(NewSource::written);
    naming.usual().forEach(words::putIfAbsent);
    secret
        .filter(s -> naming.connection().contains("password"))
        .ifPresent(s -> words.put("password", "${secret:" + s + "}"));
    StringBuilder head = new StringBuilder("type: " + type + "\nconnection:\n");
    for (String key : naming.connection()) {
      Optional.ofNullable(words.remove(key))
          .ifPresent(value -> SourceDraft.entry(head, key, value));
    }
    words.forEach((key, value) -> head.append(key).append(": ").append(value).append('\n'));
    return new NewSource(reader.source(name, head.toString()), head.toString());
  }

  private static String written(String key, String value) {
    boolean number = key.equals("port") && value.matches("[0-9]+");
    return number ? value : SourceDraft.text(value);
  }

  /** The text of the file that a discovery proposes. */
  public String yaml(Discovery discovery) {
    return SourceDraft.top(discovery) + head + SourceDraft.streams(discovery);
  }
}
