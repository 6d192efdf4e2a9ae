package io.ecluse.storage;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Checksums of files. */
public final class Checksums {
  private static final int BUFFER = 1 << 18;

  private Checksums() {}

  /** In hexadecimal. */
  public static String sha256(Path file) throws IOException {
    return HexFormat.of().formatHex(digest("SHA-256", file, 0, Long.MAX_VALUE));
  }

  /** In hexadecimal. */
  public static String sha256(String text) {
    return sha256(text.getBytes(StandardCharsets.UTF_8));
  }

  /** In hexadecimal. */
  static String sha256(byte[] content) {
    return HexFormat.of().formatHex(digest("SHA-256").digest(content));
  }

  /** Of a range of a file, all of which must be there: what stores check an upload by. */
  static byte[] md5(Path file, long from, long bytes) throws IOException {
    if (Files.size(file) < from + bytes) {
      throw new EOFException("%s has become shorter than %d bytes".formatted(file, from + bytes));
    }
    return digest("MD5", file, from, bytes);
  }

  static byte[] md5(byte[] content) {
    return digest("MD5").digest(content);
  }

  private static byte[] digest(String algorithm, Path file, long from, long bytes)
      throws IOException {
    MessageDigest digest = digest(algorithm);
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = Files.newInputStream(file)) {
      in.skipNBytes(from);
      long left = bytes;
      for (int n = read(in, buffer, left); n > 0; n = read(in, buffer, left)) {
        digest.update(buffer, 0, n);
        left -= n;
      }
    }
    return digest.digest();
  }

  private static int read(InputStream in, byte[] buffer, long left) throws IOException {
    return left <= 0 ? 0 : in.read(buffer, 0, (int) Math.min(buffer.length, left));
  }

  private static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("Every Java platform has " + algorithm, e);
    }
  }
}
