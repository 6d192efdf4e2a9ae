package io.ecluse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.schema.Column;
import io.ecluse.schema.ContentSums;
import io.ecluse.schema.DataType;
import io.ecluse.staging.BatchManifest;
import io.ecluse.staging.Part;
import io.ecluse.staging.Rejected;
import io.ecluse.staging.StagedColumn;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BatchPrintTest {
  private static final Part PART = new Part("part-00000.parquet", 2, 100, "ab");
  private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");

  private static BatchManifest batch(Part part, Optional<List<Part>> changes) {
    return new BatchManifest(
        "erp",
        "grades",
        "x1",
        "run1",
        "0/1 5:9:",
        List.of(new StagedColumn(new Column("id", DataType.INTEGER), "integer")),
        List.of(part),
        AT,
        AT,
        "test/1",
        List.of("id"),
        new Rejected(1, List.of(new Rejected.Row(Map.of("id", "7"), "d holds an infinite date"))),
        Optional.empty(),
        Optional.empty(),
        changes);
  }

  private static String text(BatchManifest batch) {
    StringWriter text = new StringWriter();
    new BatchPrint(batch, "/staging/erp/grades/x1")
        .text(new PrintWriter(text, true), new Times(ZoneOffset.UTC));
    return text.toString();
  }

  @Test
  void tellsHowFarItIsToBeTrusted() {
    assertThat(text(batch(PART, Optional.empty())))
        .contains("all of one moment, compared to the source by counts")
        .contains("1 rows were rejected:")
        .contains("  id = 7: d holds an infinite date");
    assertThat(text(batch(PART.with(ContentSums.NONE), Optional.of(List.of(PART)))))
        .contains("not one moment")
        .contains("compared to the source by checksums");
  }

  @Test
  void tellsProgramsTheSame() {
    assertThat(new BatchPrint(batch(PART, Optional.empty()), "here").json())
        .containsEntry("one_moment", true)
        .containsEntry("compared_by", "counts")
        .containsEntry("rejected_rows", 1L)
        .containsEntry(
            "rejected",
            List.of(Map.of("key", Map.of("id", "7"), "reason", "d holds an infinite date")));
  }
}
