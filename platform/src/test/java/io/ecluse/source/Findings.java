package io.ecluse.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.decode.FileParts;
import io.ecluse.engine.EngineSettings;
import io.ecluse.source.Finding.State;
import io.ecluse.source.SourceInspection.WantedStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What an inspection has found. */
public record Findings(List<Finding> all) {
  /** Looks at a source. */
  public static Findings of(SourceInspection inspection, WantedStream... wanted) {
    List<Finding> found = new ArrayList<>();
    inspection.check(List.of(wanted), found::add);
    return new Findings(List.copyOf(found));
  }

  /** What reads files for an inspection, in a folder. */
  public static FileDecoder decoder(Path folder) {
    return new FileParts(
        new EngineSettings(128L << 20, 1, folder.resolve("spill"), 1L << 30, List.of(folder)));
  }

  /** What the first finding of a check says, with its remedies; its state must be this. */
  public String of(String check, State state) {
    return all.stream()
        .filter(f -> f.check().equals(check))
        .findFirst()
        .map(
            f -> {
              assertThat(f.state()).as(f.toString()).isEqualTo(state);
              return f.found() + " → " + String.join(" → ", f.remedy());
            })
        .orElseGet(() -> "no " + check + " in " + all);
  }
}
