package io.ecluse.backup;

import java.io.IOException;
import java.nio.file.Path;

/** A moment that is being written. What was not finished when it is closed has never been. */
interface Draft extends AutoCloseable {
  /** Keeps a file as it is now. */
  void own(String name, Path file) throws IOException;

  /** Whether an earlier moment has a file that never changes; it is kept then. */
  boolean has(String name) throws IOException;

  /** Keeps a file that never changes, unless an earlier moment has it. */
  void shared(String name, Path file) throws IOException;

  /** Makes the moment exist; from then on it is there also after a power loss. */
  Backup.Report finish() throws IOException;

  @Override
  void close() throws IOException;
}
