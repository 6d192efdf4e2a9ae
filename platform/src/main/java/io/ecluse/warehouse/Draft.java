package io.ecluse.warehouse;

import java.nio.file.Path;
import org.apache.iceberg.Files;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.PositionOutputStream;
import org.apache.iceberg.io.SeekableInputStream;

/**
 * A file on this machine that will be elsewhere, and is called by where it will be.
 *
 * @param location how Iceberg names it
 */
record Draft(String location, Path file) implements OutputFile, InputFile {
  @Override
  public PositionOutputStream create() {
    return Files.localOutput(file.toFile()).create();
  }

  @Override
  public PositionOutputStream createOrOverwrite() {
    return Files.localOutput(file.toFile()).createOrOverwrite();
  }

  @Override
  public InputFile toInputFile() {
    return this;
  }

  @Override
  public long getLength() {
    return file.toFile().length();
  }

  @Override
  public SeekableInputStream newStream() {
    return Files.localInput(file.toFile()).newStream();
  }

  @Override
  public boolean exists() {
    return file.toFile().exists();
  }
}
