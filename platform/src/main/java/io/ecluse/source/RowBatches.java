package io.ecluse.source;

import io.ecluse.error.EcluseException;
import io.ecluse.schema.Column;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Rows as Arrow batches, pulled one at a time, so that memory holds one batch whatever there is to
 * read. It ends after as many bytes as a part may have; the rows that are left are for the next.
 */
final class RowBatches extends ArrowReader {
  private static final int BATCH_ROWS = 16_384;
  private static final int BATCH_BYTES = 4 << 20;
  private static final int FIRST_ROWS = 1_024;

  private final List<ArrowColumn> columns;
  private final RowReader reader;
  private final LongConsumer progress;
  private final long mostBytes;
  private final Throttle.Pace pace;
  private boolean exhausted;
  private long bytes;
  private long rows;
  private Optional<EcluseException> failure = Optional.empty();

  RowBatches(
      BufferAllocator allocator,
      List<ArrowColumn> columns,
      RowReader reader,
      LongConsumer progress,
      long mostBytes,
      Throttle.Pace pace) {
    super(allocator);
    this.columns = columns;
    this.reader = reader;
    this.progress = progress;
    this.mostBytes = mostBytes;
    this.pace = pace;
  }

  static List<ArrowColumn> columns(String stream, List<Column> columns) {
    return columns.stream().map(c -> new ArrowColumn(stream, c)).toList();
  }

  /** Whether the reader has no more rows, for this part or another. */
  boolean exhausted() {
    return exhausted;
  }

  /** Rows handed on so far. */
  long rows() {
    return rows;
  }

  /** Why reading ended early. */
  Optional<EcluseException> failure() {
    return failure;
  }

  @Override
  protected Schema readSchema() {
    return new Schema(columns.stream().map(ArrowColumn::field).toList());
  }

  @Override
  public boolean loadNextBatch() throws IOException {
    prepareLoadNextBatch();
    VectorSchemaRoot root = getVectorSchemaRoot();
    try {
      failure.ifPresent(
          e -> {
            throw e;
          });
      int count = exhausted || bytes >= mostBytes ? 0 : fill(root);
      root.setRowCount(count);
      rows += count;
      progress.accept(count);
      return count > 0;
    } catch (EcluseException e) {
      failure = Optional.of(e);
      throw new IOException("reading the source failed", e);
    }
  }

  private int fill(VectorSchemaRoot root) {
    root.clear(); // the last batch's buffers belong to whom it was handed to
    for (FieldVector vector : root.getFieldVectors()) {
      vector.setInitialCapacity(FIRST_ROWS);
      vector.allocateNew();
    }
    Filling filling = new Filling(root);
    int paid = 0;
    while (filling.row < BATCH_ROWS && filling.bytes < BATCH_BYTES) {
      if (!reader.next(filling)) {
        exhausted = true;
        break;
      }
      filling.row++;
      pace.took(filling.bytes - paid);
      paid = filling.bytes;
    }
    pace.pay();
    bytes += filling.bytes;
    return filling.row;
  }

  private final class Filling implements RowTarget {
    private final List<FieldVector> vectors;
    private int row;
    private int bytes;

    private Filling(VectorSchemaRoot root) {
      this.vectors = root.getFieldVectors();
    }

    @Override
    public void set(int column, Object value) {
      bytes += columns.get(column).set(vectors.get(column), row, value);
    }
  }

  @Override
  public long bytesRead() {
    return bytes;
  }

  @Override
  protected void closeReadSource() {
    // the rows belong to whoever opened them
  }
}
