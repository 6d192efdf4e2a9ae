package io.ecluse.backup;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;

/**
 * Keeps a file for one writer over all processes of this machine; the operating system lets go of
 * it when the process dies.
 */
record FolderLock(FileChannel channel) implements Closeable {
  /**
   * Opens the file, which is made if it is not there, for the owner alone.
   *
   * @throws EcluseException CONFLICT when another has it
   */
  static FolderLock of(Path file) throws IOException {
    FileChannel channel = FileChannel.open(file, Private.WRITE, Private.FILE);
    try {
      if (channel.tryLock() != null) {
        return new FolderLock(channel);
      }
    } catch (OverlappingFileLockException e) {
      // another thread of this process
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    channel.close();
    throw ErrorCode.CONFLICT.error(
        "Another backup is being written to %s; try again when that is done"
            .formatted(file.getParent()));
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
