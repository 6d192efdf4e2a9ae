package io.ecluse.project;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The text of a file as the parsers want it: UTF-8, no byte order mark, lines ending in {@code \n}.
 */
final class FileText {
  static final long LARGEST = 1L << 20;
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private FileText() {}

  /** The text; empty if it cannot be read or holds what no text holds, which is then reported. */
  static Optional<String> read(Path file, Problems.OfFile problems) {
    try {
      long size = Files.size(file);
      if (size > LARGEST) {
        problems.error(
            Position.START, "The file has %d bytes, and may have %d".formatted(size, LARGEST));
        return Optional.empty();
      }
      return decode(Files.readAllBytes(file), problems);
    } catch (IOException e) {
      problems.error(Position.START, "The file cannot be read: " + e);
      return Optional.empty();
    }
  }

  static Optional<String> decode(byte[] bytes, Problems.OfFile problems) {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    CharBuffer chars = CharBuffer.allocate(bytes.length + 1);
    ByteBuffer input = ByteBuffer.wrap(bytes);
    CoderResult result = decoder.decode(input, chars, true);
    String raw = chars.flip().toString();
    if (result.isError()) {
      problems.error(
          end(raw),
          "The byte 0x%02X is not UTF-8".formatted(bytes[input.position()]),
          "save the file as UTF-8");
      return Optional.empty();
    }
    String text = !raw.isEmpty() && raw.charAt(0) == BYTE_ORDER_MARK ? raw.substring(1) : raw;
    return withoutControls(text.replace("\r\n", "\n").replace('\r', '\n'), problems);
  }

  private static Optional<String> withoutControls(String text, Problems.OfFile problems) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean allowed =
          c == '\n'
              || c == '\t'
              || (c >= ' ' && c != 0x7F && !(c >= 0x80 && c < 0xA0 && c != 0x85));
      if (!allowed || c == BYTE_ORDER_MARK || c == '\uFFFE' || c == '\uFFFF') {
        problems.error(
            end(text.substring(0, i)),
            "The character U+%04X does not belong in a text file".formatted((int) c),
            "remove it");
        return Optional.empty();
      }
    }
    return Optional.of(text);
  }

  private static Position end(String text) {
    int line = (int) text.chars().filter(c -> c == '\n').count() + 1;
    return new Position(line, text.length() - text.lastIndexOf('\n'));
  }
}
