package io.ecluse.source.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.source.Source;
import io.ecluse.source.StreamPlan;
import io.ecluse.staging.BatchManifest;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class MariaDbLossTest extends LossContract implements OnMariaDb {
  @Override
  String numbers(int to) {
    return "SELECT seq FROM seq_1_to_" + to;
  }

  @Override
  Source source(JdbcSettings settings) {
    return new JdbcSource(settings, new MariaDbDialect(stage().clock()), stage());
  }

  @Test
  void readsATableWithoutAUsableKeyFromItsBeginningAndSaysWhy() throws Exception {
    fill(
        "CREATE TABLE names (name VARCHAR(250) PRIMARY KEY)",
        "INSERT INTO names SELECT concat(seq, repeat('x', 200)) FROM seq_1_to_120000");
    Source source = source(settings());
    Once cut =
        new Once(OptionalLong.of(1), () -> cutAfter("INSERT INTO names VALUES ('one more')"));

    BatchManifest batch = source.extract(request("x1"), cut).get(0);

    assertThat(rows(batch, "select count(*), count(distinct name) from %s"))
        .containsExactly(List.of("120001", "120001"));
    assertThat(batch.isOneMoment()).isTrue();
    assertThat(batch.position())
        .contains(
            "; read from its beginning because the snapshot was lost, in consistent snapshot");
    assertThat(cut.said).anyMatch(l -> l.contains("without a primary key of one whole number"));
    assertThat(batch.parts()).hasSize(1);
  }

  @Test
  void readsRowsAndKeysOfOneMomentWhenDeletesAreLookedFor() throws Exception {
    fill(
        "CREATE TABLE big (id INT PRIMARY KEY, seen INT)",
        "INSERT INTO big SELECT seq, seq FROM seq_1_to_250000");
    StreamPlan plan =
        new StreamPlan(
            StreamPlan.Mode.INCREMENTAL,
            Optional.of("seen"),
            Optional.empty(),
            List.of(),
            StreamPlan.Deletes.DETECT);
    Source source = source(Settings.reading("big", plan, settings()));
    Once cut =
        new Once(
            OptionalLong.of(150_000), () -> cutAfter("DELETE FROM big WHERE id IN (1, 250000)"));

    BatchManifest batch = source.extract(request("x1"), cut).get(0);

    assertThat(batch.rows()).isEqualTo(249_998);
    assertThat(batch.keys().orElseThrow().rows()).isEqualTo(249_998);
    assertThat(batch.isOneMoment()).isTrue();
  }
}
