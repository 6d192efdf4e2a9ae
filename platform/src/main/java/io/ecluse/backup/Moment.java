package io.ecluse.backup;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** A moment that was kept. */
interface Moment {
  /**
   * Hands over every file that is there, and returns which ones there should be. Nothing is checked
   * yet.
   */
  List<Line> read(Taker taker) throws IOException;

  /** Gets a file's content, which it reads and does not close. */
  @FunctionalInterface
  interface Taker {
    void take(String name, InputStream content) throws IOException;
  }
}
