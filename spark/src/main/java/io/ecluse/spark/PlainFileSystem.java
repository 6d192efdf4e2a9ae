package io.ecluse.spark;

import org.apache.hadoop.fs.RawLocalFileSystem;

/**
 * Local files without a {@code .crc} beside each, which the warehouse would not know: Parquet has
 * checksums of its own. Spark makes it by its name.
 */
public final class PlainFileSystem extends RawLocalFileSystem {
  /** Iceberg asks for it, to see that such files are on no machine in particular. */
  @Override
  public String getScheme() {
    return "file";
  }
}
