package io.ecluse.staging;

import java.time.Instant;

/**
 * The file of a source that a part holds the rows of.
 *
 * @param file within the source's folder
 * @param bytes its size when it was read
 * @param modifiedAt when it had last been changed
 * @param reading how it was read: format, delimiter, encoding
 */
public record Origin(String file, long bytes, Instant modifiedAt, String reading) {
  /** Whether a file that now has this size and time is the one that was read. */
  public boolean isStill(long bytesNow, Instant modifiedNow) {
    return bytes == bytesNow && modifiedAt.equals(modifiedNow);
  }
}
