package io.ecluse.source.files;

import io.ecluse.storage.Checksums;
import io.ecluse.storage.LocalCopies;
import io.ecluse.storage.Storage;
import io.ecluse.storage.StoredFile;
import java.nio.file.Path;

/**
 * The files of a source that are elsewhere. Each is copied to this machine while it is looked at or
 * written, and again if its copy had to make room meanwhile. Used by one thread.
 */
record FileStore(Storage storage, LocalCopies.Lease lease) implements AutoCloseable {
  /** Where the copy of a file is, or will be. */
  Path path(StoredFile file) {
    return lease.path(key(file));
  }

  private String key(StoredFile file) {
    return "file-" + Checksums.sha256(storage.location() + " " + file.name() + " " + file.stamp());
  }

  /** Brings a file here; false if it has gone. */
  boolean fetch(StoredFile file) {
    return lease.file(key(file), key(file), to -> storage.download(file.name(), to)).isPresent();
  }

  /** Ends the use of a copy until it is fetched again. */
  void release(StoredFile file) {
    lease.release(key(file));
  }

  @Override
  public void close() {
    lease.close();
    storage.close();
  }
}
