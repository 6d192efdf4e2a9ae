package io.ecluse.engine;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.schema.Column;
import io.ecluse.schema.DataType;
import io.ecluse.warehouse.TableSnapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Batches that continue a table.
 *
 * @param base the table as it is; empty if there is none yet, or if the first step holds every row
 * @param key columns that tell rows apart
 * @param steps the batches, the oldest first
 */
public record Merge(
    Optional<TableSnapshot> base, List<String> key, Versions versions, List<Step> steps) {
  /** The column of a historised table that says since when a version is the one in force. */
  public static final String VALID_FROM = "valid_from";

  /** The column of a historised table that says until when it was; NULL if it is. */
  public static final String VALID_TO = "valid_to";

  public Merge {
    key = List.copyOf(key);
    steps = List.copyOf(steps);
  }

  /**
   * The columns of a table that keeps all versions of rows with these columns.
   *
   * @throws EcluseException DATA_INVALID when one has a name that is needed for the validity
   */
  public static List<Column> withValidity(List<Column> columns) {
    for (Column column : columns) {
      if (column.name().equals(VALID_FROM) || column.name().equals(VALID_TO)) {
        throw ErrorCode.DATA_INVALID.error(
            "The source has a column %s, which history: true would make too; rename it in a view of the source, or read the stream without history"
                .formatted(column.name()));
      }
    }
    List<Column> all = new ArrayList<>(columns);
    all.add(new Column(VALID_FROM, DataType.TIMESTAMPTZ));
    all.add(new Column(VALID_TO, DataType.TIMESTAMPTZ));
    return all;
  }

  /** How many versions of a row are kept. */
  public enum Versions {
    /** The last. */
    LATEST,
    /** All, a type 2 dimension (Kimball): each with the time from which and until which it held. */
    ALL
  }

  /**
   * One batch.
   *
   * @param rows its files
   * @param changes files of rows that take the place of those of the same key in {@code rows}
   * @param columns which columns of the files are loaded
   * @param keys files of all keys that the source had; empty if they were not read
   * @param whole whether the rows are all that the source had
   * @param at the moment of the source that it shows
   */
  public record Step(
      List<BatchFile> rows,
      List<BatchFile> changes,
      List<Column> columns,
      Optional<List<BatchFile>> keys,
      boolean whole,
      Instant at) {
    public Step {
      rows = List.copyOf(rows);
      changes = List.copyOf(changes);
      columns = List.copyOf(columns);
    }
  }

  /**
   * What came of adding batches to a table.
   *
   * @param rows that were added: those whose keys the table did not have
   * @param changed rows that the table has with other values; if there are any, nothing was added
   */
  public record Added(long rows, long changed) {}

  /**
   * @param found rows of the batches, which the table holds with the same values
   * @param rows rows of the table
   * @param current rows that are in force, which is all of them unless versions are kept
   */
  public record Merged(long found, long rows, long current) {}
}
