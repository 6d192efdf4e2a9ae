package io.ecluse.source;

import io.ecluse.staging.StagedColumn;
import java.util.List;
import java.util.Optional;

/**
 * What a system holds.
 *
 * @param system its product and version
 * @param streams what to read, by name
 * @param leftOut what else there is, and why not
 * @param notes what a person should know of the whole
 */
public record Discovery(
    String system, List<Found> streams, List<LeftOut> leftOut, List<String> notes) {
  public Discovery {
    streams = List.copyOf(streams);
    leftOut = List.copyOf(leftOut);
    notes = List.copyOf(notes);
  }

  /**
   * A stream.
   *
   * @param description in the system's own words; may be empty
   * @param primaryKey empty if there is none
   * @param rows an estimate; empty if the system has none
   * @param bytes an estimate of its size, indexes left out
   * @param notes what a person should know of it
   */
  public record Found(
      String name,
      String description,
      List<String> primaryKey,
      Optional<Long> rows,
      long bytes,
      List<FoundColumn> columns,
      List<String> notes) {
    public Found {
      primaryKey = List.copyOf(primaryKey);
      columns = List.copyOf(columns);
      notes = List.copyOf(notes);
    }
  }

  /**
   * A column.
   *
   * @param landing how its type changes on the way, if it does
   * @param personal why it looks like personal data, if it does
   */
  public record FoundColumn(
      StagedColumn staged,
      String description,
      Optional<String> landing,
      Optional<PersonalGuess> personal) {}

  /** What is not proposed. */
  public record LeftOut(String name, String why) {}
}
