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
  List<Path> parts(BatchManifest batch);

  /** The files of a batch's keys, each checked; none if the batch has no keys. */
  List<Path> keys(BatchManifest batch);

  /** The files of what changed while a batch was read, each checked; none if it is one moment. */
  List<Path> changes(BatchManifest batch);

  @Override
  void close();
}
