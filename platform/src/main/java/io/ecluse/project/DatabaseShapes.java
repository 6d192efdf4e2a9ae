package io.ecluse.project;

import static io.ecluse.project.Shapes.fields;
import static io.ecluse.project.Shapes.optional;
import static io.ecluse.project.Shapes.required;
import static io.ecluse.project.SourceShapes.COLUMN;
import static io.ecluse.project.SourceShapes.DESCRIPTION;
import static io.ecluse.project.SourceShapes.DURATION;
import static io.ecluse.project.SourceShapes.SECRET;
import static io.ecluse.project.SourceShapes.TEMPLATE;
import static io.ecluse.project.SourceShapes.columns;
import static io.ecluse.project.SourceShapes.connected;
import static io.ecluse.project.SourceShapes.history;
import static io.ecluse.project.SourceShapes.hours;
import static io.ecluse.project.SourceShapes.partition;
import static io.ecluse.project.SourceShapes.primaryKey;
import static io.ecluse.project.SourceShapes.sort;
import static io.ecluse.project.SourceShapes.type;

import io.ecluse.project.Shape.AnyOf;
import io.ecluse.project.Shape.Choice;
import io.ecluse.project.Shape.Field;
import io.ecluse.project.Shape.Fields;
import io.ecluse.project.Shape.MapOf;
import io.ecluse.project.Shape.Rule;
import io.ecluse.project.Shape.Text;
import io.ecluse.project.Shape.Whole;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The shapes of sources that are databases. */
final class DatabaseShapes {
  private DatabaseShapes() {}

  static Fields postgres() {
    return fields(
        "a source",
        type("postgres"),
        DESCRIPTION,
        connected(
            fields(
                "a connection",
                server(
                    5432,
                    optional(
                        "sslmode",
                        new Choice(
                            List.of(
                                "disable",
                                "allow",
                                "prefer",
                                "require",
                                "verify-ca",
                                "verify-full")),
                        "Whether to encrypt, and whom to trust; prefer unless said."),
                    optional("sslrootcert", TEMPLATE, "File of the certificates to trust.")))),
        optional(
            "schema",
            new Text(Format.STREAM),
            "The schema that holds the streams; public unless said."),
        streams("schema", table()),
        drift(),
        extract(
            optional("connections", new Whole(1, 64), "Connections at once; 4 unless said."),
            statementTimeout(),
            optional("lock_timeout", DURATION, "How long to wait for a lock; 10s unless said."),
            connectTimeout(),
            maxSlowdown(),
            maxRate(),
            optional(
                "max_rejected",
                new Whole(0, Long.MAX_VALUE),
                "Rows of a stream that may be left out because a value has no place in a table; 0 unless said."),
            optional(
                "snapshot_life",
                DURATION,
                "How long one snapshot of the source may be held; then big tables are read on range by range as of later moments. 30m unless said."),
            optional(
                "compare",
                new Choice(List.of("counts", "checksums")),
                "How what is staged is compared to the source: rows are counted (counts, the default), or every value of every range is summed up there and here (checksums)."),
            optional(
                "row_security",
                new Choice(List.of("refuse", "apply")),
                "What to do about row-level policies that may hide rows from the user: read nothing and say so (refuse, the default), or take the rows that they show for all there is (apply)."),
            hours()));
  }

  static Fields jdbc() {
    return fields(
        "a source of type jdbc",
        type("jdbc"),
        DESCRIPTION,
        connected(
            fields(
                "a connection of type jdbc",
                required("url", TEMPLATE, "The JDBC URL, as jdbc:h2:tcp://host/name."),
                optional("user", TEMPLATE, "Who signs in; a user that may only read is enough."),
                password(),
                optional(
                    "driver_jar",
                    new Text(Format.LOCATION),
                    "The file of the driver, seen from the project's folder."))),
        optional(
            "schema",
            new Text(Format.STREAM),
            "The schema that holds the streams; the user's own unless said."),
        streams("schema", table()),
        drift(),
        extract(statementTimeout(), maxSlowdown(), maxRate(), hours()));
  }

  static Fields mariadb() {
    return fields(
        "a source of type mariadb",
        type("mariadb"),
        DESCRIPTION,
        connected(
            fields(
                "a connection of type mariadb",
                server(
                    3306,
                    optional(
                        "sslmode",
                        new Choice(List.of("disable", "trust", "verify-ca", "verify-full")),
                        "Whether to encrypt, and whom to trust; disable unless said.")))),
        streams("database", table()),
        drift(),
        extract(
            optional(
                "connections",
                new Whole(1, 64),
                "Connections at once; 1 unless said. More begin while commits wait for a moment, which needs the right RELOAD."),
            statementTimeout(),
            connectTimeout(),
            maxSlowdown(),
            maxRate(),
            hours()));
  }

  /** Where a server is and who signs in, and what is more of its kind. */
  private static Field[] server(int port, Field... more) {
    List<Field> fields = new ArrayList<>();
    fields.add(required("host", TEMPLATE, "The server's name or address."));
    fields.add(
        optional(
            "port",
            new AnyOf(List.of(new Whole(1, 65535), TEMPLATE)),
            "The server's port; %d unless said.".formatted(port)));
    fields.add(required("database", TEMPLATE, "The database."));
    fields.add(required("user", TEMPLATE, "Who signs in; a user that may only read is enough."));
    fields.add(password());
    fields.addAll(Arrays.asList(more));
    return fields.toArray(Field[]::new);
  }

  private static Field password() {
    return optional("password", SECRET, "A reference to the password.");
  }

  private static Field streams(String where, Fields table) {
    return optional(
        "streams",
        new MapOf(Format.STREAM, table),
        "Tables to read; all of the %s unless said.".formatted(where));
  }

  private static Field drift() {
    return optional(
        "drift",
        new Choice(List.of("evolve", "freeze", "quarantine")),
        "When columns have changed: read them as they are (evolve, the default), read nothing (freeze), or keep new ones in staging until they are judged (quarantine).");
  }

  private static Field extract(Field... fields) {
    return optional("extract", fields("extract", fields), "How gently to read.");
  }

  private static Field statementTimeout() {
    return optional(
        "statement_timeout", DURATION, "How long one statement may take; 1h unless said.");
  }

  private static Field connectTimeout() {
    return optional(
        "connect_timeout", DURATION, "How long to wait for a connection; 10s unless said.");
  }

  private static Field maxSlowdown() {
    return optional(
        "max_slowdown",
        new Whole(1, 1000),
        "By how many percent the source's own latency may grow; no limit unless said.");
  }

  private static Field maxRate() {
    return optional(
        "max_rate",
        new Text(Format.SIZE),
        "Most that the source sends a second; no limit unless said.");
  }

  /** A table that can be read by increments. */
  private static Fields table() {
    return new Fields(
        "a stream",
        List.of(
            DESCRIPTION,
            optional(
                "mode",
                new Choice(List.of("full", "incremental", "append")),
                "How it is read: all of it each time (full, the default), rows whose cursor moved (incremental), or rows that were added (append)."),
            optional(
                "cursor",
                COLUMN,
                "The column that grows with each change; append takes the primary key unless said."),
            optional(
                "look_back",
                new AnyOf(List.of(new Whole(1, Long.MAX_VALUE), DURATION)),
                "How far before the highest cursor to read again, for rows that come late."),
            optional(
                "deletes",
                new Choice(List.of("ignore", "detect")),
                "Whether each extract reads all keys to find deleted rows; ignore unless said."),
            history(),
            primaryKey(),
            partition(),
            sort(),
            columns()),
        List.of(
            new Rule.RequiredWhen("mode", List.of("incremental"), List.of("cursor")),
            new Rule.OnlyWith("look_back", List.of("mode")),
            new Rule.OnlyWith("deletes", List.of("mode"))));
  }

  /** A table that is read in full each time. */
  static Fields wholeTable() {
    return fields(
        "a stream",
        DESCRIPTION,
        optional("mode", new Choice(List.of("full")), "How it is read: all of it each time."),
        history(),
        primaryKey(),
        partition(),
        sort(),
        columns());
  }
}
