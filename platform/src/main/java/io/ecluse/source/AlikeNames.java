package io.ecluse.source;

import io.ecluse.error.ErrorCode;
import io.ecluse.staging.StagedColumn;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Names that differ only by case: some systems tell them apart, SQL on the warehouse does not. */
public final class AlikeNames {
  private AlikeNames() {}

  /** The first two, as {@code note and NOTE}. */
  public static Optional<String> among(Collection<String> names) {
    Map<String, String> seen = new HashMap<>();
    for (String name : names) {
      String other = seen.putIfAbsent(name.toLowerCase(Locale.ROOT), name);
      if (other != null) {
        return Optional.of(other + " and " + name);
      }
    }
    return Optional.empty();
  }

  /** What to do about two columns. */
  public static String remedy(String columns) {
    return "the columns %s differ only by case, which SQL on the warehouse does not tell apart; make a view there that names them apart, and read the view"
        .formatted(columns);
  }

  /** DATA_INVALID if two streams are alike. */
  public static void requireNoStreams(String source, Collection<String> streams) {
    among(streams)
        .ifPresent(
            two -> {
              throw ErrorCode.DATA_INVALID.error(
                  "Source %s: the streams %s differ only by case, which SQL on the warehouse does not tell apart; name the one that you want under streams"
                      .formatted(source, two));
            });
  }

  /** DATA_INVALID if two columns of the stream are alike. */
  public static void requireNoColumns(String source, String stream, List<StagedColumn> columns) {
    among(columns.stream().map(c -> c.column().name()).toList())
        .ifPresent(
            two -> {
              throw ErrorCode.DATA_INVALID.error(
                  "%s.%s: %s".formatted(source, stream, remedy(two)));
            });
  }
}
