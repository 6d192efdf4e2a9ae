package io.ecluse.duckdb;

import io.ecluse.error.ErrorCode;
import io.ecluse.schema.Column;
import io.ecluse.schema.DataType;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;

/**
 * The files of batches as DuckDB writes and reads them: Parquet, or CSV (RFC 4180) in gzip. In a
 * CSV NULL is nothing and an empty text is {@code ""}; bytes are in Base64, moments in UTC, numbers
 * have all the digits that it takes to get them back.
 */
public final class StagedFiles {
  private static final String CSV = ".csv.gz";
  private static final String DIALECT = "delim = ',', quote = '\"', escape = '\"', nullstr = ''";

  /** The longest row of a CSV; readers need memory for several. */
  private static final long LONGEST_ROW = 16L << 20;

  private static final long MEGABYTE = 1L << 20;

  /** Several files are written at once: each gathers a third of what one alone would. */
  private static final long SHARE = 3;

  /** Of a column with more values, looking each up costs more than a dictionary saves. */
  private static final int MOST_DISTINCT = 8_192;

  /** The same of all columns of a table together, whose dictionaries are in memory at once. */
  private static final int MOST_ENTRIES = 12 * MOST_DISTINCT;

  /** What quotes and Base64 may make of a byte. */
  private static final int GROWTH = 2;

  private StagedFiles() {}

  /**
   * Writes a query's rows, which have these columns, into a file. Returns how many there were.
   *
   * @param rowBytes about how long a row is
   */
  public static long write(
      DuckDbSession session, List<Column> columns, String from, long rowBytes, Path file) {
    if (!isCsv(file)) {
      return session.execute(
          "COPY (%s) TO %s (FORMAT parquet, PARQUET_VERSION %s, COMPRESSION zstd, COMPRESSION_LEVEL 1, DICTIONARY_SIZE_LIMIT %d, ROW_GROUP_SIZE %d)"
              .formatted(
                  Sql.cast(columns, from),
                  Sql.text(file.toString()),
                  encodings(columns),
                  Math.min(MOST_DISTINCT, Math.max(1, MOST_ENTRIES / columns.size())),
                  Sql.rowGroup(SHARE * rowBytes)));
    }
    Path plain = file.resolveSibling(file.getFileName() + ".plain");
    try {
      long rows = session.execute(copyToCsv(columns, from, plain));
      QuickGzip.pack(plain, file, session::isCancelled);
      return rows;
    } finally {
      delete(plain);
    }
  }

  /**
   * Differences instead of numbers (V2) make files smaller and both ways faster; of floats, though,
   * DuckDB then splits the bytes, which Spark (4.1) cannot read.
   */
  private static String encodings(List<Column> columns) {
    return columns.stream()
            .map(c -> c.type().kind())
            .anyMatch(k -> k == DataType.Kind.REAL || k == DataType.Kind.DOUBLE)
        ? "V1"
        : "V2";
  }

  private static String copyToCsv(List<Column> columns, String from, Path file) {
    String texts =
        columns.stream()
            .map(c -> c.type().kind() == DataType.Kind.VARCHAR ? c.quoted() : "")
            .filter(c -> !c.isEmpty())
            .collect(Collectors.joining(", "));
    return "COPY (SELECT %s FROM (%s) WHERE %s) TO %s (FORMAT csv, HEADER, %s%s)"
        .formatted(
            names(columns, c -> written(c) + " AS " + c.quoted()),
            Sql.cast(columns, from),
            fits(columns),
            Sql.text(file.toString()),
            DIALECT.replace(" = ", " ").replace("delim ", "DELIMITER "),
            texts.isEmpty() ? "" : ", FORCE_QUOTE (" + texts + ")");
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw ErrorCode.INTERNAL.error("Could not remove %s: %s".formatted(file, e.getMessage()), e);
    }
  }

  /** True, or an error, for a row that no reader could hold. */
  private static String fits(List<Column> columns) {
    String length =
        columns.stream()
            .map(
                c ->
                    switch (c.type().kind()) {
                      case VARCHAR -> "coalesce(strlen(" + c.quoted() + "), 0)";
                      case BLOB -> "coalesce(octet_length(" + c.quoted() + "), 0)";
                      default -> "";
                    })
            .filter(l -> !l.isEmpty())
            .collect(Collectors.joining(" + "));
    return length.isEmpty()
        ? "true"
        : "CASE WHEN %s > %d THEN error('a row is longer than %d MB, the most that a batch in CSV can hold; set staging.format: parquet') ELSE true END"
            .formatted(length, LONGEST_ROW / GROWTH, LONGEST_ROW / GROWTH / MEGABYTE);
  }

  private static String written(Column column) {
    return column.type().kind() == DataType.Kind.BLOB
        ? "to_base64(" + column.quoted() + ")"
        : "CAST(" + column.quoted() + " AS VARCHAR)";
  }

  private static String read(Column column) {
    return column.type().kind() == DataType.Kind.BLOB
        ? "from_base64(" + column.quoted() + ")"
        : "CAST(" + column.quoted() + " AS " + column.type().sql() + ")";
  }

  /** What reads these columns out of files, which may be of both kinds. */
  static String relation(List<Path> files, List<Column> columns) {
    Map<Boolean, List<Path>> byKind =
        files.stream().collect(Collectors.partitioningBy(StagedFiles::isCsv));
    List<String> relations = new ArrayList<>();
    parquet(Objects.requireNonNull(byKind.get(false))).ifPresent(relations::add);
    Objects.requireNonNull(byKind.get(true)).stream()
        .collect(Collectors.groupingBy(StagedFiles::header))
        .forEach((header, alike) -> relations.add(csv(alike, header, columns)));
    if (relations.isEmpty()) {
      return columns.stream()
          .map(c -> "CAST(NULL AS " + c.type().sql() + ") AS " + c.quoted())
          .collect(Collectors.joining(", ", "(SELECT ", " WHERE false)"));
    }
    return relations.size() == 1
        ? relations.get(0)
        : relations.stream()
            .map(r -> "SELECT " + names(columns, Column::quoted) + " FROM " + r)
            .collect(Collectors.joining(" UNION ALL ", "(", ")"));
  }

  private static boolean isCsv(Path file) {
    return file.toString().endsWith(CSV);
  }

  private static Optional<String> parquet(List<Path> files) {
    return files.isEmpty()
        ? Optional.empty()
        : Optional.of(Sql.parquet(files.stream().map(Path::toString).toList(), ""));
  }

  private static String csv(List<Path> files, List<String> header, List<Column> columns) {
    String texts =
        header.stream()
            .map(n -> Sql.text(n) + ": 'VARCHAR'")
            .collect(Collectors.joining(", ", "{", "}"));
    List<Column> there = columns.stream().filter(c -> header.contains(c.name())).toList();
    return "(SELECT %s FROM read_csv(%s, auto_detect = false, hive_partitioning = false, header = true, %s, allow_quoted_nulls = false, null_padding = false, max_line_size = %d, buffer_size = %d, columns = %s))"
        .formatted(
            names(there, c -> read(c) + " AS " + c.quoted()),
            list(files),
            DIALECT + ", compression = 'gzip'",
            LONGEST_ROW,
            LONGEST_ROW * 2,
            texts);
  }

  private static String names(List<Column> columns, Function<Column, String> name) {
    return columns.stream().map(name).collect(Collectors.joining(", "));
  }

  private static String list(List<Path> files) {
    return Sql.list(files.stream().map(Path::toString).toList());
  }

  /** About how long a row is. */
  static long rowBytes(DuckDbSession session, List<Path> files) {
    List<Path> parquet = files.stream().filter(f -> !isCsv(f)).toList();
    if (parquet.isEmpty()) {
      return 1; // nobody has counted the rows
    }
    return session.query(
        "SELECT coalesce(sum(total_uncompressed_size) / greatest(1, sum(num_values)) * count(DISTINCT path_in_schema), 0)::BIGINT FROM parquet_metadata(%s)"
            .formatted(list(parquet)),
        0,
        rows -> {
          rows.next();
          return rows.getLong(1);
        });
  }

  /** The names in the first line of a CSV. */
  private static List<String> header(Path file) {
    List<String> names = new ArrayList<>();
    try (Reader in =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
      StringBuilder name = new StringBuilder();
      boolean quoted = false;
      int before = ',';
      for (int c = in.read(); c >= 0 && (quoted || c != '\n'); before = c, c = in.read()) {
        if (c == '"') {
          if (!quoted && before == '"') {
            name.append('"'); // the second of two in quotes
          }
          quoted = !quoted;
        } else if (c == ',' && !quoted) {
          names.add(name.toString());
          name.setLength(0);
        } else if (quoted || c != '\r') {
          name.append((char) c);
        }
      }
      names.add(name.toString());
      return names;
    } catch (IOException e) {
      throw ErrorCode.DATA_CORRUPT.error(
          "The staged file %s cannot be read: %s".formatted(file, e), e);
    }
  }
}
