package io.ecluse.project;

import io.ecluse.error.EcluseException;
import io.ecluse.error.Nearest;
import io.ecluse.pipeline.CronSchedule;
import io.ecluse.pipeline.Schedule;
import io.ecluse.schema.DataType;
import io.ecluse.schema.Layout;
import io.ecluse.text.Durations;
import java.nio.charset.Charset;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What text of a project's file may be, beyond being text. */
public enum Format {
  ANY("text", "[\\s\\S]*"),
  WORDS("text that is not blank", "[\\s\\S]*\\S[\\s\\S]*"),
  NAME(
      "a name of lower-case letters, digits and _ that starts with a letter",
      "[a-z][a-z0-9_]{0,62}"),
  STREAM(
      "the name of a table, without dots, slashes or control characters",
      "[^\\s./\\\\*\\u0000-\\u001f]([^./\\\\*\\u0000-\\u001f]{0,61}[^\\s./\\\\*\\u0000-\\u001f])?"),
  COLUMN("the name of a column", "[^\\s\\u0000-\\u001f]([^\\u0000-\\u001f]{0,254}\\S)?"),
  TABLE("a table as schema.name", "[A-Za-z_][A-Za-z0-9_]*\\.[^./\\\\\\s]+"),
  SELECTOR(
      "a selector as marts.students, marts.*, +marts.students, marts.students+ or *",
      "\\s*\\+?[A-Za-z0-9_.*]+\\+?\\s*(,\\s*\\+?[A-Za-z0-9_.*]+\\+?\\s*)*"),
  DURATION("a duration as 10s, 5m, 1h30m or 1d", "([0-9]{1,9}(ms|s|m|h|d))+") {
    @Override
    Optional<String> mistake(String text) {
      return super.mistake(text)
          .or(
              () ->
                  Format.duration(text).isZero()
                      ? Optional.of("expected a duration longer than zero, found '" + text + "'")
                      : Optional.empty());
    }
  },
  TIME("a time of day as 20:00", "([01][0-9]|2[0-3]):[0-5][0-9]"),
  DELAY("a duration as 0s, 10s or 5m", "([0-9]{1,9}(ms|s|m|h|d))+"),
  TYPE(
      "a type as varchar, bigint, double, decimal(10,2), date, timestamp",
      "[A-Za-z]+(\\([0-9]+, *[0-9]+\\))?") {
    @Override
    Optional<String> mistake(String text) {
      return DataType.parse(text).isPresent() ? none() : misread(text);
    }
  },
  ENCODING("an encoding as utf-8, windows-1252 or utf-16", "[A-Za-z0-9][A-Za-z0-9._:-]*") {
    @Override
    Optional<String> mistake(String text) {
      return super.mistake(text)
          .or(
              () ->
                  Charset.isSupported(text)
                      ? Optional.empty()
                      : Optional.of("there is no encoding '" + text + "'"));
    }
  },
  GLOB(
      "names of files within the folder, as students-*.csv or **/*.parquet",
      "(?!/)(?!.*\\.\\./)[^\\\\\\u0000-\\u001f]+"),
  PARTITION("parts as month(date), bucket(16, id), truncate(4, code) or campus", Layout.PARTITION),
  SORT("columns as student_id or campus, at desc", Layout.SORT),
  CELL("a cell as B3", "[A-Z]{1,3}[1-9][0-9]{0,6}"),
  PATH("a path as /lessons, without parameters", "[^?#\\s\\u0000-\\u001f]*"),
  PARAMETER("the name of a parameter", "[A-Za-z0-9._~$:@\\[\\]-]{1,100}"),
  PLACE(
      "the name of a parameter, or with method POST a JSON pointer as /variables/after",
      "[A-Za-z0-9._~$:@\\[\\]-]{1,100}|(/([^/~\\u0000-\\u001f]|~0|~1)+)+"),
  HEADER("the name of a header", "[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}"),
  POINTER("a JSON pointer as /data/items", "(/([^/~\\u0000-\\u001f]|~0|~1)*)*"),
  RATE("how many in which time, as 5/s, 100/m or 1000/h", "[1-9][0-9]{0,6}/(s|m|h)"),
  ONE_CHARACTER("one character", "[^\\r\\n]"),
  SIZE("an amount of memory as 512MB or 2GB", "[1-9][0-9]{0,6} ?([KMGT]i?B)"),
  CRON("a cron schedule of 5 fields as \"0 3 * * *\"", "\\s*\\S+(\\s+\\S+){4}\\s*") {
    @Override
    Optional<String> mistake(String text) {
      try {
        CronSchedule times = new CronSchedule(new Schedule(text, ZoneOffset.UTC));
        return times.next(Instant.EPOCH).isPresent()
            ? none()
            : Optional.of(
                "the schedule '%s' never comes: no month has such a day".formatted(text.strip()));
      } catch (EcluseException e) {
        return Optional.ofNullable(e.getMessage());
      }
    }
  },
  MOMENT(
      "a date as 2026-01-31, or a time as \"2026-01-31 08:30:00\"",
      "\\d{4}-\\d{2}-\\d{2}([ T]\\d{2}:\\d{2}(:\\d{2})?)?") {
    @Override
    Optional<String> mistake(String text) {
      Optional<String> misshapen = super.mistake(text);
      if (misshapen.isPresent()) {
        return misshapen;
      }
      try {
        return ColumnTest.Literal.Moment.of(text).sql().isEmpty() ? misshapen : none();
      } catch (DateTimeException e) {
        return Optional.of("there is no '" + text + "' in the calendar");
      }
    }
  },
  ZONE("a time zone as Europe/Paris", "[A-Za-z0-9/_+:-]+") {
    @Override
    Optional<String> mistake(String text) {
      try {
        return ZoneId.of(text).getId().isEmpty() ? super.mistake(text) : none();
      } catch (DateTimeException e) {
        return misread(text);
      }
    }

    @Override
    Optional<String> hint(String text) {
      return Nearest.of(text, ZoneId.getAvailableZoneIds())
          .map(zone -> "did you mean " + zone + "?");
    }
  },
  LOCATION("a folder", "[^\\u0000]*\\S[^\\u0000]*") {
    @Override
    Optional<String> mistake(String text) {
      Matcher scheme = SCHEME.matcher(text);
      return scheme.lookingAt() && !scheme.group(1).toLowerCase(Locale.ROOT).equals("file")
          ? Optional.of(
              "locations on %s are not yet supported, only local folders".formatted(scheme.group()))
          : super.mistake(text);
    }
  },
  STORE("a folder, s3://bucket/folder or hdfs://host:port/folder", "[^\\u0000]*\\S[^\\u0000]*") {
    @Override
    Optional<String> mistake(String text) {
      Matcher scheme = SCHEME.matcher(text);
      String kind = scheme.lookingAt() ? scheme.group(1).toLowerCase(Locale.ROOT) : "file";
      return switch (kind) {
        case "file" -> super.mistake(text);
        case "s3" -> wellFormed(text, "(?i:s3)://[a-z0-9][a-z0-9.-]+[a-z0-9](/.*)?");
        case "hdfs" -> wellFormed(text, "(?i:hdfs)://[A-Za-z0-9_.-]+(:[0-9]{1,5})?(/.*)?");
        default ->
            Optional.of(
                "locations on %s are not supported; write %s"
                    .formatted(scheme.group(), expected()));
      };
    }

    private Optional<String> wellFormed(String text, String pattern) {
      return text.matches(pattern) ? none() : misread(text);
    }
  },
  TEMPLATE("text, which may hold ${env:NAME} and ${secret:NAME}", "[\\s\\S]*\\S[\\s\\S]*") {
    @Override
    Optional<String> mistake(String text) {
      return super.mistake(text)
          .or(() -> Template.mistakes(text).stream().findFirst())
          .or(
              () ->
                  PASSWORD_IN_URL.matcher(text).find()
                      ? Optional.of("a password stands in this URL in plain sight")
                      : Optional.empty());
    }

    @Override
    Optional<String> hint(String text) {
      return PASSWORD_IN_URL.matcher(text).find()
          ? Optional.of("put ${secret:NAME} in its place")
          : Optional.empty();
    }
  },
  SECRET("a reference to a secret as ${secret:NAME} or ${env:NAME}", "\\$\\{(secret|env):\\w+\\}") {
    @Override
    Optional<String> mistake(String text) {
      if (!text.startsWith("${")) {
        return Optional.of("a password must not stand in a file in plain sight");
      }
      return super.mistake(text).map(m -> "expected " + expected() + ", found something else");
    }

    @Override
    Optional<String> hint(String text) {
      return Optional.of("write ${secret:NAME} and give its value outside the project");
    }
  };

  private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]+)://");
  private static final Pattern PASSWORD_IN_URL =
      Pattern.compile("://[^/\\s:@]*:(?!\\$\\{)[^/\\s@]+@|[?&;]password=(?!\\$\\{)[^&]+");
  private static final List<String> SIZE_UNITS = List.of("B", "K", "M", "G", "T");

  private static final int LONGEST = 2000;

  private final String expected;
  private final Pattern pattern;

  Format(String expected, String pattern) {
    this.expected = expected;
    this.pattern = Pattern.compile(pattern);
  }

  String expected() {
    return expected;
  }

  /** The format as a regular expression that ECMA-262 reads alike, for the JSON Schema. */
  String pattern() {
    return "^(" + pattern.pattern() + ")$";
  }

  /** What is wrong with the text; empty if nothing is. */
  Optional<String> mistake(String text) {
    String shown = text.length() > 60 ? text.substring(0, 60) + "…" : text;
    // Java matches repeated groups by recursion, so long text must not get there.
    boolean matches =
        this == ANY || ((text.length() <= LONGEST || isFree()) && pattern.matcher(text).matches());
    return matches
        ? none()
        : Optional.of("expected %s, found '%s'".formatted(expected, shown.replace("\n", " ")));
  }

  Optional<String> misread(String text) {
    return Optional.of("expected " + expected() + ", found '" + text + "'");
  }

  private boolean isFree() {
    return this == WORDS || this == TEMPLATE;
  }

  /** What to do about {@link #mistake}. */
  Optional<String> hint(String text) {
    return none();
  }

  /** Reads text of {@link #DURATION} or {@link #DELAY}. */
  static Duration duration(String text) {
    return Durations.parse(text).orElse(Duration.ZERO);
  }

  /** Reads text of {@link #SIZE} as bytes: {@code 1KB} is 1000, {@code 1KiB} 1024. */
  static long bytes(String text) {
    String digits = text.replaceAll("[^0-9]", "");
    String unit = text.substring(digits.length()).strip();
    long base = unit.contains("i") ? 1024 : 1000;
    long bytes = Long.parseLong(digits);
    for (int i = 0; i < SIZE_UNITS.indexOf(unit.substring(0, 1)); i++) {
      bytes = Math.multiplyExact(bytes, base);
    }
    return bytes;
  }

  private static Optional<String> none() {
    return Optional.empty();
  }
}
