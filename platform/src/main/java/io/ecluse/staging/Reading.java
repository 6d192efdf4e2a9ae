package io.ecluse.staging;

import io.ecluse.error.EcluseException;
import java.nio.file.Path;
import java.util.List;

/**
 * The use of batches' files, on this machine. Those of a batch that is elsewhere are copied here
 * first; copies stay until it is closed. Used by one thread.
 */
public interface Reading extends AutoCloseable {
  /**
   * The files of a batch, each checked against its manifest.
   *
   * @throws EcluseException DATA_CORRUPT when a file is missing or is not what was extracted
   */
  default List<Path> parts(BatchManifest batch) {
    return verified(batch, batch.parts());
  }

  /** The files of a batch's keys, each checked; none if the batch has no keys. */
  default List<Path> keys(BatchManifest batch) {
    return verified(batch, batch.keys().map(Increment.Keys::parts).orElse(List.of()));
  }

  /** The files of what changed while a batch was read, each checked; none if it is one moment. */
  default List<Path> changes(BatchManifest batch) {
    return verified(batch, batch.changes().orElse(List.of()));
  }

  /** Some files of a batch, each checked. */
  List<Path> verified(BatchManifest batch, List<Part> parts);

  @Override
  void close();
}
