package io.ecluse.backup;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Where backups are: a folder of many moments, or a file of one. */
interface Place {
  /** Begins a moment, named after this time, or after a later one to be the last. */
  Draft begin(Instant now) throws IOException;

  /** What is whole, the oldest first. */
  List<Backups.Kept> list() throws IOException;

  /** The last moment, or the last whose name begins so. */
  Moment moment(Optional<String> at) throws IOException;

  /** Removes all moments but the last, and what no other needs; returns how many were removed. */
  int keep(int moments) throws IOException;

  /** Whether a file or folder is this place or in it, so that no backup holds itself. */
  boolean holds(Path path);
}
