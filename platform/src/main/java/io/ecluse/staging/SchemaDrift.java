package io.ecluse.staging;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What became of a stream's columns between two extracts. */
public final class SchemaDrift {
  private SchemaDrift() {}

  /**
   * The differences, each a line for people, in the order of the columns; none if there is none. A
   * column that went while one of the same type came at its place was probably renamed.
   */
  public static List<String> between(List<StagedColumn> before, List<StagedColumn> after) {
    Map<String, StagedColumn> old = byName(before);
    Map<String, StagedColumn> now = byName(after);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < before.size(); i++) {
      StagedColumn was = before.get(i);
      StagedColumn is = now.get(was.column().name());
      if (is == null) {
        lines.add(
            i < after.size() && renamed(was, after.get(i), old)
                ? "column %s is gone and %s came in its place, of the same type %s: renamed?"
                    .formatted(was.column().name(), after.get(i).column().name(), was.sourceType())
                : "column %s (%s) is gone".formatted(was.column().name(), was.sourceType()));
      } else if (!is.sourceType().equals(was.sourceType())) {
        lines.add(
            "column %s was %s and is %s"
                .formatted(was.column().name(), was.sourceType(), is.sourceType()));
      }
    }
    for (StagedColumn is : after) {
      if (!old.containsKey(is.column().name())) {
        lines.add("column %s (%s) is new".formatted(is.column().name(), is.sourceType()));
      }
    }
    return lines;
  }

  private static boolean renamed(StagedColumn was, StagedColumn is, Map<String, StagedColumn> old) {
    return !old.containsKey(is.column().name()) && is.sourceType().equals(was.sourceType());
  }

  private static Map<String, StagedColumn> byName(List<StagedColumn> columns) {
    Map<String, StagedColumn> byName = new LinkedHashMap<>();
    columns.forEach(c -> byName.put(c.column().name(), c));
    return byName;
  }
}
