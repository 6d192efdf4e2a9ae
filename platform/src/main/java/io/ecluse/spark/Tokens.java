package io.ecluse.spark;

import io.ecluse.text.Sha256;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/** Secrets by which applications show who they are; kept are their hashes only. Thread-safe. */
final class Tokens {
  private static final int BYTES = 32;

  private final SecureRandom random = new SecureRandom();

  String token() {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return "ecluse_j_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** A short name that nothing had before. */
  String name(String prefix) {
    byte[] bytes = new byte[6];
    random.nextBytes(bytes);
    return prefix + "_" + HexFormat.of().formatHex(bytes);
  }

  static String hash(String token) {
    return Sha256.of(token);
  }
}
