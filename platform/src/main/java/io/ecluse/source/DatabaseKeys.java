package io.ecluse.source;

import static io.ecluse.project.Shape.Field.optional;
import static io.ecluse.project.Shape.Field.required;
import static io.ecluse.project.SourceKeys.DURATION;
import static io.ecluse.project.SourceKeys.SECRET;
import static io.ecluse.project.SourceKeys.TEMPLATE;

import io.ecluse.project.Format;
import io.ecluse.project.Shape.AnyOf;
import io.ecluse.project.Shape.Field;
import io.ecluse.project.Shape.Fields;
import io.ecluse.project.Shape.MapOf;
import io.ecluse.project.Shape.Whole;
import io.ecluse.project.SourceKeys;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The keys that files of databases have in common. */
public final class DatabaseKeys {
  private DatabaseKeys() {}

  /**
   * Where a server is and who signs in.
   *
   * @param what it is, for messages
   * @param more of its kind
   */
  public static Field server(String what, int port, Field... more) {
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
    return SourceKeys.connection(Fields.of(what, fields.toArray(Field[]::new)));
  }

  public static Field password() {
    return optional("password", SECRET, "A reference to the password.");
  }

  /**
   * The tables.
   *
   * @param where they are
   */
  public static Field streams(String where) {
    return optional(
        "streams",
        new MapOf(Format.STREAM, SourceKeys.table()),
        "Tables to read; all of the %s unless said.".formatted(where));
  }

  public static Field statementTimeout() {
    return optional(
        "statement_timeout", DURATION, "How long one statement may take; 1h unless said.");
  }

  public static Field connectTimeout() {
    return optional(
        "connect_timeout", DURATION, "How long to wait for a connection; 10s unless said.");
  }
}
