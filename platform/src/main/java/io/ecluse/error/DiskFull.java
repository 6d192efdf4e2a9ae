package io.ecluse.error;

import io.ecluse.text.Amounts;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Knows a full disk by what the system says of it, which it says in the language of its user. */
public final class DiskFull {
  /** PostgreSQL's, of a server whose disk is full; it may go on, once there is space. */
  public static final String SQL_STATE = "53100";

  /** The C library's texts of ENOSPC and EDQUOT in English and in French. */
  private static final List<String> TEXTS =
      List.of(
          "no space left",
          "quota exceeded",
          "check free disk space", // PostgreSQL's hint after half a write
          "aucun espace disponible",
          "débordement du quota");

  /** The rest of the words: paths may have spaces. */
  private static final Pattern PATH = Pattern.compile("(?<![^\\s])/.*");

  private DiskFull() {}

  /** Whether a message, which may be null, says that there is no space. */
  public static boolean isSaidBy(@Nullable String message) {
    String lower = String.valueOf(message).toLowerCase(Locale.ROOT);
    return TEXTS.stream().anyMatch(lower::contains);
  }

  /**
   * What to say of a failure that nobody expected, such as a library's; empty if no full disk is
   * behind it, or if somebody has said so already.
   */
  public static Optional<EcluseException> in(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof EcluseException known && known.code() != ErrorCode.INTERNAL) {
        return Optional.empty();
      }
      if (t instanceof IOException io && isSaidBy(io.getMessage())) {
        return Optional.of(error("write", io));
      }
    }
    return Optional.empty();
  }

  /** What a person is to do about it, without a word of where it was. */
  public static EcluseException error(Exception cause) {
    return ErrorCode.DISK_FULL.error("The disk is full; make space and run it again", cause);
  }

  /**
   * What a person is to do about it, and where: the file of the exception, if it names one, else
   * the path that ends the words for what could not be done, if one does.
   *
   * @param what could not be done, as in "write /a/b"
   */
  public static EcluseException error(String what, IOException cause) {
    String file = cause instanceof FileSystemException e ? String.valueOf(e.getFile()) : "";
    Matcher named = PATH.matcher(file.startsWith("/") ? file : what);
    return named.find()
        ? error(what, Path.of(named.group().strip()), cause)
        : error(what, "", cause);
  }

  /**
   * As {@link #error(String, IOException)}.
   *
   * @param place a file or folder on the disk that is full; it need not exist
   */
  public static EcluseException error(String what, Path place, Exception cause) {
    return error(what, free(place).map(" (%s)"::formatted).orElse(""), cause);
  }

  private static EcluseException error(String what, String free, Exception cause) {
    return ErrorCode.DISK_FULL.error(
        "Could not %s: the disk is full%s; make space there and run it again".formatted(what, free),
        cause);
  }

  /** How much is free where a file is or would be, for people; empty if that is not told. */
  public static Optional<String> free(Path place) {
    Path there = place.toAbsolutePath();
    while (there.getParent() != null && !Files.exists(there)) {
      there = there.getParent();
    }
    try {
      FileStore store = Files.getFileStore(there);
      return Optional.of(
          "%s free of %s at %s"
              .formatted(
                  Amounts.bytes(store.getUsableSpace()),
                  Amounts.bytes(store.getTotalSpace()),
                  there));
    } catch (IOException e) {
      return Optional.empty(); // the disk has more to bear than that
    }
  }
}
