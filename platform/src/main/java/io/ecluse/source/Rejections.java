package io.ecluse.source;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.staging.Rejected;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Gathers the rows of one stream that cannot land, up to as many as the project allows. Safe for
 * use by several threads.
 */
public final class Rejections {
  private final String source;
  private final String stream;
  private final List<String> key;
  private final OptionalLong most;
  private final List<Rejected.Row> examples = new ArrayList<>();
  private long rows;

  /**
   * @param key columns of the primary key
   * @param most how many rows may be rejected; empty where the project has no word on it
   */
  Rejections(String source, String stream, List<String> key, OptionalLong most) {
    this.source = source;
    this.stream = stream;
    this.key = List.copyOf(key);
    this.most = most;
  }

  /** Columns by which a row that is rejected is named; empty if there are none. */
  public List<String> key() {
    return key;
  }

  /**
   * Notes a row.
   *
   * @param row its key, each value as the source would write it
   * @param reason which column holds what, without the value
   * @throws EcluseException DATA_INVALID when there are too many
   */
  public synchronized void add(Map<String, String> row, EcluseException reason) {
    rows++;
    Rejected.Row rejected = new Rejected.Row(row, String.valueOf(reason.getMessage()));
    if (examples.size() < Rejected.MOST_EXAMPLES) {
      examples.add(rejected);
    }
    if (most.isEmpty() || rows > most.getAsLong()) {
      throw new EcluseException(ErrorCode.DATA_INVALID, tooMany(rejected), reason);
    }
  }

  private String tooMany(Rejected.Row row) {
    return most.isPresent()
        ? "Source %s: %s %s; correct it there, or set extract.max_rejected in sources/%s.yaml to leave such rows out"
            .formatted(source, stream, row, source)
        : "%s; correct it in the source, or leave the column out with a view there"
            .formatted(row.reason());
  }

  /** How many there are so far. */
  public synchronized long rows() {
    return rows;
  }

  /** Those of one range, which count only when all of it has landed. */
  synchronized Rejections ofRange() {
    OptionalLong left = most.isPresent() ? OptionalLong.of(most.getAsLong() - rows) : most;
    return new Rejections(source, stream, key, left);
  }

  /** Adds those of a range. */
  synchronized void include(Rejections range) {
    Rejected more = range.rejected();
    rows += more.rows();
    more.examples().stream().limit(Rejected.MOST_EXAMPLES - examples.size()).forEach(examples::add);
    if (rows > most.orElse(0)) {
      throw ErrorCode.DATA_INVALID.error(tooMany(examples.get(0)));
    }
  }

  /** Forgets those so far, of a stream that is read from its beginning. */
  synchronized void clear() {
    rows = 0;
    examples.clear();
  }

  synchronized Rejected rejected() {
    return new Rejected(rows, examples);
  }
}
