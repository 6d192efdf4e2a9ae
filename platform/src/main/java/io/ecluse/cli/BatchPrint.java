package io.ecluse.cli;

import io.ecluse.staging.BatchManifest;
import io.ecluse.staging.Rejected;
import io.ecluse.text.Amounts;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A batch, for people and for programs.
 *
 * @param location where it is
 */
record BatchPrint(BatchManifest batch, String location) {
  /** Rejected rows that people are shown; programs get all that are described. */
  private static final int SHOWN = 20;

  Fields json() {
    return new Fields()
        .with("source", batch.source())
        .with("stream", batch.stream())
        .with("extract_id", batch.extractId())
        .with("run_id", batch.runId())
        .with("position", batch.position())
        .with("one_moment", batch.isOneMoment())
        .with("compared_by", comparedBy())
        .with("rows", batch.rows())
        .with("bytes", batch.bytes())
        .with("started_at", batch.startedAt())
        .with("ended_at", batch.endedAt())
        .with("extractor", batch.extractor())
        .with("formats", Output.words(batch.formats()))
        .with("location", location)
        .with(
            "columns",
            batch.columns().stream()
                .map(
                    c ->
                        new Fields()
                            .with("name", c.column().name())
                            .with("type", c.column().type().sql())
                            .with("source_type", c.sourceType()))
                .toList())
        .with(
            "parts",
            batch.parts().stream()
                .map(
                    p ->
                        new Fields()
                            .with("file", p.file())
                            .with("rows", p.rows())
                            .with("bytes", p.bytes())
                            .with("sha256", p.sha256()))
                .toList())
        .with("rejected_rows", batch.rejected().rows())
        .with(
            "rejected",
            batch.rejected().examples().stream()
                .map(r -> new Fields().with("key", r.key()).with("reason", r.reason()))
                .toList());
  }

  void text(PrintWriter out, Times times) {
    out.printf(
        "%s.%s, extract %s of run %s%nas of %s, read from %s to %s%n%s in %s%n%s%n%n",
        batch.source(),
        batch.stream(),
        batch.extractId(),
        batch.runId(),
        batch.position(),
        times.text(batch.startedAt()),
        times.text(batch.endedAt()),
        String.join(" and ", Output.words(batch.formats())),
        location,
        moment());
    List<List<String>> rows = new ArrayList<>();
    batch
        .columns()
        .forEach(
            c -> rows.add(Output.row(c.column().name(), c.column().type().sql(), c.sourceType())));
    Output.table(out, List.of("column", "type", "type in the source"), rows);
    out.println();
    List<List<String>> files = new ArrayList<>();
    batch
        .parts()
        .forEach(
            p ->
                files.add(
                    Output.row(
                        p.file(), Amounts.number(p.rows()), Amounts.bytes(p.bytes()), p.sha256())));
    Output.table(out, List.of("part", "rows", "size", "sha256"), files);
    out.printf(
        "%n%s rows in %d parts, %s%n",
        Amounts.number(batch.rows()), batch.parts().size(), Amounts.bytes(batch.bytes()));
    rejected(out, batch.rejected());
  }

  private String moment() {
    return (batch.isOneMoment()
            ? "all of one moment"
            : "not one moment: ranges of several, and what changed meanwhile once more")
        + ", compared to the source by "
        + comparedBy();
  }

  private String comparedBy() {
    return batch.comparedBy().name().toLowerCase(Locale.ROOT);
  }

  private static void rejected(PrintWriter out, Rejected rejected) {
    if (rejected.rows() > 0) {
      out.printf("%s rows were rejected:%n", Amounts.number(rejected.rows()));
      rejected.examples().stream().limit(SHOWN).forEach(r -> out.println("  " + r));
      if (rejected.rows() > SHOWN) {
        out.println("  … --format json has more");
      }
    }
  }
}
