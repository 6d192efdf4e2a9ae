package io.ecluse.project;

import io.ecluse.schema.DriftPolicy;
import io.ecluse.schema.Layout;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code sources/NAME.yaml}: a production system and how to read it. Here is what all kinds have in
 * common; the rest only the kind understands.
 *
 * @param path relative to the project folder
 * @param type the word for its kind
 * @param streams by name, in the order of the file; empty means all that there are
 * @param content the whole file, which keeps to the shape of its kind
 */
public record SourceFile(
    String name, String path, String type, Map<String, Stream> streams, Value.Entries content) {

  public SourceFile {
    streams = Collections.unmodifiableMap(new LinkedHashMap<>(streams));
  }

  static SourceFile of(String name, String path, Value.Entries content) {
    return new SourceFile(
        name, path, content.text("type", ""), content.each("streams", Stream::of), content);
  }

  public String description() {
    return content.text("description", "");
  }

  /** What to do when columns of a stream have changed. */
  public DriftPolicy drift() {
    return content.choice("drift", DriftPolicy.EVOLVE);
  }

  /** How gently to read. */
  public Value.Entries extract() {
    return content.entries("extract");
  }

  /** Rows of a stream that may be left out. */
  public long maxRejected() {
    return extract().number("max_rejected").map(n -> n.longValue()).orElse(0L);
  }

  /** When the source may be read; empty for always. */
  public Optional<ReadingHours> hours() {
    Value.Entries hours = extract().entries("hours");
    return hours
        .word("from")
        .map(
            from ->
                new ReadingHours(
                    LocalTime.parse(from),
                    LocalTime.parse(hours.text("to", "")),
                    ZoneId.of(hours.text("timezone", "UTC"))));
  }

  /**
   * A table of the source.
   *
   * @param mode how it is read, in the word of the kind: full unless said
   * @param cursor the column that tells what is new, for streams read by increments
   * @param lookBack a duration in ISO 8601, or a whole number, as the cursor is
   * @param detectsDeletes whether each extract compares all keys
   * @param history whether every version of a row is kept
   * @param layout of its table, as far as it is said
   */
  public record Stream(
      String name,
      String description,
      String mode,
      Optional<String> cursor,
      Optional<String> lookBack,
      boolean detectsDeletes,
      boolean history,
      List<String> primaryKey,
      Layout layout,
      Map<String, Column> columns) {
    public Stream {
      primaryKey = List.copyOf(primaryKey);
      columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
    }

    private static Stream of(String name, Value.Entries content) {
      return new Stream(
          name,
          content.text("description", ""),
          content.text("mode", "full"),
          content.word("cursor"),
          content
              .number("look_back")
              .map(n -> n.toPlainString())
              .or(() -> content.word("look_back").map(t -> Format.duration(t).toString())),
          content.text("deletes", "ignore").equals("detect"),
          content.flag("history").orElse(false),
          content.items("primary_key").texts().stream().map(Value.Text::text).toList(),
          ProjectAssembly.layout(content),
          content.each("columns", Column::of));
    }
  }

  /**
   * What the project says about a column.
   *
   * @param personal whether it is personal data; empty if nobody said
   * @param category which kind of personal data, if that is said
   */
  public record Column(
      String name, String description, Optional<Boolean> personal, Optional<String> category) {
    private static Column of(String name, Value.Entries content) {
      Optional<String> category = content.word("personal");
      return new Column(
          name,
          content.text("description", ""),
          category.map(c -> true).or(() -> content.flag("personal")),
          category);
    }

    /** Whether it is personal data, by its category or as it is said; empty if neither is there. */
    public Optional<Boolean> isPersonal() {
      return category.map(c -> true).or(this::personal);
    }
  }
}
