package io.ecluse.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.schema.TableName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AnswerCacheTest {
  private static final AnswerCache.Key KEY =
      new AnswerCache.Key("select 1", 1, Set.of(), Map.of(new TableName("lab", "numbers"), 7L));
  private static final Answer ANSWER =
      new Answer(List.of("a"), List.of("INTEGER"), List.of(), Map.of(), Optional.empty());

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
  private final AnswerCache cache = new AnswerCache(nanos::get);

  private boolean holdsAfter(AnswerCache.Life life, Duration time) {
    cache.keep(KEY, ANSWER, 10, life);
    nanos.addAndGet(time.toNanos());
    return cache.find(KEY).isPresent();
  }

  @Test
  void keepsAnAnswerWhileItsTablesStay() {
    assertThat(holdsAfter(AnswerCache.Life.WHILE_TABLES_STAY, Duration.ofDays(9))).isTrue();
  }

  @Test
  void keepsWhatDependsOnTheTimeForAMinute() {
    assertThat(holdsAfter(AnswerCache.Life.A_MINUTE, Duration.ofSeconds(59))).isTrue();
    assertThat(holdsAfter(AnswerCache.Life.A_MINUTE, Duration.ofSeconds(60))).isFalse();
  }
}
