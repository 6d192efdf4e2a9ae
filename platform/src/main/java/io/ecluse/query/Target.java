package io.ecluse.query;

import java.nio.file.Path;
import java.util.Optional;

/** A file that a result becomes; while it is written it is elsewhere. */
final class Target {
  private final Path file;
  private final Optional<Long> most;
  private volatile Path now;

  private Target(Path file, Optional<Long> most) {
    this.file = file;
    this.most = most;
    this.now = file;
  }

  /** All rows. */
  static Target all(Path file) {
    return new Target(file, Optional.empty());
  }

  /**
   * @param rows at most
   */
  static Target most(Path file, long rows) {
    return new Target(file, Optional.of(rows));
  }

  Path file() {
    return file;
  }

  Optional<Long> most() {
    return most;
  }

  /** Where what is there of it is. */
  Path now() {
    return now;
  }

  void writtenAt(Path elsewhere) {
    now = elsewhere;
  }

  void whole() {
    now = file;
  }
}
