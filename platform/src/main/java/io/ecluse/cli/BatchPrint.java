package io.ecluse.cli;

import io.ecluse.staging.BatchManifest;
import io.ecluse.staging.Part;
import io.ecluse.staging.Rejected;
import io.ecluse.staging.StagedColumn;
import io.ecluse.text.Amounts;
import java.io.PrintWriter;
import java.util.Locale;

/**
 * A batch, for people and for programs.
 *
 * @param location where it is
 */
record BatchPrint(BatchManifest batch, String location) {
  /** Rejected rows that people are shown; programs get all that are described. */
  private static final int SHOWN = 20;

  private static final Listing<StagedColumn> COLUMNS =
      new Listing<StagedColumn>("name")
          .both("name", "column", c -> c.column().name())
          .both("type", "type", c -> c.column().type().sql())
          .both("source_type", "type in the source", StagedColumn::sourceType);

  private static final Listing<Part> PARTS =
      new Listing<Part>("file")
          .both("file", "part", Part::file)
          .both("rows", "rows", Part::rows, Amounts::number)
          .both("bytes", "size", Part::bytes, Amounts::bytes)
          .both("sha256", "sha256", Part::sha256);

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
        .with("columns", COLUMNS.objects(batch.columns()))
        .with("parts", PARTS.objects(batch.parts()))
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
    COLUMNS.table(out, batch.columns());
    out.println();
    PARTS.table(out, batch.parts());
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
