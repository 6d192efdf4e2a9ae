package io.ecluse.source;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.schema.Column;
import io.ecluse.schema.ContentSums;
import io.ecluse.staging.Part;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;

/** Writes the rows of one range, a part after the other. Used by one thread. */
final class PartWriter {
  private final String name;
  private final List<Column> columns;
  private final PartSource source;
  private final Batches.Into into;
  private final Landing.Stage stage;
  private boolean more = true;

  /**
   * @param name of source and stream, for messages
   */
  PartWriter(
      String name,
      List<Column> columns,
      PartSource source,
      Batches.Into into,
      Landing.Stage stage) {
    this.name = name;
    this.columns = List.copyOf(columns);
    this.source = source;
    this.into = into;
    this.stage = stage;
  }

  /** Whether there may be rows left. */
  boolean hasMore() {
    return more;
  }

  /** Writes a part, compares it with the source and seals it; nothing is left of one that fails. */
  Part write(Path file) {
    try (Batches batches = source.next(into)) {
      try {
        long rows = encode(batches, file);
        Optional<ContentSums> sums =
            source.compare(batches, () -> stage.encoder().sums(columns, file));
        Part part = stage.staging().seal(file, rows);
        more = !batches.isExhausted();
        return sums.map(part::with).orElse(part);
      } catch (EcluseException e) {
        stage.staging().discard(file);
        throw batches.failure().orElse(e); // the reader knows why better than the engine
      } catch (IOException e) {
        stage.staging().discard(file);
        throw batches.failure().orElseThrow(() -> unreadable(e));
      }
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private long encode(Batches batches, Path file) throws IOException {
    long rowBytes = Math.max(source.rowBytes(), batches.firstRowBytes());
    try (ArrowArrayStream exported = ArrowArrayStream.allocateNew(into.allocator())) {
      Data.exportArrayStream(into.allocator(), batches, exported);
      long encoded = stage.encoder().encode(exported, columns, rowBytes, file);
      if (encoded != batches.rows()) {
        throw ErrorCode.INTERNAL.error(
            "%s: %d rows were read, but %d were written".formatted(name, batches.rows(), encoded));
      }
      return encoded;
    }
  }

  private static EcluseException unreadable(IOException e) {
    return ErrorCode.INTERNAL.error("Could not read a batch: " + e.getMessage(), e);
  }
}
