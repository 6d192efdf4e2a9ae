package io.ecluse.backup;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.text.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * A file of a moment, by its name in the backup: {@code warehouse/…} and {@code staging/…} never
 * change and are shared by moments; {@code catalog/…}, {@code project/…} and {@code elsewhere/…}
 * are the moment's own.
 */
record Line(String sha256, long bytes, String name) {
  private static final int BUFFER = 1 << 16;

  Line {
    requirePlain(name);
    if (!sha256.matches("[0-9a-f]{64}") || bytes < 0) {
      throw corrupt("It lists %s with the checksum %s".formatted(name, sha256));
    }
  }

  static Line parse(String line) {
    String[] parts = line.split(" ", 3);
    if (parts.length < 3 || !parts[1].matches("\\d{1,18}")) {
      throw corrupt("A line of its list of files is cut off");
    }
    return new Line(parts[0], Long.parseLong(parts[1]), parts[2]);
  }

  /** Refuses what would lead out of a folder, or could not be listed on a line. */
  static void requirePlain(String name) {
    boolean leads =
        name.isEmpty()
            || Arrays.stream(name.split("/", -1))
                .anyMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
    if (leads || name.chars().anyMatch(Character::isISOControl)) {
      throw corrupt(
          "The name '%s' cannot be that of a file".formatted(name.replaceAll("\\p{Cntrl}", "?")));
    }
  }

  private static EcluseException corrupt(String what) {
    return ErrorCode.DATA_CORRUPT.error("The backup is not right: " + what);
  }

  boolean isShared() {
    return name.startsWith("warehouse/") || name.startsWith("staging/");
  }

  /**
   * Copies what comes to its end, or to so many bytes: a file may grow meanwhile. Closes neither.
   */
  static Line copy(String name, InputStream in, long limit, OutputStream out) throws IOException {
    MessageDigest digest = Sha256.begin();
    byte[] buffer = new byte[BUFFER];
    long left = limit;
    while (left > 0) {
      int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (read < 0) {
        break;
      }
      digest.update(buffer, 0, read);
      out.write(buffer, 0, read);
      left -= read;
    }
    return new Line(Sha256.end(digest), limit - left, name);
  }

  @Override
  public String toString() {
    return sha256 + " " + bytes + " " + name;
  }
}
