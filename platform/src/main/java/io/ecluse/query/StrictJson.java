package io.ecluse.query;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Makes JSON of what DuckDB writes as such: numbers that JSON does not have ({@code NaN}, {@code
 * Infinity}, {@code -Infinity}) become texts, as the API has them, and are not mistaken for a value
 * that is missing.
 */
final class StrictJson {
  private static final int BUFFER = 1 << 16;

  private StrictJson() {}

  /** Writes a file anew, in its place. */
  static void rewrite(Path file) throws IOException {
    Path draft = file.resolveSibling(file.getFileName() + ".draft");
    try {
      try (InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER);
          OutputStream out = new BufferedOutputStream(Files.newOutputStream(draft), BUFFER)) {
        copy(in, out);
      }
      Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  /** Outside of texts, only these begin with N or I; all signs are of one byte. */
  private static void copy(InputStream in, OutputStream out) throws IOException {
    boolean text = false;
    for (int next = in.read(); next >= 0; next = in.read()) {
      if (text && next == '\\') {
        out.write(next);
        next = in.read();
      } else if (next == '"') {
        text = !text;
      } else if (!text && (next == 'N' || next == 'I')) {
        odd(in, out, "", next);
        continue;
      } else if (!text && next == '-') {
        in.mark(1);
        int first = in.read();
        if (first == 'I') {
          odd(in, out, "-", first);
          continue;
        }
        in.reset();
      }
      out.write(next);
    }
  }

  private static void odd(InputStream in, OutputStream out, String sign, int first)
      throws IOException {
    String word = first == 'N' ? "NaN" : "Infinity";
    in.skipNBytes(word.length() - 1L);
    out.write(("\"" + sign + word + "\"").getBytes(StandardCharsets.US_ASCII));
  }
}
