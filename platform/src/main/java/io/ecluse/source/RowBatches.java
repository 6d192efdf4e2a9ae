package io.ecluse.source;

import io.ecluse.error.EcluseException;
import io.ecluse.schema.Column;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** Rows that come one by one. It ends after as many bytes as a part may have. */
final class RowBatches extends Batches {
  /** Bytes of values in a part: few files, each small enough to be read again soon. */
  private static final long PART_BYTES = 256L << 20;

  private static final int FIRST_ROWS = 1_024;
  private static final int NO_KEY = -1;

  private final List<ArrowColumn> columns;
  private final RowReader reader;
  private final int[] keyed;

  /** Of a reader, which is read on by the batches of the next part. */
  record Rows(String stream, List<Column> columns, RowReader reader, long rowBytes)
      implements PartSource {
    @Override
    public Batches next(Into into) {
      return new RowBatches(into, this);
    }
  }

  private RowBatches(Into into, Rows rows) {
    super(into);
    this.columns = rows.columns().stream().map(c -> new ArrowColumn(rows.stream(), c)).toList();
    this.reader = rows.reader();
    this.keyed =
        columns.stream()
            .mapToInt(c -> into.rejections().key().indexOf(c.column().name()))
            .toArray();
  }

  @Override
  protected Schema readSchema() {
    return new Schema(columns.stream().map(ArrowColumn::field).toList());
  }

  @Override
  protected boolean isFull() {
    return bytesRead() >= PART_BYTES;
  }

  @Override
  protected int fill(VectorSchemaRoot root) {
    for (FieldVector vector : root.getFieldVectors()) {
      vector.setInitialCapacity(FIRST_ROWS);
      vector.allocateNew();
    }
    Filling filling = new Filling(root.getFieldVectors());
    int paid = 0;
    while (filling.row < BATCH_ROWS && filling.bytes < BATCH_BYTES) {
      if (!reader.next(filling)) {
        exhaust();
        break;
      }
      filling.end();
      took(filling.bytes - paid);
      paid = filling.bytes;
    }
    return filling.row;
  }

  private final class Filling implements RowTarget {
    private final List<FieldVector> vectors;
    private final @Nullable Object[] key = new Object[rejections().key().size()];
    private @Nullable EcluseException reason;
    private int row;
    private int bytes;

    private Filling(List<FieldVector> vectors) {
      this.vectors = vectors;
    }

    @Override
    public void set(int column, Object value) {
      if (keyed[column] != NO_KEY) {
        key[keyed[column]] = value;
      }
      try {
        bytes += columns.get(column).set(vectors.get(column), row, value);
      } catch (EcluseException e) {
        reject(e);
      }
    }

    @Override
    public void reject(EcluseException why) {
      reason = reason == null ? why : reason;
    }

    /** Counts the row, or leaves it out; then the next takes its place. */
    private void end() {
      if (reason == null) {
        row++;
      } else {
        vectors.forEach(v -> v.setNull(row));
        rejections().add(named(), reason);
        reason = null;
      }
      Arrays.fill(key, null);
    }

    private Map<String, String> named() {
      Map<String, String> named = new LinkedHashMap<>();
      for (int i = 0; i < key.length; i++) {
        Object value = key[i];
        if (value != null) {
          named.put(rejections().key().get(i), Values.text(value));
        }
      }
      return named;
    }
  }
}
