package io.ecluse.staging;

import io.ecluse.schema.ContentSums;
import java.util.Optional;

/**
 * One immutable file of a batch.
 *
 * @param file name within the batch's folder, {@code part-00000.parquet}
 * @param rows rows in the file
 * @param bytes size of the file
 * @param sha256 checksum of the file, in hexadecimal
 * @param origin the file of the source that it was made from, for sources that are files
 * @param sums what its rows come to, which the source says too; empty if that was not compared
 */
public record Part(
    String file,
    long rows,
    long bytes,
    String sha256,
    Optional<Origin> origin,
    Optional<ContentSums> sums) {
  public Part(String file, long rows, long bytes, String sha256) {
    this(file, rows, bytes, sha256, Optional.empty(), Optional.empty());
  }

  public Part from(Origin file) {
    return new Part(this.file, rows, bytes, sha256, Optional.of(file), sums);
  }

  public Part with(ContentSums equal) {
    return new Part(file, rows, bytes, sha256, origin, Optional.of(equal));
  }

  Part named(String name) {
    return new Part(name, rows, bytes, sha256, origin, sums);
  }
}
