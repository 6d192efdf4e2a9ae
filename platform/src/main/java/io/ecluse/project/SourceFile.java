package io.ecluse.project;

import io.ecluse.schema.DataType;
import io.ecluse.schema.DriftPolicy;
import io.ecluse.schema.Layout;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code sources/NAME.yaml}: a production system and how to read it.
 *
 * @param path relative to the project folder
 * @param schema the schema of the source that holds the streams
 * @param streams by name, in the order of the file; empty means every table of the schema
 * @param drift what to do when columns of a stream have changed
 */
public record SourceFile(
    String name,
    String path,
    String description,
    Type type,
    Access access,
    String schema,
    Map<String, Stream> streams,
    DriftPolicy drift,
    Extraction extraction) {

  public SourceFile {
    streams = Collections.unmodifiableMap(new LinkedHashMap<>(streams));
  }

  /** The kinds of source that can be read. */
  public enum Type {
    POSTGRES,
    FILES,
    JDBC,
    MARIADB,
    HTTP,
    /** One that a plug-in brings. */
    PLUGIN
  }

  /** Where a source is. */
  public sealed interface Access permits Connection, Folder, Url, Api, Plugin {}

  /** The connection of a source that is a database server. */
  public Connection connection() {
    return (Connection) access;
  }

  /**
   * A folder of files.
   *
   * @param location seen from the project's folder, {@code s3://…} or {@code hdfs://…}
   * @param store how a store elsewhere is reached
   * @param streams how the files of each stream are read
   */
  public record Folder(Template location, StoreAccess store, Map<String, Files> streams)
      implements Access {
    public Folder {
      streams = Collections.unmodifiableMap(new LinkedHashMap<>(streams));
    }
  }

  /**
   * The files of a stream.
   *
   * @param files a glob within the folder
   * @param format csv, json, ndjson, parquet or xlsx, if that is said
   * @param sheet where in a workbook the rows are
   * @param types of the columns for which one is said
   */
  public record Files(
      String files,
      Mode mode,
      Optional<String> format,
      Csv csv,
      Sheet sheet,
      Charset encoding,
      Map<String, DataType> types) {
    public Files {
      types = Map.copyOf(types);
    }
  }

  /**
   * What is said of CSV files.
   *
   * @param skip lines before those that are read
   * @param comment what lines begin with that are not read
   */
  public record Csv(
      Optional<String> delimiter,
      Optional<String> quote,
      Optional<Boolean> header,
      Optional<String> nullText,
      long skip,
      Optional<String> comment) {}

  /**
   * What is said of workbooks.
   *
   * @param sheet name, or number from 1
   * @param start the cell of the first column's name
   */
  public record Sheet(Optional<String> sheet, Optional<String> start, Optional<Boolean> header) {}

  /**
   * A database reached by a JDBC URL.
   *
   * @param driverJar file that holds the driver, seen from the project's folder; empty if the
   *     platform has it
   */
  public record Url(
      Template url,
      Optional<Template> user,
      Optional<Template> password,
      Optional<String> driverJar)
      implements Access {}

  /**
   * How to connect. Values resolve when a connection is made, not before.
   *
   * @param options further parameters of the driver, as {@code sslmode}
   */
  public record Connection(
      Template host,
      Template port,
      Template database,
      Template user,
      Optional<Template> password,
      Map<String, Template> options)
      implements Access {
    public Connection {
      options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
    }
  }

  /**
   * A source of a type that a plug-in brings.
   *
   * @param type the word for it
   * @param settings what it wants to know
   */
  public record Plugin(String type, Map<String, Template> settings) implements Access {
    public Plugin {
      settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    }
  }

  /**
   * A table of the source.
   *
   * @param cursor the column that tells what is new, for streams read by increments
   * @param lookBack a duration in ISO 8601, or a whole number, as the cursor is
   * @param detectsDeletes whether each extract compares all keys
   * @param history whether every version of a row is kept
   * @param layout of its table, as far as it is said
   */
  public record Stream(
      String name,
      String description,
      Mode mode,
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
  }

  /**
   * How a stream is read: all of it each time, what is new or changed, what was added, or of files
   * those that are new.
   */
  public enum Mode {
    FULL,
    INCREMENTAL,
    APPEND,
    NEW_FILES
  }

  /**
   * What the project says about a column.
   *
   * @param personal whether it is personal data; empty if nobody said
   * @param category which kind of personal data, if that is said
   */
  public record Column(
      String name, String description, Optional<Boolean> personal, Optional<String> category) {
    /** Whether it is personal data, by its category or as it is said; empty if neither is there. */
    public Optional<Boolean> isPersonal() {
      return category.map(c -> true).or(this::personal);
    }
  }

  /**
   * How gently to read.
   *
   * @param maxSlowdown by how many percent the source's own latency may grow
   * @param maxRate most bytes a second
   * @param maxRejected rows of a stream that may be left out
   * @param snapshotLife how long one snapshot may be held
   * @param checksums whether what is staged is compared to the source by value, not by count only
   * @param hiddenRows whether a table is read of which the database's policies may hide rows
   * @param hours when the source may be read; empty for always
   */
  public record Extraction(
      int connections,
      Duration statementTimeout,
      Duration lockTimeout,
      Duration connectTimeout,
      Optional<Integer> maxSlowdown,
      Optional<Long> maxRate,
      long maxRejected,
      Duration snapshotLife,
      boolean checksums,
      boolean hiddenRows,
      Optional<ReadingHours> hours) {
    public static final Extraction DEFAULT =
        new Extraction(
            4,
            Duration.ofHours(1),
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            Optional.empty(),
            Optional.empty(),
            0,
            Duration.ofMinutes(30),
            false,
            false,
            Optional.empty());
  }
}
