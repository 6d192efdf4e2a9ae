package io.ecluse.storage;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.apache.hadoop.fs.FileChecksum;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.DistributedFileSystem;

/**
 * The CRC-32C of what was sent, to be compared with the one that HDFS puts together from the
 * checksums of its blocks (HDFS-13056), which does not depend on their size.
 */
final class HdfsChecksum {
  private final CRC32C crc = new CRC32C();
  private long bytes;

  OutputStream over(OutputStream out) {
    return new FilterOutputStream(out) {
      @Override
      public void write(byte[] buffer, int offset, int length) throws IOException {
        out.write(buffer, offset, length);
        crc.update(buffer, offset, length);
        bytes += length;
      }
    };
  }

  /** Throws IOException when the file is not what was sent. */
  void check(DistributedFileSystem hdfs, Path file) throws IOException {
    long stored = hdfs.getFileStatus(file).getLen();
    if (stored != bytes) {
      throw new IOException("%d bytes were sent, but %d are there".formatted(bytes, stored));
    }
    FileChecksum there = hdfs.getFileChecksum(file);
    if (there == null || bytes == 0) {
      return; // an empty file has none
    }
    if (!there.getAlgorithmName().equals("COMPOSITE-CRC32C")
        || ByteBuffer.wrap(there.getBytes()).getInt() != (int) crc.getValue()) {
      throw new IOException("what is there has another checksum than what was sent");
    }
  }
}
