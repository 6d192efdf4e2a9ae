package io.ecluse.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.query.SpillFolder;
import io.ecluse.schema.Effect;
import io.ecluse.warehouse.TableVersion;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What maintenance does while the clock is wrong. */
class ClockAheadTest extends ShopFixture {
  private Maintenance maintenance(Duration ahead) {
    return new Maintenance(
        () -> platform.project().get().settings("dev"),
        platform.staging(),
        platform.warehouse(),
        platform.scheduler(),
        SpillFolder.open(folder.resolve("spill")),
        Clock.fixed(Instant.now().plus(ahead), ZoneOffset.UTC));
  }

  private List<Long> states() {
    return platform.warehouse().history(ORDERS).stream().map(TableVersion::snapshotId).toList();
  }

  @Test
  void keepsWhatIsFreshThoughTheClockIsFourYearsAheadAndSaysSo() {
    for (int i = 0; i < 8; i++) {
      runs();
    }
    List<Long> before = states();
    assertThat(before).hasSize(8);
    int batches = platform.staging().list("shop", "orders").size();
    try (Maintenance ahead = maintenance(Duration.ofDays(4 * 365))) {
      Maintenance.Report report = ahead.run(Effect.REMOVE);

      assertThat(states()).isEqualTo(before);
      assertThat(platform.staging().list("shop", "orders")).hasSize(batches);
      assertThat(report.notes()).singleElement().asString().contains("are not counted");
    }
    assertThat(rows("select count(*) from shop.orders")).containsExactly(List.of("1000"));
  }

  @Test
  void saysThatWhatWasPublishedAheadStaysAndKeepsTheRest() {
    for (int i = 0; i < 7; i++) {
      runs();
    }
    platform
        .metadata()
        .jdbi()
        .useHandle(
            h ->
                h.execute(
                    "UPDATE publication SET published_at = published_at + interval '4 years' WHERE run_id = (SELECT max(run_id) FROM publication)"));
    try (Maintenance now = maintenance(Duration.ZERO)) {
      assertThat(now.run(Effect.REMOVE).notes())
          .singleElement()
          .asString()
          .startsWith("1 publications have times after now");
      assertThat(states()).hasSize(7);
    }
  }
}
