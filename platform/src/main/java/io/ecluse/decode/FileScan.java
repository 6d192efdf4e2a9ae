package io.ecluse.decode;

import io.ecluse.duckdb.DuckDbSession;
import io.ecluse.duckdb.Sql;
import io.ecluse.schema.Column;
import io.ecluse.schema.DataType;
import io.ecluse.source.FileFormat;
import io.ecluse.source.FileFormat.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What DuckDB is told to read a file: the text of every value, so that what it means is decided
 * once all of it has been seen.
 *
 * @param relation what stands after FROM
 * @param types of the columns as DuckDB reads them, by name
 * @param format with nothing left to find out
 */
record FileScan(String relation, Map<String, String> types, FileFormat format) {
  private static final String SEPARATORS = ";,\t|";

  /** Finds out what is not said of a file. */
  static FileScan detect(DuckDbSession session, PlainFile file, FileFormat said) {
    if (said.kind() != Kind.CSV) {
      return of(session, file, said, List.of());
    }
    Sniffed sniffed = sniff(session, file, said.csv());
    Optional<String> hidden =
        sniffed.hiddenSeparator().filter(h -> said.csv().delimiter().isEmpty());
    if (hidden.isPresent()) {
      // lines differ in length, so the sniffer gave up; with the right delimiter, reading tells
      // where
      sniffed = sniffed.split(hidden.get());
    }
    FileFormat.Csv csv =
        said.csv().written(Optional.of(sniffed.delimiter), Optional.of(sniffed.quote));
    FileFormat found = said.with(csv);
    return csv(file, found, sniffed.columns);
  }

  /** A file whose format and columns are known. */
  static FileScan of(
      DuckDbSession session, PlainFile file, FileFormat format, List<String> columns) {
    String path = Sql.text(file.path().toString());
    return switch (format.kind()) {
      case CSV -> csv(file, format, columns);
      case JSON, NDJSON -> json(file, format);
      case PARQUET -> described(session, "read_parquet([" + path + "])", format);
      case XLSX -> throw new AssertionError("A workbook is read as CSV");
    };
  }

  private record Sniffed(String delimiter, String quote, List<String> columns) {
    /** The separator in the name of the only column. */
    Optional<String> hiddenSeparator() {
      return columns.size() != 1
          ? Optional.empty()
          : columns
              .get(0)
              .codePoints()
              .filter(c -> SEPARATORS.indexOf(c) >= 0)
              .mapToObj(Character::toString)
              .findFirst();
    }

    Sniffed split(String separator) {
      List<String> names = new ArrayList<>();
      for (String name : columns.get(0).split(Pattern.quote(separator), -1)) {
        names.add(name.replace("\"", "").strip());
      }
      return new Sniffed(separator, quote, names);
    }
  }

  private static Sniffed sniff(DuckDbSession session, PlainFile file, FileFormat.Csv csv) {
    StringBuilder options = new StringBuilder(csvOptions(file, csv));
    csv.delimiter().ifPresent(d -> options.append(", delim = ").append(Sql.text(d)));
    csv.quote().ifPresent(q -> options.append(", quote = ").append(Sql.text(q)));
    return session.query(
        "SELECT Delimiter, Quote, list_transform(Columns, lambda c: c.name) FROM sniff_csv(%s%s)"
            .formatted(Sql.text(file.path().toString()), options),
        0,
        rows -> {
          rows.next();
          List<String> columns = new ArrayList<>();
          for (Object name : (Object[]) rows.getArray(3).getArray()) {
            columns.add(String.valueOf(name));
          }
          return new Sniffed(rows.getString(1), quote(rows.getString(2), csv), columns);
        });
  }

  /** A sample without quotes says nothing of the rest of the file. */
  private static String quote(String sniffed, FileFormat.Csv csv) {
    return csv.quote().orElse(sniffed.length() == 1 ? sniffed : "\"");
  }

  private static String csvOptions(PlainFile file, FileFormat.Csv csv) {
    return ", header = %s, skip = 0, comment = '', all_varchar = true, compression = '%s'"
        .formatted(csv.header() == FileFormat.Header.YES, compression(file));
  }

  private static String compression(PlainFile file) {
    return file.format().packing() == FileFormat.Packing.GZIP ? "gzip" : "uncompressed";
  }

  private static FileScan csv(PlainFile file, FileFormat format, List<String> names) {
    FileFormat.Csv csv = format.csv();
    Map<String, String> types = new LinkedHashMap<>();
    names.forEach(n -> types.put(n, "VARCHAR"));
    String quote = Sql.text(csv.quote().orElse(""));
    String nulls = csv.nullText().map(n -> ", nullstr = ['', " + Sql.text(n) + "]").orElse("");
    String relation =
        "read_csv(%s%s, auto_detect = false, delim = %s, quote = %s, escape = %s, allow_quoted_nulls = false%s, columns = %s)"
            .formatted(
                Sql.text(file.path().toString()),
                csvOptions(file, csv),
                Sql.text(csv.delimiter().orElse(",")),
                quote,
                quote,
                nulls,
                names.stream()
                    .map(n -> Sql.text(n) + ": 'VARCHAR'")
                    .collect(Collectors.joining(", ", "{", "}")));
    return new FileScan(relation, types, format);
  }

  private static FileScan json(PlainFile file, FileFormat format) {
    Map<String, String> types = new LinkedHashMap<>();
    List<String> keys = new ArrayList<>();
    List<String> named = new ArrayList<>();
    for (String name : file.names()) {
      String key = JsonRows.key(keys.size());
      keys.add(key + ": 'VARCHAR'");
      named.add(key + " AS " + Column.quote(name));
      types.put(name, "VARCHAR");
    }
    if (keys.isEmpty()) {
      keys.add("none: 'VARCHAR'"); // rows without columns are rows
      named.add("none");
    }
    String relation =
        "(SELECT %s FROM read_json(%s, format = 'newline_delimited', compression = 'uncompressed', columns = {%s}))"
            .formatted(
                String.join(", ", named),
                Sql.text(file.path().toString()),
                String.join(", ", keys));
    return new FileScan(relation, types, format);
  }

  private static FileScan described(DuckDbSession session, String relation, FileFormat format) {
    Map<String, String> types =
        session.query(
            "DESCRIBE SELECT * FROM " + relation,
            0,
            rows -> {
              Map<String, String> found = new LinkedHashMap<>();
              while (rows.next()) {
                found.put(rows.getString(1), rows.getString(2).toUpperCase(Locale.ROOT));
              }
              return found;
            });
    return new FileScan(relation, types, format);
  }

  /** The text of a column's values; NULL for what a file leaves empty. */
  String text(String column) {
    String quoted = Column.quote(column);
    return switch (format.kind()) {
      case CSV -> quoted;
      case JSON, NDJSON -> "substring(" + quoted + ", 2)";
      case XLSX -> throw new AssertionError("A workbook is read as CSV");
      case PARQUET ->
          types.getOrDefault(column, "").matches(".*(\\[|STRUCT|MAP|UNION).*")
              ? "CAST(to_json(" + quoted + ") AS VARCHAR)"
              : "CAST(" + quoted + " AS VARCHAR)";
    };
  }

  /** The file's own writing of a column's name, for which SQL does not tell a from A. */
  Optional<String> find(String column) {
    return types.containsKey(column)
        ? Optional.of(column)
        : types.keySet().stream().filter(column::equalsIgnoreCase).findFirst();
  }

  /** Whether JSON has a value in quotes. */
  String isQuoted(String column) {
    return "starts_with(%s, '%s')".formatted(Column.quote(column), JsonRows.QUOTED);
  }

  /** The value of a column as the type that it lands with; NULL if the file has no such column. */
  String value(Column column) {
    Optional<String> there = find(column.name());
    if (there.isEmpty()) {
      return "CAST(NULL AS " + column.type().sql() + ")";
    }
    boolean text = column.type().kind() == DataType.Kind.VARCHAR;
    if (format.kind() == Kind.PARQUET && !text) {
      return "CAST(" + column.quoted() + " AS " + column.type().sql() + ")";
    }
    String value = text(there.get());
    return text ? value : "CAST(nullif(" + value + ", '') AS " + column.type().sql() + ")";
  }

  /** How the file is read, for people. */
  String reading() {
    String kind = format.kind().name().toLowerCase(Locale.ROOT);
    String packed =
        format.packing() == FileFormat.Packing.NONE
            ? ""
            : ", " + format.packing().name().toLowerCase(Locale.ROOT);
    String encoded =
        format.encoding().equals(StandardCharsets.UTF_8) ? "" : ", " + format.encoding().name();
    if (format.kind() != Kind.CSV) {
      return kind + packed + encoded;
    }
    FileFormat.Csv csv = format.csv();
    return "%s, delimiter %s, quote %s, %s%s%s%s%s"
        .formatted(
            kind,
            csv.delimiter().orElse(",").replace("\t", "tab"),
            csv.quote().filter(q -> !q.isEmpty()).orElse("none"),
            csv.header() == FileFormat.Header.YES ? "header" : "no header",
            csv.skip() > 0 ? ", %d lines skipped".formatted(csv.skip()) : "",
            csv.comment().map(c -> ", comments with " + c).orElse(""),
            packed,
            encoded);
  }
}
