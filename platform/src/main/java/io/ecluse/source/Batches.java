package io.ecluse.source;

import io.ecluse.error.EcluseException;
import java.io.IOException;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;

/**
 * Rows of one part as Arrow batches, pulled one at a time, so that memory holds one batch whatever
 * there is to read. Used by one thread.
 */
public abstract class Batches extends ArrowReader {
  protected static final int BATCH_ROWS = 16_384;
  protected static final int BATCH_BYTES = 1 << 20;

  /** As long as nobody knows how long rows are. */
  private static final int FIRST_ROWS = 2_048;

  /**
   * Where rows go.
   *
   * @param rejections takes those that cannot land
   * @param progress hears of those that do
   * @param pace hears of bytes that were read
   */
  public record Into(
      BufferAllocator allocator,
      Rejections rejections,
      LongConsumer progress,
      Throttle.Pace pace) {}

  /** Whether a batch was read before it was asked for. */
  private enum Ahead {
    NOT,
    READ,
    ENDED
  }

  private final Into into;
  private final long rejectedBefore;
  private Ahead ahead = Ahead.NOT;
  private boolean exhausted;
  private long bytes;
  private long rows;
  private Optional<EcluseException> failure = Optional.empty();

  protected Batches(Into into) {
    super(into.allocator());
    this.into = into;
    this.rejectedBefore = into.rejections().rows();
  }

  /**
   * Fills the vectors with rows until they are full, or there are no more. Returns how many.
   *
   * @throws EcluseException what the source has to say
   */
  protected abstract int fill(VectorSchemaRoot root);

  /** How many rows the next batch may have: memory for them is taken before they come. */
  protected final int batchRows() {
    return rows == 0
        ? FIRST_ROWS
        : (int) Math.max(1, Math.min(BATCH_ROWS, BATCH_BYTES * rows / Math.max(1, bytes)));
  }

  /** Where a row goes that is left out. */
  protected final Rejections rejections() {
    return into.rejections();
  }

  /** To be called for bytes that were read, row by row. */
  protected final void took(int more) {
    bytes += more;
    into.pace().took(more);
  }

  /** To be called when there are no more rows, for this part or another. */
  protected final void exhaust() {
    exhausted = true;
  }

  final boolean isExhausted() {
    return exhausted;
  }

  /** Whether the part has as many bytes as it may; the rows that are left are for the next. */
  protected boolean isFull() {
    return false;
  }

  /** Rows handed on so far. */
  public final long rows() {
    return rows;
  }

  /** Rows that could not land so far. */
  public final long rejected() {
    return into.rejections().rows() - rejectedBefore;
  }

  /** Why reading ended early. */
  final Optional<EcluseException> failure() {
    return failure;
  }

  /**
   * Reads the first batch, which then is the next. Returns about how long a row of it is, which no
   * catalog knows: long values are compressed there and lie elsewhere.
   */
  final long firstRowBytes() throws IOException {
    ahead = loadNextBatch() ? Ahead.READ : Ahead.ENDED;
    return bytes / Math.max(1, rows);
  }

  @Override
  public final boolean loadNextBatch() throws IOException {
    if (ahead != Ahead.NOT) {
      boolean read = ahead == Ahead.READ;
      ahead = Ahead.NOT;
      return read;
    }
    prepareLoadNextBatch();
    VectorSchemaRoot root = getVectorSchemaRoot();
    try {
      failure.ifPresent(
          e -> {
            throw e;
          });
      int count = 0;
      while (count == 0 && !exhausted && !isFull()) { // of a batch, every row may be rejected
        root.clear(); // the last batch's buffers belong to whom it was handed to
        count = fill(root);
        into.pace().pay();
      }
      root.setRowCount(count);
      rows += count;
      into.progress().accept(count);
      return count > 0;
    } catch (EcluseException e) {
      failure = Optional.of(e);
      throw new IOException("reading the source failed", e);
    }
  }

  @Override
  public final long bytesRead() {
    return bytes;
  }

  @Override
  protected final void closeReadSource() {
    // what is read belongs to whoever opened it
  }
}
