package io.ecluse.source;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.schema.Column;
import io.ecluse.staging.Part;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongConsumer;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.BufferAllocator;

/** Writes the rows of one reader, a part after the other. Used by one thread. */
final class PartWriter {
  /** Bytes of values in a part: few files, each small enough to be read again soon. */
  private static final long PART_BYTES = 256L << 20;

  private final Of of;
  private final RowReader reader;
  private final Throttle.Pace pace;
  private final Landing.Stage stage;
  private final BufferAllocator allocator;
  private boolean more = true;

  /** Whose rows they are. */
  record Of(String source, String stream, List<Column> columns) {}

  PartWriter(
      Of of, RowReader reader, Throttle.Pace pace, Landing.Stage stage, BufferAllocator allocator) {
    this.of = of;
    this.reader = reader;
    this.pace = pace;
    this.stage = stage;
    this.allocator = allocator;
  }

  /** Whether there may be rows left. */
  boolean hasMore() {
    return more;
  }

  /**
   * Writes a part and seals it; nothing is left of one that fails.
   *
   * @param rowBytes about how long a row is
   */
  Part write(Path file, long rowBytes, LongConsumer progress) {
    try (RowBatches batches =
            new RowBatches(
                allocator,
                RowBatches.columns(of.stream(), of.columns()),
                reader,
                progress,
                PART_BYTES,
                pace);
        ArrowArrayStream exported = ArrowArrayStream.allocateNew(allocator)) {
      Data.exportArrayStream(allocator, batches, exported);
      long encoded;
      try {
        encoded = stage.encoder().encode(exported, of.columns(), rowBytes, file);
      } catch (EcluseException e) {
        stage.staging().discard(file);
        throw batches.failure().orElse(e); // the reader knows why better than the engine
      }
      if (encoded != batches.rows()) {
        throw new EcluseException(
            ErrorCode.INTERNAL,
            "%s.%s: %d rows were read, but %d were written"
                .formatted(of.source(), of.stream(), batches.rows(), encoded));
      }
      Part part = stage.staging().seal(file, encoded);
      more = !batches.exhausted();
      return part;
    } catch (IOException e) {
      throw new EcluseException(ErrorCode.INTERNAL, "Could not end a batch: " + e.getMessage(), e);
    }
  }
}
