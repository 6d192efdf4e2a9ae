package io.ecluse.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.Servers;
import io.ecluse.access.Policy;
import io.ecluse.disk.Disk;
import io.ecluse.engine.Cancellation;
import io.ecluse.engine.EngineSettings;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.metadata.Metadata;
import io.ecluse.warehouse.ReadView;
import io.ecluse.warehouse.Warehouse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class QueryLogTest {
  @TempDir Path folder;

  private Queries queries(Metadata metadata) throws Exception {
    return new Queries(
        new WorkerSettings(
            new EngineSettings(
                256L << 20,
                1,
                Files.createDirectories(folder.resolve("people")),
                64L << 20,
                List.of()),
            folder.resolve("program")),
        new Warehouse(metadata.jdbi(), "test", folder.resolve("warehouse"), new Disk()),
        Policy.OPEN);
  }

  private static QueryJobs jobs(Queries queries, QueryLog history) {
    return new QueryJobs(
        queries,
        history,
        new QueryJobs.Limits(1_000, Duration.ofMinutes(1), 64L << 20),
        Clock.systemUTC());
  }

  @Test
  void remembersQueriesWhenTheServerStartsAgainAndTheirResultsAreGone() throws Exception {
    try (Metadata metadata = Servers.newMetadata();
        Queries queries = queries(metadata)) {
      QueryLog history = new QueryLog(metadata.jdbi(), "test");
      String id;
      try (QueryJobs before = jobs(queries, history)) {
        id =
            before
                .submit(
                    Callers.named("ada"),
                    "select 40 + 2",
                    ReadView.PUBLISHED,
                    Duration.ofSeconds(60))
                .query()
                .id();
        assertThat(before.page(Callers.named("ada"), id, 0, 10, new Cancellation())).hasSize(1);
      }
      try (QueryJobs after = jobs(queries, history)) {
        QueryJobs.Status status = after.find(Callers.named("ada"), id);
        assertThat(status.state()).isEqualTo(QueryJobs.State.EXPIRED);
        assertThat(status.query().sql()).isEqualTo("select 40 + 2");
        assertThat(after.history(Callers.named("ada")))
            .extracting(s -> s.query().id())
            .containsExactly(id);
        assertThat(after.history(Callers.named("bob"))).isEmpty();
        assertThatThrownBy(() -> after.find(Callers.named("bob"), id))
            .extracting(e -> ((EcluseException) e).code())
            .isEqualTo(ErrorCode.NOT_FOUND);
        assertThatThrownBy(() -> after.page(Callers.named("ada"), id, 0, 10, new Cancellation()))
            .extracting(e -> ((EcluseException) e).code())
            .isEqualTo(ErrorCode.RESULT_EXPIRED);
      }
    }
  }

  @Test
  void keepsAThousandOfEachOwner() {
    try (Metadata metadata = Servers.newMetadata()) {
      QueryLog history = new QueryLog(metadata.jdbi(), "test");
      Instant now = Instant.now();
      for (int i = 0; i < 1_005; i++) {
        history.begin(
            new QueryLog.Entry(
                UUID.randomUUID().toString(),
                "ada",
                "select " + i,
                now.minusSeconds(2_000 - i),
                Duration.ZERO));
      }
      long kept =
          metadata
              .jdbi()
              .withHandle(
                  h -> h.createQuery("SELECT count(*) FROM query_history").mapTo(Long.class).one());
      assertThat(kept).isEqualTo(1_000);
      assertThat(history.newest("ada").get(0).sql()).isEqualTo("select 1004");
    }
  }

  @Test
  void endsAResultThatTakesTooMuchOfTheDisk() throws Exception {
    try (Metadata metadata = Servers.newMetadata();
        Queries queries = queries(metadata);
        QueryJobs jobs =
            new QueryJobs(
                queries,
                new QueryLog(metadata.jdbi(), "test"),
                new QueryJobs.Limits(100_000_000, Duration.ofMinutes(1), 4L << 20),
                Clock.systemUTC())) {
      QueryJobs.Status status =
          jobs.submit(
              Callers.named("ada"),
              "select md5(i::varchar), md5(i::varchar || 'x') from range(100000000) t(i)",
              ReadView.PUBLISHED,
              Duration.ofSeconds(60));
      assertThat(status.error().orElseThrow().code()).isEqualTo(ErrorCode.RESULT_TOO_LARGE);
    }
  }

  @Test
  void refusesACallerWithTooManyQueries() throws Exception {
    try (Metadata metadata = Servers.newMetadata();
        Queries queries = queries(metadata);
        QueryJobs jobs = jobs(queries, new QueryLog(metadata.jdbi(), "test"))) {
      String endless = "select count(*) from range(1000000000000) a, range(1000000000000) b";
      for (int i = 0; i < 8; i++) {
        jobs.submit(Callers.named("greedy"), endless, ReadView.PUBLISHED, Duration.ZERO);
      }
      assertThatThrownBy(
              () ->
                  jobs.submit(Callers.named("greedy"), endless, ReadView.PUBLISHED, Duration.ZERO))
          .extracting(e -> ((EcluseException) e).code())
          .isEqualTo(ErrorCode.TOO_MANY_REQUESTS);

      QueryJobs.Status other =
          jobs.submit(Callers.named("ada"), "select 1", ReadView.PUBLISHED, Duration.ofSeconds(60));
      assertThat(other.state()).isEqualTo(QueryJobs.State.DONE);
    }
  }
}
