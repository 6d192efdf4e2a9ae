package io.ecluse.project;

import io.ecluse.project.Shape.Choice;
import io.ecluse.project.Shape.Field;
import io.ecluse.project.Shape.Fields;
import io.ecluse.project.Shape.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The keys that files of sources have in common, as {@link Keys} are written. */
public final class SourceKeys {
  public static final String DESCRIPTION =
      """
      description: any  What this is, for the people who meet it.
      """;

  /** How stores elsewhere are reached, where files or batches are; {@code @s3} is {@link #s3}. */
  public static final String STORES =
      """
      s3: @s3  How to reach a store of s3://.
      hdfs: {hdfs}  How to reach the HDFS of hdfs://.
        user: template  In whose name; who runs the platform unless said.
        config: location  Folder with core-site.xml and hdfs-site.xml, seen from the project's.
      """;

  public static final String DRIFT =
      """
      drift: evolve|freeze|quarantine  When columns have changed: read them as they are (evolve, the default), read nothing (freeze), or keep new ones in staging until they are judged (quarantine).
      """;

  /** Of a stream of which every version may be kept. */
  public static final String HISTORY =
      """
      history: flag  Whether the warehouse keeps every version of a row, with valid_from and valid_to.
      """;

  /** Of every stream whose types the source tells. */
  public static final String COLUMNS =
      """
      primary_key: [column]+  Columns that tell rows apart.
      partition: partition  What has files of its own in the table: month(date), bucket(16, id), campus.
      sort: sort  The order of its rows in the table; that of the primary key unless said, where rows are merged by it.
      columns: map column {a column}  What is known of its columns.
        description: any  What this is, for the people who meet it.
        personal: flag or name  Whether it is personal data (GDPR), or which kind: identity, contact, birth…
      """;

  /** Of every stream whose types are found out. */
  public static final String TYPED_COLUMNS =
      COLUMNS
          + """
              type: type  Its type; the narrowest that loses nothing unless said.
            """;

  /** Under {@code extract}: how gently to read. */
  public static final String LIMITS =
      """
        max_slowdown: 1..1000  By how many percent the source's own latency may grow; no limit unless said.
        max_rate: size  Most that the source sends a second; no limit unless said.
        max_rejected: 0..  Rows of a stream that may be left out because a value has no place in a table; 0 unless said.
      """;

  public static final String COMPARE =
      """
        compare: counts|checksums  How what is staged is compared to the source: rows are counted (counts, the default), or every value of every range is summed up there and here (checksums).
      """;

  /** When the source may be read, which whoever runs an extract keeps to. */
  public static final String HOURS =
      """
        hours: {reading hours}  When the source may be read; always unless said.
          from!: time  When they begin, as 20:00.
          to!: time  When they end, as 06:00.
          timezone: zone  By whose clock; UTC unless said.
      """;

  private SourceKeys() {}

  /**
   * A whole file.
   *
   * @param what it is, for messages
   * @param type the word of the kind
   * @param keys beside those that every file has
   * @param given shapes by the names that stand in them
   */
  public static Fields file(String what, String type, String keys, Map<String, Shape> given) {
    List<Field> fields = new ArrayList<>();
    fields.add(Field.required("type", new Choice(List.of(type)), "The kind of system."));
    fields.addAll(Keys.list(DESCRIPTION + keys, given));
    return new Fields(what, fields, List.of());
  }

  /** A table that can be read by increments. */
  public static Fields table() {
    return table("full|incremental|append");
  }

  static Fields table(String modes) {
    return Keys.of(
            "a stream",
            DESCRIPTION
                + """
                mode: %s  How it is read: all of it each time (full, the default), rows whose cursor moved (incremental), or rows that were added (append).
                cursor: column  The column that grows with each change; append takes the primary key unless said.
                look_back: 1.. or duration  How far before the highest cursor to read again, for rows that come late.
                deletes: ignore|detect  Whether each extract reads all keys to find deleted rows; ignore unless said.
                """
                    .formatted(modes)
                + HISTORY
                + COLUMNS)
        .with(
            new Rule.RequiredWhen("mode", List.of("incremental"), List.of("cursor")),
            new Rule.OnlyWith("look_back", List.of("mode")),
            new Rule.OnlyWith("deletes", List.of("mode")));
  }

  /** A table that is read in full each time. */
  public static Fields wholeTable() {
    return Keys.of(
        "a stream",
        DESCRIPTION + "mode: full|  How it is read: all of it each time.\n" + HISTORY + COLUMNS);
  }

  /** What {@link #STORES} says of S3. */
  public static Fields s3() {
    return Keys.of(
            "s3",
            """
            endpoint: template  URL of the store; Amazon's unless said.
            region: template  The bucket's region; what AWS tools take unless said.
            path_style: flag  Whether the bucket stands in the path of URLs; true with an endpoint unless said.
            access_key: secret  A reference to the key's id; what AWS tools take unless said.
            secret_key: secret  A reference to the key's secret.
            """)
        .with(
            new Rule.OnlyWith("access_key", List.of("secret_key")),
            new Rule.OnlyWith("secret_key", List.of("access_key")));
  }
}
