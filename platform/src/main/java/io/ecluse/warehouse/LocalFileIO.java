package io.ecluse.warehouse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;

/**
 * Iceberg's files on the local disk, without Hadoop: its file system takes half a second to start
 * and leaves a {@code .crc} beside every file.
 */
final class LocalFileIO implements FileIO {
  private static final long serialVersionUID = 1L;

  @Override
  public InputFile newInputFile(String path) {
    return org.apache.iceberg.Files.localInput(local(path).toFile());
  }

  @Override
  public OutputFile newOutputFile(String path) {
    Path file = local(path);
    try {
      Files.createDirectories(file.getParent());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return org.apache.iceberg.Files.localOutput(file.toFile());
  }

  /** This, writing down what is written by it. */
  FileIO noting(Set<Path> written) {
    return new Noting(this, written);
  }

  private record Noting(LocalFileIO io, Set<Path> written) implements FileIO {
    @Override
    public InputFile newInputFile(String path) {
      return io.newInputFile(path);
    }

    @Override
    public OutputFile newOutputFile(String path) {
      written.add(local(path));
      return io.newOutputFile(path);
    }

    @Override
    public void deleteFile(String path) {
      io.deleteFile(path);
      written.remove(local(path));
    }
  }

  @Override
  public void deleteFile(String path) {
    try {
      Files.deleteIfExists(local(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The path of a location that any engine may have written: with or without {@code file:}. */
  static Path local(String location) {
    return location.startsWith("file:")
        ? Path.of(URI.create(location).getPath())
        : Path.of(location);
  }
}
