package io.ecluse.emr;

import io.ecluse.error.ErrorCode;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The line of a log that matters. What stands between quotes in it may be data and is left out. */
final class LogLine {
  private static final int SHOWN = 300;
  private static final Pattern MEMORY =
      Pattern.compile(
          "OutOfMemoryError|[Kk]illed by YARN for exceeding|beyond the '?(PHYSICAL|VIRTUAL)|[Ee]xit code:? 137");
  private static final Pattern DISK = Pattern.compile("No space left on device");

  /** The more telling first. */
  private static final List<Pattern> TELLING =
      List.of(
          MEMORY,
          DISK,
          Pattern.compile("^Caused by: "),
          Pattern.compile("User class threw exception"),
          Pattern.compile("^\\S*(Exception|Error): |^Exception in thread"),
          Pattern.compile("\\b(ERROR|FATAL)\\b"),
          Pattern.compile("Exception|Error|error|failed"),
          Pattern.compile("\\S"));

  private static final Pattern QUOTED = Pattern.compile("'[^']*'|\"[^\"]*\"");

  private LogLine() {}

  /**
   * The line that says most, of the first text that has any such line.
   *
   * @param texts logs, the nearest to the program first
   */
  static Optional<String> of(List<String> texts) {
    return TELLING.stream()
        .flatMap(sign -> texts.stream().flatMap(text -> last(text, sign).stream()))
        .findFirst()
        .map(LogLine::shown);
  }

  private static Optional<String> last(String text, Pattern sign) {
    Stream<String> lines = text.lines().filter(line -> sign.matcher(line).find());
    return lines.reduce((a, b) -> b);
  }

  private static String shown(String line) {
    String text = QUOTED.matcher(line.strip()).replaceAll("'…'");
    return text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
  }

  /** What kind of failure words tell of. */
  static ErrorCode code(String words) {
    if (MEMORY.matcher(words).find()) {
      return ErrorCode.OUT_OF_MEMORY;
    }
    return DISK.matcher(words).find() ? ErrorCode.DISK_FULL : ErrorCode.CLUSTER_PROGRAM_FAILED;
  }
}
