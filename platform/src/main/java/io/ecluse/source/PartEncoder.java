package io.ecluse.source;

import io.ecluse.schema.Column;
import io.ecluse.schema.ContentSums;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.c.ArrowArrayStream;

/**
 * Turns columnar batches into a file of staging. Sources make the batches; the engine makes the
 * file.
 *
 * <p>Implementations are safe for use by several threads.
 */
public interface PartEncoder {
  /** For looks at sources, which bring no rows. */
  PartEncoder NONE =
      new PartEncoder() {
        @Override
        public long encode(
            ArrowArrayStream batches, List<Column> columns, long rowBytes, Path file) {
          throw new AssertionError("A look at a source wrote " + file);
        }

        @Override
        public ContentSums sums(List<Column> columns, Path file) {
          throw new AssertionError("A look at a source summed " + file);
        }
      };

  /**
   * Pulls every batch out of the stream and writes the rows, in order, each column cast to its
   * type.
   *
   * @param rowBytes about how long a row is, so that what is gathered before it is written stays
   *     small
   * @return the rows written
   */
  long encode(ArrowArrayStream batches, List<Column> columns, long rowBytes, Path file);

  /** What the rows of a file come to that was written so. */
  ContentSums sums(List<Column> columns, Path file);
}
