package io.ecluse.source;

import io.ecluse.project.SourceFile;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How a stream is read.
 *
 * @param cursor the column that tells what is new; empty when everything is read each time
 * @param lookBack how far before the highest value seen to read again, for rows that were written
 *     late: a duration in ISO 8601 for times, a whole number for numbers; empty for not at all
 * @param primaryKey columns that tell rows apart; empty to ask the source
 */
public record StreamPlan(
    Mode mode,
    Optional<String> cursor,
    Optional<String> lookBack,
    List<String> primaryKey,
    Deletes deletes) {
  /** All of it, each time. */
  public static final StreamPlan FULL =
      new StreamPlan(Mode.FULL, Optional.empty(), Optional.empty(), List.of(), Deletes.IGNORE);

  public StreamPlan {
    primaryKey = List.copyOf(primaryKey);
  }

  /** As the project wants a stream read. */
  public static StreamPlan of(SourceFile.Stream stream) {
    return new StreamPlan(
        Mode.valueOf(stream.mode().toUpperCase(Locale.ROOT)),
        stream.cursor(),
        stream.lookBack(),
        stream.primaryKey(),
        stream.detectsDeletes() ? Deletes.DETECT : Deletes.IGNORE);
  }

  /** Whether rows are only ever added, and nothing is looked back at. */
  public boolean appends() {
    return mode == Mode.APPEND && lookBack.isEmpty();
  }

  /** What is read. */
  public enum Mode {
    /** Every row. */
    FULL,
    /** Rows whose cursor is as high as the highest seen, or higher; they replace rows by key. */
    INCREMENTAL,
    /** Rows whose key is higher than the highest seen; rows never change. */
    APPEND;

    /** Whether a stream of any kind is read so. */
    public boolean isOf(SourceFile.Stream stream) {
      return stream.mode().equalsIgnoreCase(name());
    }
  }

  /** What is made of rows that the source has no more. */
  public enum Deletes {
    /** They stay in the warehouse. */
    IGNORE,
    /** Each extract reads all keys, and what has none is deleted. */
    DETECT
  }
}
