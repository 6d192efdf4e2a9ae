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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The shapes of sources, one for each type of system. */
final class SourceShapes {
  private static final Shape TEXT = new Text(Format.ANY);
  private static final Shape NAME = new Text(Format.NAME);
  private static final Shape TEMPLATE = new Text(Format.TEMPLATE);
  private static final Shape SECRET = new Text(Format.SECRET);
  private static final Shape DURATION = new Text(Format.DURATION);
  private static final Shape ONE_CHARACTER = new Text(Format.ONE_CHARACTER);
  private static final Field DESCRIPTION =
      optional("description", TEXT, "What this is, for the people who meet it.");

  private SourceShapes() {}

  /**
   * @param postgres the shape of a PostgreSQL
   * @param table the shape of a stream that is a table
   */
  static Shape all(Fields postgres, Fields table) {
    Map<String, Fields> types = new LinkedHashMap<>();
    types.put("postgres", postgres);
    types.put("files", folder());
    types.put("jdbc", jdbc(table));
    types.put("mariadb", mariadb(table));
    return new Shape.Variants("a source", "type", types);
  }

  private static Field type(String word) {
    return required("type", new Choice(List.of(word)), "The kind of system.");
  }

  private static Fields folder() {
    return fields(
        "a source of type files",
        type("files"),
        DESCRIPTION,
        required(
            "location", TEMPLATE, "The local folder that holds them, seen from the project's."),
        required("streams", new MapOf(Format.STREAM, files()), "Which files are which table."));
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
            optional("null", TEXT, "What stands for a missing value, beside nothing at all."));
    Fields column =
        fields(
            "a column",
            DESCRIPTION,
            optional(
                "personal",
                new AnyOf(List.of(new Shape.Flag(), NAME)),
                "Whether it is personal data (GDPR), or which kind: identity, contact, birth…"),
            optional(
                "type",
                new Text(Format.TYPE),
                "Its type; the narrowest that loses nothing unless said."));
    return fields(
        "a stream of files",
        DESCRIPTION,
        required(
            "files",
            new Text(Format.GLOB),
            "Which files: students-*.csv; **/*.json in folders below, too."),
        optional(
            "format",
            new Choice(List.of("csv", "json", "ndjson", "parquet")),
            "What they hold; told from their names unless said."),
        optional(
            "mode",
            new Choice(List.of("full", "new_files")),
            "full: all files each time; new_files: those that are new or have changed."),
        optional("encoding", new Text(Format.ENCODING), "The encoding of text; utf-8 unless said."),
        optional("csv", csv, "How CSV files are written."),
        optional(
            "primary_key",
            new ListOf(new Text(Format.COLUMN), ListOf.Size.NOT_EMPTY),
            "Columns that tell rows apart."),
        optional("columns", new MapOf(Format.COLUMN, column), "What is known of its columns."));
  }

  private static Fields jdbc(Fields table) {
    Fields connection =
        fields(
            "a connection of type jdbc",
            required("url", TEMPLATE, "The JDBC URL, as jdbc:h2:tcp://host/name."),
            optional("user", TEMPLATE, "Who signs in; a user that may only read is enough."),
            optional("password", SECRET, "A reference to the password."),
            optional(
                "driver_jar",
                new Text(Format.LOCATION),
                "The file of the driver, seen from the project's folder."));
    return fields(
        "a source of type jdbc",
        type("jdbc"),
        DESCRIPTION,
        required(
            "connection",
            connection,
            "How to connect. Values may hold ${env:NAME} and ${secret:NAME}."),
        optional(
            "schema",
            new Text(Format.STREAM),
            "The schema that holds the streams; the user's own unless said."),
        optional(
            "streams",
            new MapOf(Format.STREAM, table),
            "Tables to read; all of the schema unless said."),
        optional("extract", fields("extract", statementTimeout(), hours()), "How gently to read."));
  }

  private static Fields mariadb(Fields table) {
    Fields connection =
        fields(
            "a connection of type mariadb",
            required("host", TEMPLATE, "The server's name or address."),
            optional(
                "port",
                new AnyOf(List.of(new Whole(1, 65535), TEMPLATE)),
                "The server's port; 3306 unless said."),
            required("database", TEMPLATE, "The database."),
            required("user", TEMPLATE, "Who signs in; a user that may only read is enough."),
            optional("password", SECRET, "A reference to the password."),
            optional(
                "sslmode",
                new Choice(List.of("disable", "trust", "verify-ca", "verify-full")),
                "Whether to encrypt, and whom to trust; disable unless said."));
    return fields(
        "a source of type mariadb",
        type("mariadb"),
        DESCRIPTION,
        required(
            "connection",
            connection,
            "How to connect. Values may hold ${env:NAME} and ${secret:NAME}."),
        optional(
            "streams",
            new MapOf(Format.STREAM, table),
            "Tables to read; all of the database unless said."),
        optional(
            "extract",
            fields(
                "extract",
                statementTimeout(),
                optional(
                    "connect_timeout",
                    DURATION,
                    "How long to wait for a connection; 10s unless said."),
                hours()),
            "How gently to read."));
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

  private static Field statementTimeout() {
    return optional(
        "statement_timeout", DURATION, "How long one statement may take; 1h unless said.");
  }
}
