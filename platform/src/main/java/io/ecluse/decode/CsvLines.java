package io.ecluse.decode;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.source.FileFormat;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Copies a CSV in UTF-8 without the lines that are not read, all of its lines ended alike. What
 * stands in quotes stays as it is.
 */
final class CsvLines {
  private static final int CHECKED_EACH = 1 << 16;
  private static final byte[] MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  private final FileFormat.Csv csv;
  private final long skip;
  private final Optional<byte[]> comment;
  private final int quote;
  private final List<Long> left = new ArrayList<>();

  /** Whether the line before ended within quotes. */
  private boolean continues;

  /** What is done about lines that end in several ways. */
  enum Ends {
    KEPT,
    ALIKE
  }

  CsvLines(FileFormat.Csv csv, long skip) {
    this.csv = csv;
    this.skip = skip;
    this.comment = csv.comment().map(c -> c.getBytes(StandardCharsets.UTF_8));
    this.quote = csv.quote().map(q -> q.isEmpty() ? -1 : (int) q.charAt(0)).orElse((int) '"');
  }

  /** Whether copying would change anything. */
  boolean isNeeded() {
    return skip > 0 || csv.comment().isPresent();
  }

  /**
   * Copies it. Returns the numbers of the lines that were left out.
   *
   * @throws EcluseException DATA_INVALID, with the line, for one that ends in no way that is known
   */
  List<Long> copy(InputStream in, Path to, String name, Ends ends, BooleanSupplier cancelled)
      throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(to), 1 << 16)) {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      boolean quoted = false;
      long number = 1;
      for (int c = in.read(); c >= 0; c = in.read()) {
        line.write(c);
        quoted ^= c == quote && number > skip;
        if (c == '\n') {
          quoted = write(line, out, number, quoted, name, ends);
          number++;
          if (number % CHECKED_EACH == 0 && cancelled.getAsBoolean()) {
            throw ErrorCode.CANCELLED.error("The extract was cancelled");
          }
        }
      }
      write(line, out, number, quoted, name, ends);
    }
    return left;
  }

  /** Writes a line, or leaves it out. Returns whether the next is still in quotes. */
  private boolean write(
      ByteArrayOutputStream line,
      OutputStream out,
      long number,
      boolean quoted,
      String name,
      Ends ends)
      throws IOException {
    byte[] all = line.toByteArray();
    byte[] bytes =
        number == 1 && startsWith(all, MARK)
            ? Arrays.copyOfRange(all, MARK.length, all.length)
            : all;
    line.reset();
    boolean leave = number <= skip || !continues && startsWithComment(bytes);
    boolean open = quoted && !leave;
    if (leave) {
      left.add(number);
    } else {
      out.write(bytes, 0, ends == Ends.ALIKE && !open ? ended(bytes, number, name) : bytes.length);
      if (ends == Ends.ALIKE && !open && bytes.length > 0 && bytes[bytes.length - 1] == '\n') {
        out.write('\n');
      }
    }
    continues = open;
    return open;
  }

  private boolean startsWithComment(byte[] line) {
    return comment.isPresent() && startsWith(line, comment.get());
  }

  private static boolean startsWith(byte[] line, byte[] with) {
    return line.length >= with.length && Arrays.equals(with, Arrays.copyOf(line, with.length));
  }

  /** How long a line is without its end. */
  private int ended(byte[] line, long number, String name) {
    int length = line.length;
    if (length > 0 && line[length - 1] == '\n') {
      length--;
    }
    if (length > 0 && line[length - 1] == '\r') {
      length--;
    }
    boolean inQuotes = false;
    for (int i = 0; i < length; i++) {
      inQuotes ^= line[i] == quote;
      if (line[i] == '\r' && !inQuotes && !continues) {
        throw ErrorCode.DATA_INVALID.error(
            "%s, line %d: it holds a carriage return that ends no line, while other lines end with CR LF or LF; end all lines alike, or put the value in quotes"
                .formatted(name, number));
      }
    }
    return length;
  }
}
