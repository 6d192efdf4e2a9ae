package io.ecluse.engine;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A file of a batch.
 *
 * @param location its path, if it is on this machine, else its URL
 * @param sha256 what whoever reads it holds it against; empty if that was done
 */
public record BatchFile(String location, Optional<String> sha256) {
  /** Files on this machine that are known to be whole. */
  public static List<BatchFile> here(List<Path> files) {
    return files.stream().map(f -> new BatchFile(f.toString(), Optional.empty())).toList();
  }

  /** Where files are that must be on this machine. */
  public static List<Path> paths(List<BatchFile> files) {
    return files.stream().map(f -> Path.of(f.location())).toList();
  }
}
