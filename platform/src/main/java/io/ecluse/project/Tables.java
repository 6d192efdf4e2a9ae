package io.ecluse.project;

import io.ecluse.error.Nearest;
import io.ecluse.schema.TableName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Every table that SQL of the project may read: streams of sources, and models. */
final class Tables {
  private static final Pattern QUALIFIED =
      Pattern.compile("\"?([\\p{L}_][\\p{L}\\p{N}_$]*)\"?\\.\"?([\\p{L}_][\\p{L}\\p{N}_$]*)");

  private final Map<String, TableName> known = new HashMap<>();
  private final Map<String, List<String>> namesBySchema = new HashMap<>();
  private final Set<String> openSchemas = new HashSet<>();

  /** Declares what the files hold; two streams that SQL could not tell apart are reported. */
  static Tables of(ProjectFiles files, Problems problems) {
    Tables tables = new Tables();
    files
        .sources()
        .forEach(
            (name, part) -> {
              Value.Entries streams = part.entries().entries("streams");
              if (streams.keys().isEmpty()) {
                tables.openSchemas.add(name);
              }
              for (String stream : streams.keys().keySet()) {
                if (!tables.add(new TableName(name, stream))) {
                  problems
                      .in(part.path())
                      .error(
                          streams.keyAt(stream),
                          "The stream '%s' differs from another only by case".formatted(stream));
                }
              }
            });
    files.models().keySet().forEach(tables::add);
    return tables;
  }

  /**
   * The table as it spells itself; a table of a source that lists no streams is taken as written.
   */
  Optional<TableName> find(TableName written) {
    TableName table = known.get(written.key());
    if (table != null) {
      return Optional.of(table);
    }
    String schema = written.schema().toLowerCase(Locale.ROOT);
    return openSchemas.contains(schema)
        ? Optional.of(new TableName(schema, written.name()))
        : Optional.empty();
  }

  /** Finds the table, or reports that there is none with the nearest that there is. */
  Optional<TableName> find(TableName written, Position at, Problems.OfFile problems) {
    Optional<TableName> table = find(written);
    if (table.isEmpty()) {
      problems.error(at, "There is no table " + written, hint(written));
    }
    return table;
  }

  /** The tables whose names stand in a text, be it SQL or not. */
  Set<TableName> namedIn(String text) {
    Set<TableName> named = new TreeSet<>();
    Matcher words = QUALIFIED.matcher(text);
    while (words.find()) {
      String key = (words.group(1) + "." + words.group(2)).toLowerCase(Locale.ROOT);
      Optional.ofNullable(known.get(key)).ifPresent(named::add);
    }
    return named;
  }

  private boolean add(TableName table) {
    namesBySchema.computeIfAbsent(table.schema(), s -> new ArrayList<>()).add(table.name());
    return known.putIfAbsent(table.key(), table) == null;
  }

  private Optional<String> hint(TableName written) {
    String schema = written.schema().toLowerCase(Locale.ROOT);
    List<String> names = namesBySchema.getOrDefault(schema, List.of());
    List<String> all = known.values().stream().map(TableName::toString).sorted().toList();
    return Nearest.of(written.name(), names)
        .map(name -> schema + "." + name)
        .or(() -> Nearest.of(written.toString(), all))
        .map(name -> "did you mean " + name + "?")
        .or(() -> Optional.of("a table is a stream of a source, as erp.students, or a model"));
  }
}
