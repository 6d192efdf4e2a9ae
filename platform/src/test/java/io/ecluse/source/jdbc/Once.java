package io.ecluse.source.jdbc;

import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;

/** Does something once so many rows are read; before any is, if there is no number. */
final class Once extends Lines {
  private final OptionalLong after;
  private final Meddling meddling;
  private final AtomicBoolean done = new AtomicBoolean();

  /** What a test does in the middle of an extract. */
  interface Meddling {
    void meddle() throws Exception;
  }

  Once(OptionalLong after, Meddling meddling) {
    this.after = after;
    this.meddling = meddling;
  }

  static Once after(long rows, Meddling meddling) {
    return new Once(OptionalLong.of(rows), meddling);
  }

  static Once beforeRows(Meddling meddling) {
    return new Once(OptionalLong.empty(), meddling);
  }

  private void meddle() {
    if (done.compareAndSet(false, true)) {
      try {
        meddling.meddle();
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }
  }

  @Override
  public void log(String line) {
    super.log(line);
    if (after.isEmpty() && line.startsWith("Reading ")) {
      meddle();
    }
  }

  @Override
  public void progress(long rows, long total) {
    if (after.isPresent() && rows >= after.getAsLong()) {
      meddle();
    }
  }
}
