package io.ecluse.source;

import io.ecluse.schema.ContentSums;
import java.util.Optional;
import java.util.function.Supplier;

/** The rows of a range as they come, for one part after the other. Used by one thread. */
public interface PartSource {
  /** The rows of the next part. */
  Batches next(Batches.Into into);

  /** About how long a row is, as far as is known before one is read. */
  long rowBytes();

  /**
   * Holds a part against what the source has, before anybody relies on it.
   *
   * @param read what was written
   * @param written what its rows come to, read back
   * @return the sums, where the source computes them too and they are the same
   * @throws io.ecluse.error.EcluseException for what is not as it is there
   */
  default Optional<ContentSums> compare(Batches read, Supplier<ContentSums> written) {
    return Optional.empty();
  }
}
