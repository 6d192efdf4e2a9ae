package io.ecluse.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;
import software.amazon.awssdk.core.sync.RequestBody;

/**
 * What is sent to a store, from its beginning each time it is tried, with the checksum by which the
 * store refuses anything else.
 *
 * @param md5 in Base64
 */
record S3Content(RequestBody body, String md5) {
  private static final String TYPE = "application/octet-stream";

  static S3Content of(byte[] content) {
    return new S3Content(RequestBody.fromBytes(content), base64(Checksums.md5(content)));
  }

  /** A range of a file, which is never held in memory. */
  static S3Content of(Path file, long from, long bytes) throws IOException {
    return new S3Content(
        RequestBody.fromContentProvider(() -> FileRange.open(file, from, bytes), bytes, TYPE),
        base64(Checksums.md5(file, from, bytes)));
  }

  private static String base64(byte[] digest) {
    return Base64.getEncoder().encodeToString(digest);
  }
}
