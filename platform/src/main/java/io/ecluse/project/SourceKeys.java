package io.ecluse.project;

import static io.ecluse.project.Shapes.fields;
import static io.ecluse.project.Shapes.optional;
import static io.ecluse.project.Shapes.required;

import io.ecluse.project.Shape.AnyOf;
import io.ecluse.project.Shape.Choice;
import io.ecluse.project.Shape.Field;
import io.ecluse.project.Shape.Fields;
import io.ecluse.project.Shape.ListOf;
import io.ecluse.project.Shape.MapOf;
import io.ecluse.project.Shape.Text;
import io.ecluse.project.Shape.Whole;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The shapes of sources, one for each type of system, and what they have in common. */
final class SourceShapes {
  static final Shape TEXT = new Text(Format.ANY);
  static final Shape NAME = new Text(Format.NAME);
  static final Shape TEMPLATE = new Text(Format.TEMPLATE);
  static final Shape SECRET = new Text(Format.SECRET);
  static final Shape DURATION = new Text(Format.DURATION);
  static final Shape COLUMN = new Text(Format.COLUMN);
  static final Field DESCRIPTION =
      optional("description", TEXT, "What this is, for the people who meet it.");
  private static final Shape ONE_CHARACTER = new Text(Format.ONE_CHARACTER);

  private SourceShapes() {}

  static Shape all() {
    return all(Map.of());
  }

  /**
   * @param more those that plug-ins bring, by type
   */
  static Shape all(Map<String, Fields> more) {
    Map<String, Fields> types = builtIn();
    types.putAll(more);
    return new Shape.Variants("a source", "type", types);
  }

  static Map<String, Fields> builtIn() {
    Map<String, Fields> types = new LinkedHashMap<>();
    types.put("postgres", DatabaseShapes.postgres());
    types.put("files", folder());
    types.put("jdbc", DatabaseShapes.jdbc());
    types.put("mariadb", DatabaseShapes.mariadb());
    types.put("http", ApiShapes.http());
    return types;
  }

  /** A source of a type that a plug-in brings. */
  static Fields plugin(String type, Fields settings) {
    Field field =
        settings.mayBeEmpty()
            ? optional("settings", settings, "What the source wants to know.")
            : required("settings", settings, "What the source wants to know.");
    return fields(
        "a source of type " + type,
        type(type),
        DESCRIPTION,
        field,
        optional(
            "streams",
            new MapOf(Format.STREAM, DatabaseShapes.wholeTable()),
            "Streams to read; all that the source has unless said."));
  }

  static Field type(String word) {
    return required("type", new Choice(List.of(word)), "The kind of system.");
  }

  static Field connected(Fields connection) {
    return required(
        "connection",
        connection,
        "How to connect. Values may hold ${env:NAME} and ${secret:NAME}.");
  }

  static Field hours() {
    return optional(
        "hours",
        fields(
            "reading hours",
            required("from", new Text(Format.TIME), "When they begin, as 20:00."),
            required("to", new Text(Format.TIME), "When they end, as 06:00."),
            optional("timezone", new Text(Format.ZONE), "By whose clock; UTC unless said.")),
        "When the source may be read; always unless said.");
  }

  static Field history() {
    return optional(
        "history",
        new Shape.Flag(),
        "Whether the warehouse keeps every version of a row, with valid_from and valid_to.");
  }

  static Field partition() {
    return Shapes.partition();
  }

  static Field sort() {
    return Shapes.sort(
        "The order of its rows in the table; that of the primary key unless said, where rows are merged by it.");
  }

  static Field primaryKey() {
    return optional(
        "primary_key", new ListOf(COLUMN, ListOf.Size.NOT_EMPTY), "Columns that tell rows apart.");
  }

  /** What is known of columns whose types the source tells. */
  static Field columns() {
    return columnsWith();
  }

  /** What is known of columns whose types are found out. */
  static Field typedColumns() {
    return columnsWith(
        optional(
            "type",
            new Text(Format.TYPE),
            "Its type; the narrowest that loses nothing unless said."));
  }

  private static Field columnsWith(Field... more) {
    List<Field> fields = new ArrayList<>();
    fields.add(DESCRIPTION);
    fields.add(
        optional(
            "personal",
            new AnyOf(List.of(new Shape.Flag(), NAME)),
            "Whether it is personal data (GDPR), or which kind: identity, contact, birth…"));
    fields.addAll(Arrays.asList(more));
    Fields column = fields("a column", fields.toArray(Field[]::new));
    return optional("columns", new MapOf(Format.COLUMN, column), "What is known of its columns.");
  }

  private static Fields folder() {
    return fields(
        "a source of type files",
        type("files"),
        DESCRIPTION,
        required(
            "location",
            TEMPLATE,
            "The folder that holds them: a local one, seen from the project's, s3://bucket/folder or hdfs://host:port/folder."),
        StoreShapes.s3(),
        StoreShapes.hdfs(),
        required("streams", new MapOf(Format.STREAM, files()), "Which files are which table."));
  }

  private static Fields excel() {
    return fields(
        "excel",
        optional(
            "sheet",
            new AnyOf(List.of(new Whole(1, 10_000), new Text(Format.WORDS))),
            "The sheet's name, or its number from 1; the first that is not hidden unless said."),
        optional(
            "start", new Text(Format.CELL), "The cell of the first column's name; A1 unless said."),
        optional(
            "header",
            new Shape.Flag(),
            "Whether the first row names the columns; true unless said."));
  }

  private static Fields files() {
    Fields csv =
        fields(
            "csv",
            optional(
                "delimiter", ONE_CHARACTER, "What stands between values; found out unless said."),
            optional("quote", ONE_CHARACTER, "What stands around values; found out unless said."),
            optional(
                "header",
                new Shape.Flag(),
                "Whether the first line names the columns; true unless said."),
            optional("null", TEXT, "What stands for a missing value, beside nothing at all."),
            optional(
                "skip",
                new Whole(0, 1_000_000),
                "Lines before the one that names the columns; 0 unless said."),
            optional(
                "comment",
                ONE_CHARACTER,
                "What lines begin with that are not read; none unless said."));
    return fields(
        "a stream of files",
        DESCRIPTION,
        required(
            "files",
            new Text(Format.GLOB),
            "Which files: students-*.csv; **/*.json in folders below, too."),
        optional(
            "format",
            new Choice(List.of("csv", "json", "ndjson", "parquet", "xlsx")),
            "What they hold; told from their names unless said."),
        optional(
            "mode",
            new Choice(List.of("full", "new_files")),
            "full: all files each time; new_files: those that are new or have changed."),
        optional("encoding", new Text(Format.ENCODING), "The encoding of text; utf-8 unless said."),
        optional("csv", csv, "How CSV files are written."),
        optional("excel", excel(), "Where in workbooks the rows are."),
        primaryKey(),
        partition(),
        sort(),
        typedColumns());
  }
}
