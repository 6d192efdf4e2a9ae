package io.ecluse.flow;

import io.ecluse.project.SourceFile;
import io.ecluse.source.Discovery;
import io.ecluse.source.Discovery.Found;
import io.ecluse.source.Discovery.FoundColumn;
import io.ecluse.source.Discovery.LeftOut;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a discovery found that a project's file does not say, or says otherwise. */
public record SourceDifferences(SourceFile file, Discovery discovery) {
  /** A line each; none if the file needs no change. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    Map<String, Found> found = new LinkedHashMap<>();
    discovery.streams().forEach(s -> found.put(s.name(), s));
    Map<String, String> leftOut = new LinkedHashMap<>();
    discovery.leftOut().forEach((LeftOut l) -> leftOut.put(l.name(), l.why()));
    boolean all = file.streams().isEmpty();
    for (Found stream : discovery.streams()) {
      SourceFile.Stream said = file.streams().get(stream.name());
      if (said == null && !all) {
        lines.add("+ %s: is not in the file".formatted(stream.name()));
      }
      compare(stream, Optional.ofNullable(said), lines);
    }
    for (String name : file.streams().keySet()) {
      if (leftOut.containsKey(name)) {
        lines.add("? %s: %s".formatted(name, leftOut.get(name)));
      } else if (!found.containsKey(name)) {
        lines.add("- %s: is not there".formatted(name));
      }
    }
    lines.sort(Comparator.comparing((String l) -> l.substring(2)));
    return lines;
  }

  private static void compare(Found stream, Optional<SourceFile.Stream> said, List<String> lines) {
    if (said.isPresent()
        && !said.get().primaryKey().isEmpty()
        && !said.get().primaryKey().equals(stream.primaryKey())) {
      lines.add(
          "~ %s: primary_key is [%s] there, [%s] in the file"
              .formatted(
                  stream.name(),
                  String.join(", ", stream.primaryKey()),
                  String.join(", ", said.get().primaryKey())));
    }
    for (FoundColumn column : stream.columns()) {
      String name = column.staged().column().name();
      boolean decided =
          said.flatMap(s -> Optional.ofNullable(s.columns().get(name)))
              .flatMap(SourceFile.Column::personal)
              .isPresent();
      if (column.personal().isPresent() && !decided) {
        lines.add(
            "~ %s.%s: looks like personal data (%s, %s), and the file does not say whether it is"
                .formatted(
                    stream.name(),
                    name,
                    column.personal().get().category(),
                    column.personal().get().why()));
      }
    }
  }
}
