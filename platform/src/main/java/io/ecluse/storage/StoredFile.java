package io.ecluse.storage;

import java.time.Instant;

/**
 * A file of a {@link Storage} as it was when it was looked at.
 *
 * @param name within the storage, with slashes
 * @param version what the store itself calls this content, as an ETag; empty if it does not
 */
public record StoredFile(String name, long bytes, Instant modifiedAt, String version) {
  public StoredFile(String name, long bytes, Instant modifiedAt) {
    this(name, bytes, modifiedAt, "");
  }

  /** What stays the same as long as nobody replaces the file. */
  public String stamp() {
    return bytes + "/" + modifiedAt + "/" + version;
  }
}
