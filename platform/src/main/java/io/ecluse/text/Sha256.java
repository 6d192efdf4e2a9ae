package io.ecluse.text;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256, in hexadecimal: what stands for a content. */
public final class Sha256 {
  private Sha256() {}

  /** To be given a content piece by piece. */
  public static MessageDigest begin() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("Every Java has SHA-256", e);
    }
  }

  /** That of all that was given. */
  public static String end(MessageDigest given) {
    return HexFormat.of().formatHex(given.digest());
  }

  public static String of(byte[] content) {
    return HexFormat.of().formatHex(begin().digest(content));
  }

  /** That of a text's UTF-8. */
  public static String of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }
}
