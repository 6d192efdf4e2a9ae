package io.ecluse.source;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.project.Secrets;
import io.ecluse.project.SourceFile;
import io.ecluse.project.Template;
import io.ecluse.project.Value;
import io.ecluse.schema.DataType;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * A source as its file declares it, with what resolves the values there. They are resolved when
 * they are asked for: SECRET_MISSING if one has none.
 *
 * @param folder the project's, from which paths are seen
 */
public record Declared(SourceFile file, Secrets secrets, Path folder) {
  private static final int LARGEST_PORT = 65_535;
  private static final Pattern SECRET = Pattern.compile("\\$\\{secret:(\\w+)}");

  public String name() {
    return file.name();
  }

  /** The whole file. */
  public Value.Entries content() {
    return file.content();
  }

  public Value.Entries connection() {
    return content().entries("connection");
  }

  /** What stands under a key, its references replaced; empty if nothing does. */
  public Optional<String> find(Value.Entries at, String key) {
    return at.template(key).map(this::resolved);
  }

  /** What stands under a key that the shape asks for. */
  public String text(Value.Entries at, String key) {
    return find(at, key).orElse("");
  }

  private String resolved(Template template) {
    return template.resolve(secrets);
  }

  /** Every text, number and flag of a map, references replaced. */
  public Map<String, String> texts(Value.Entries entries) {
    Map<String, String> texts = new LinkedHashMap<>();
    entries.values().keySet().forEach(key -> texts.put(key, text(entries, key)));
    return texts;
  }

  /** A path seen from the project's folder. */
  public Path path(String said) {
    return folder.resolve(said).normalize();
  }

  /** The port of the connection, or the usual one; INVALID_PROJECT if there is no such port. */
  public int port(int usual) {
    String text = find(connection(), "port").orElse(String.valueOf(usual));
    try {
      int port = Integer.parseInt(text);
      if (port >= 1 && port <= LARGEST_PORT) {
        return port;
      }
    } catch (NumberFormatException e) {
      // said below, with the value
    }
    throw ErrorCode.INVALID_PROJECT.error(
        "Source %s: connection.port must be 1 to 65535, but is '%s'".formatted(name(), text));
  }

  /** The types of a stream's columns for which one is said. */
  public static Map<String, DataType> types(Value.Entries stream) {
    Map<String, DataType> types = new LinkedHashMap<>();
    stream
        .each("columns", (name, column) -> column.word("type").flatMap(DataType::parse))
        .forEach((name, type) -> type.ifPresent(t -> types.put(name, t)));
    return types;
  }

  /** How streams are read, in the order of the file. */
  public Map<String, StreamPlan> plans() {
    Map<String, StreamPlan> plans = new LinkedHashMap<>();
    file.streams().forEach((name, stream) -> plans.put(name, StreamPlan.of(stream)));
    return plans;
  }

  /** The secrets that the file refers to and that have no value. */
  public Set<String> missingSecrets() {
    Set<String> missing = new TreeSet<>();
    addMissing(content(), missing);
    return missing;
  }

  private void addMissing(Value value, Set<String> missing) {
    if (value instanceof Value.Entries map) {
      map.values().values().forEach(v -> addMissing(v, missing));
    } else if (value instanceof Value.Items list) {
      list.items().forEach(v -> addMissing(v, missing));
    } else if (value instanceof Value.Text text) {
      SECRET
          .matcher(text.text())
          .results()
          .map(m -> m.group(1))
          .filter(this::lacks)
          .forEach(missing::add);
    }
  }

  private boolean lacks(String secret) {
    try {
      return secrets.secret(secret) == null;
    } catch (EcluseException e) {
      if (e.code() != ErrorCode.SECRET_MISSING) {
        throw e;
      }
      return true;
    }
  }

  /** How much an extract may disturb the source. */
  public ImpactLimits limits() {
    return ImpactLimits.of(file.extract());
  }
}
