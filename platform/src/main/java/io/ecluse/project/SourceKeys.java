package io.ecluse.project;

import static io.ecluse.project.Shape.Field.optional;
import static io.ecluse.project.Shape.Field.required;

import io.ecluse.project.Shape.AnyOf;
import io.ecluse.project.Shape.Choice;
import io.ecluse.project.Shape.Field;
import io.ecluse.project.Shape.Fields;
import io.ecluse.project.Shape.ListOf;
import io.ecluse.project.Shape.MapOf;
import io.ecluse.project.Shape.Rule;
import io.ecluse.project.Shape.Text;
import io.ecluse.project.Shape.Whole;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The keys that files of sources have in common. */
public final class SourceKeys {
  public static final Shape TEXT = new Text(Format.ANY);
  public static final Shape NAME = new Text(Format.NAME);
  public static final Shape TEMPLATE = new Text(Format.TEMPLATE);
  public static final Shape SECRET = new Text(Format.SECRET);
  public static final Shape DURATION = new Text(Format.DURATION);
  public static final Shape COLUMN = new Text(Format.COLUMN);
  public static final Field DESCRIPTION =
      optional("description", TEXT, "What this is, for the people who meet it.");

  private SourceKeys() {}

  /**
   * A whole file.
   *
   * @param what it is, for messages
   * @param type the word of the kind
   * @param more keys beside those that every file has
   */
  public static Fields file(String what, String type, Field... more) {
    List<Field> fields = new ArrayList<>();
    fields.add(required("type", new Choice(List.of(type)), "The kind of system."));
    fields.add(DESCRIPTION);
    fields.addAll(Arrays.asList(more));
    return new Fields(what, fields, List.of());
  }

  public static Field connection(Fields connection) {
    return required(
        "connection",
        connection,
        "How to connect. Values may hold ${env:NAME} and ${secret:NAME}.");
  }

  /** How gently to read: some of the keys below, and the kind's own. */
  public static Field extract(Field... fields) {
    return optional("extract", Fields.of("extract", fields), "How gently to read.");
  }

  /** When the source may be read, which whoever runs an extract keeps to. */
  public static Field hours() {
    return optional(
        "hours",
        Fields.of(
            "reading hours",
            required("from", new Text(Format.TIME), "When they begin, as 20:00."),
            required("to", new Text(Format.TIME), "When they end, as 06:00."),
            optional("timezone", new Text(Format.ZONE), "By whose clock; UTC unless said.")),
        "When the source may be read; always unless said.");
  }

  public static Field maxSlowdown() {
    return optional(
        "max_slowdown",
        new Whole(1, 1000),
        "By how many percent the source's own latency may grow; no limit unless said.");
  }

  public static Field maxRate() {
    return optional(
        "max_rate",
        new Text(Format.SIZE),
        "Most that the source sends a second; no limit unless said.");
  }

  public static Field maxRejected() {
    return optional(
        "max_rejected",
        new Whole(0, Long.MAX_VALUE),
        "Rows of a stream that may be left out because a value has no place in a table; 0 unless said.");
  }

  public static Field compare() {
    return optional(
        "compare",
        new Choice(List.of("counts", "checksums")),
        "How what is staged is compared to the source: rows are counted (counts, the default), or every value of every range is summed up there and here (checksums).");
  }

  public static Field drift() {
    return optional(
        "drift",
        new Choice(List.of("evolve", "freeze", "quarantine")),
        "When columns have changed: read them as they are (evolve, the default), read nothing (freeze), or keep new ones in staging until they are judged (quarantine).");
  }

  /** A table that can be read by increments. */
  public static Fields table() {
    return table(List.of("full", "incremental", "append"));
  }

  static Fields table(List<String> modes) {
    return new Fields(
        "a stream",
        List.of(
            DESCRIPTION,
            optional(
                "mode",
                new Choice(modes),
                "How it is read: all of it each time (full, the default), rows whose cursor moved (incremental), or rows that were added (append)."),
            optional(
                "cursor",
                COLUMN,
                "The column that grows with each change; append takes the primary key unless said."),
            lookBack("How far before the highest cursor to read again, for rows that come late."),
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
  public static Fields wholeTable() {
    return Fields.of(
        "a stream",
        DESCRIPTION,
        optional("mode", new Choice(List.of("full")), "How it is read: all of it each time."),
        history(),
        primaryKey(),
        partition(),
        sort(),
        columns());
  }

  public static Field lookBack(String doc) {
    return optional("look_back", new AnyOf(List.of(new Whole(1, Long.MAX_VALUE), DURATION)), doc);
  }

  public static Field history() {
    return optional(
        "history",
        new Shape.Flag(),
        "Whether the warehouse keeps every version of a row, with valid_from and valid_to.");
  }

  public static Field partition() {
    return Shapes.partition();
  }

  public static Field sort() {
    return Shapes.sort(
        "The order of its rows in the table; that of the primary key unless said, where rows are merged by it.");
  }

  public static Field primaryKey() {
    return optional(
        "primary_key", new ListOf(COLUMN, ListOf.Size.NOT_EMPTY), "Columns that tell rows apart.");
  }

  /** What is known of columns whose types the source tells. */
  public static Field columns() {
    return columnsWith();
  }

  /** What is known of columns whose types are found out. */
  public static Field typedColumns() {
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
    Fields column = Fields.of("a column", fields.toArray(Field[]::new));
    return optional("columns", new MapOf(Format.COLUMN, column), "What is known of its columns.");
  }

  /** How to reach a store that speaks S3, where files or batches are. */
  public static Field s3() {
    return optional(
        "s3",
        new Fields(
            "s3",
            List.of(
                optional("endpoint", TEMPLATE, "URL of the store; Amazon's unless said."),
                optional(
                    "region", TEMPLATE, "The bucket's region; what AWS tools take unless said."),
                optional(
                    "path_style",
                    new Shape.Flag(),
                    "Whether the bucket stands in the path of URLs; true with an endpoint unless said."),
                optional(
                    "access_key",
                    SECRET,
                    "A reference to the key's id; what AWS tools take unless said."),
                optional("secret_key", SECRET, "A reference to the key's secret.")),
            List.of(
                new Rule.OnlyWith("access_key", List.of("secret_key")),
                new Rule.OnlyWith("secret_key", List.of("access_key")))),
        "How to reach a store of s3://.");
  }

  /** How to reach an HDFS, where files or batches are. */
  public static Field hdfs() {
    return optional(
        "hdfs",
        new Fields(
            "hdfs",
            List.of(
                optional("user", TEMPLATE, "In whose name; who runs the platform unless said."),
                optional(
                    "config",
                    new Text(Format.LOCATION),
                    "Folder with core-site.xml and hdfs-site.xml, seen from the project's.")),
            List.of()),
        "How to reach the HDFS of hdfs://.");
  }
}
