package io.ecluse.source;

/**
 * Rows of one stream, one after the other, each read once. Used by one thread.
 *
 * <p>Not named after a library: whatever a source reads, from a result set to pages of JSON, it
 * hands on through this.
 */
public interface RowReader {
  /**
   * Moves to the next row and puts its values into {@code row}; false when there is none.
   *
   * @throws io.ecluse.error.EcluseException what the source has to say of it, with stream and
   *     column
   */
  boolean next(RowTarget row);
}
