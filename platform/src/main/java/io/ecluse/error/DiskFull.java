package io.ecluse.error;

import java.util.List;
import java.util.Locale;

/** Knows a full disk by what the system says of it, which it says in the language of its user. */
public final class DiskFull {
  /** The C library's texts of ENOSPC and EDQUOT in English and in French. */
  private static final List<String> TEXTS =
      List.of(
          "no space left",
          "quota exceeded",
          "check free disk space", // PostgreSQL's hint after half a write
          "aucun espace disponible",
          "débordement du quota");

  private DiskFull() {}

  /** Whether a message, which may be null, says that there is no space. */
  public static boolean isSaidBy(String message) {
    String lower = String.valueOf(message).toLowerCase(Locale.ROOT);
    return TEXTS.stream().anyMatch(lower::contains);
  }

  /** What a person is to do about it. */
  public static EcluseException error(Exception cause) {
    return new EcluseException(ErrorCode.DISK_FULL, "The disk is full; free some space", cause);
  }
}
