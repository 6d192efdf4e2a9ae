package io.ecluse.source.postgres;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.staging.Rejected;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Gathers the rows of one stream that cannot land, up to as many as the project allows. */
final class Rejections {
  private final String source;
  private final String stream;
  private final List<String> key;
  private final long most;
  private final List<Rejected.Row> examples = new ArrayList<>();
  private long rows;

  /**
   * @param key columns of the primary key
   * @param most how many rows may be rejected
   */
  Rejections(String source, String stream, List<String> key, long most) {
    this.source = source;
    this.stream = stream;
    this.key = List.copyOf(key);
    this.most = most;
  }

  /**
   * Notes a row.
   *
   * @param message the row as it travels, from its first field's length on
   * @throws EcluseException DATA_INVALID when there are too many
   */
  synchronized void add(
      List<PostgresColumn> columns, byte[] message, int start, EcluseException reason) {
    rows++;
    Rejected.Row row =
        new Rejected.Row(key(columns, message, start), String.valueOf(reason.getMessage()));
    if (examples.size() < Rejected.MOST_EXAMPLES) {
      examples.add(row);
    }
    if (rows > most) {
      throw tooMany(row, Optional.of(reason));
    }
  }

  /** Those of one file, which count only when the file is whole. */
  synchronized Rejections ofPart() {
    return new Rejections(source, stream, key, most - rows);
  }

  /** Adds those of a file. */
  synchronized void include(Rejections part) {
    Rejected more = part.rejected();
    rows += more.rows();
    more.examples().stream().limit(Rejected.MOST_EXAMPLES - examples.size()).forEach(examples::add);
    if (rows > most) {
      throw tooMany(examples.get(0), Optional.empty());
    }
  }

  private EcluseException tooMany(Rejected.Row row, Optional<EcluseException> reason) {
    String text =
        "Source %s: %s %s; correct it there, or set extract.max_rejected in sources/%s.yaml to leave such rows out"
            .formatted(source, stream, row, source);
    return reason
        .map(r -> new EcluseException(ErrorCode.DATA_INVALID, text, r))
        .orElseGet(() -> new EcluseException(ErrorCode.DATA_INVALID, text));
  }

  synchronized Rejected rejected() {
    return new Rejected(rows, examples);
  }

  private Map<String, String> key(List<PostgresColumn> columns, byte[] message, int start) {
    Map<String, String> values = new LinkedHashMap<>();
    int at = start;
    for (PostgresColumn column : columns) {
      int length = WireNumbers.int32(message, at);
      at += 4;
      String name = column.staged().column().name();
      if (key.contains(name)) {
        values.put(name, text(column, message, at, length));
      }
      at += Math.max(0, length);
    }
    return values;
  }

  private static String text(PostgresColumn column, byte[] message, int at, int length) {
    return switch (column.wire()) {
      case INT2 -> String.valueOf(WireNumbers.int16(message, at));
      case INT4 -> String.valueOf(WireNumbers.int32(message, at));
      case INT8 -> String.valueOf(WireNumbers.int64(message, at));
      case TEXT, AS_TEXT -> new String(message, at, Math.max(0, length), StandardCharsets.UTF_8);
      case NUMERIC -> NumericDecoder.exact(message, at).toPlainString();
      case DATE ->
          LocalDate.ofEpochDay(WireNumbers.int32(message, at) + (long) FixedDecoder.EPOCH_DAYS)
              .toString();
      // what a uuid also accepts
      default -> HexFormat.of().formatHex(message, at, at + Math.max(0, length));
    };
  }
}
