package io.ecluse.demo;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * The lines of a file, each decoded by itself, so that bytes that are not UTF-8 spoil only the line
 * they stand in.
 */
final class CsvLines implements AutoCloseable {
  private static final int LONGEST = 1 << 20;

  private final InputStream stream;
  private final Deque<Line> pushedBack = new ArrayDeque<>();
  private long read;

  CsvLines(Path file) throws IOException {
    this.stream = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
  }

  /**
   * A line.
   *
   * @param number counted from 1
   * @param text without its end; empty if it cannot be decoded
   * @param mistake why it cannot be decoded
   */
  record Line(long number, String text, Optional<String> mistake) {}

  Optional<Line> next() throws IOException {
    if (!pushedBack.isEmpty()) {
      return Optional.of(pushedBack.pop());
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    boolean any = false;
    int c = stream.read();
    while (c >= 0 && c != '\n') {
      any = true;
      if (bytes.size() <= LONGEST) {
        bytes.write(c);
      }
      c = stream.read();
    }
    if (c < 0 && !any) {
      return Optional.empty();
    }
    read++;
    return Optional.of(decode(bytes));
  }

  /** Gives a line back, to be the next one. */
  void pushBack(Line line) {
    pushedBack.push(line);
  }

  private Line decode(ByteArrayOutputStream bytes) {
    if (bytes.size() > LONGEST) {
      return new Line(read, "", Optional.of("the line is longer than 1 MiB"));
    }
    try {
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(bytes.toByteArray()))
              .toString();
      if (read == 1 && text.startsWith("\ufeff")) {
        text = text.substring(1);
      }
      return new Line(
          read,
          text.endsWith("\r") ? text.substring(0, text.length() - 1) : text,
          Optional.empty());
    } catch (CharacterCodingException e) {
      return new Line(read, "", Optional.of("the line is not UTF-8"));
    }
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
