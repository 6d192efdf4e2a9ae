package io.ecluse.demo;

import io.ecluse.demo.ErpImportReport.Example;
import io.ecluse.demo.ErpImportReport.Finding;
import io.ecluse.demo.ErpImportReport.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Collects findings, those of the same kind in one. Reasons are few, so memory is bounded. */
final class ImportFindings {
  private static final int EXAMPLES = 5;

  private final Map<Key, Group> groups = new LinkedHashMap<>();

  private record Key(Kind kind, String table, Optional<String> column, String reason) {}

  private static final class Group {
    private final List<Example> examples = new ArrayList<>();
    private long count;
  }

  /** Something about a whole file or column. */
  void note(String table, Optional<String> column, String reason) {
    groups.putIfAbsent(new Key(Kind.NOTE, table, column, reason), new Group());
  }

  /** Something in a line. */
  void add(Kind kind, String table, Optional<String> column, String reason, Example example) {
    Group group = groups.computeIfAbsent(new Key(kind, table, column, reason), key -> new Group());
    group.count++;
    if (group.examples.size() < EXAMPLES) {
      group.examples.add(example);
    }
  }

  List<Finding> all() {
    List<Finding> findings = new ArrayList<>();
    groups.forEach(
        (key, group) ->
            findings.add(
                new Finding(
                    key.kind(),
                    key.table(),
                    key.column(),
                    key.reason(),
                    group.count,
                    group.examples)));
    return findings;
  }
}
