package io.ecluse.warehouse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

  private transient volatile Moves moves = new Moves(List.of(), Path.of("/"));

  /** Folders that are elsewhere now. */
  private record Moves(List<Path> former, Path here) {}

  /** From now on, files of the former folders are taken for those of one. */
  void moved(List<Path> former, Path here) {
    moves = new Moves(List.copyOf(former), here);
  }

  boolean hasMoved() {
    return !moves.former.isEmpty();
  }

  /** Where a file is now. */
  Path here(Path file) {
    Moves known = moves;
    if (!file.startsWith(known.here)) {
      for (Path former : known.former) {
        if (file.startsWith(former)) {
          return known.here.resolve(former.relativize(file));
        }
      }
    }
    return file;
  }

  /** Where the file of a location is now, whichever engine has written it. */
  Path local(String location) {
    return here(path(location));
  }

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
      written.add(io.local(path));
      return io.newOutputFile(path);
    }

    @Override
    public void deleteFile(String path) {
      io.deleteFile(path);
      written.remove(io.local(path));
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

  /** The path in a location that any engine may have written: with or without {@code file:}. */
  static Path path(String location) {
    return location.startsWith("file:")
        ? Path.of(URI.create(location).getPath())
        : Path.of(location);
  }
}
