package io.ecluse.cli;

import io.ecluse.staging.BatchManifest;
import io.ecluse.staging.Rejected;
import io.ecluse.text.Amounts;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A batch, for people and for programs.
 *
 * @param location where it is
 */
record BatchPrint(BatchManifest batch, String location) {
  /** Rejected rows that people are shown; programs get all that are described. */
  private static final int SHOWN = 20;

  Map<String, Object> json() {
    return Output.object(
        "source",
        batch.source(),
        "stream",
        batch.stream(),
        "extract_id",
        batch.extractId(),
        "run_id",
        batch.runId(),
        "position",
        batch.position(),
        "one_moment",
        batch.isOneMoment(),
        "compared_by",
        comparedBy(),
        "rows",
        batch.rows(),
        "bytes",
        batch.bytes(),
        "started_at",
        batch.startedAt(),
        "ended_at",
        batch.endedAt(),
        "extractor",
        batch.extractor(),
        "formats",
        Output.words(batch.formats()),
        "location",
        location,
        "columns",
        batch.columns().stream()
            .map(
                c ->
                    Output.object(
                        "name",
                        c.column().name(),
                        "type",
                        c.column().type().sql(),
                        "source_type",
                        c.sourceType()))
            .toList(),
        "parts",
        batch.parts().stream()
            .map(
                p ->
                    Output.object(
                        "file",
                        p.file(),
                        "rows",
                        p.rows(),
                        "bytes",
                        p.bytes(),
                        "sha256",
                        p.sha256()))
            .toList(),
        "rejected_rows",
        batch.rejected().rows(),
        "rejected",
        batch.rejected().examples().stream()
            .map(r -> Output.object("key", r.key(), "reason", r.reason()))
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
