package io.ecluse.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.engine.Cancellation;
import io.ecluse.engine.Rows;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.warehouse.ReadView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a query may not do: take more than its share, go on, stay. */
@Timeout(120)
class QueryBoundsTest {
  private static final String ENDLESS =
      "select sum(a.n * b.n * c.n) from lab.numbers a, lab.numbers b, lab.numbers c, lab.numbers d";

  @RegisterExtension final LabQueries lab = new LabQueries();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select length(repeat('x', 2000000000))",
        "select len(list(i)) from range(200000000) t(i)",
        "select string_agg(i::varchar) from range(300000000) t(i)",
        "select repeat('x', 900000000)",
        "select count(*) from (select md5(a.n::varchar || '-' || b.n || '-' || c.n) as h, count(*) from lab.numbers a, lab.numbers b, lab.numbers c group by 1)",
      })
  void hasItsShareOfTheMemoryAndNoMore(String sql) {
    assertThatThrownBy(() -> lab.rows(sql))
        .extracting(e -> ((EcluseException) e).code())
        .isIn(ErrorCode.OUT_OF_MEMORY, ErrorCode.RESULT_TOO_LARGE);

    assertThat(lab.one("select count(*) from lab.numbers")).isEqualTo(1000L);
  }

  @Test
  void startsTheNextProcessBeforeItIsAskedFor() throws Exception {
    Cancellation cancellation = new Cancellation();
    CompletableFuture<Void> asked =
        CompletableFuture.runAsync(
            () ->
                lab.queries().stream(
                    Ticket.patient(Callers.named("ada"), cancellation),
                    "select regexp_matches(repeat('a', 300), repeat('(a?){20}', 60))",
                    ReadView.PUBLISHED,
                    new Rows()));
    while (processes().isEmpty()) {
      Thread.sleep(20);
    }
    ProcessHandle killed = processes().get(0);
    cancellation.cancel();
    killed.destroyForcibly();

    assertThatThrownBy(asked::get).hasCauseInstanceOf(EcluseException.class);
    while (processes().stream().noneMatch(p -> p.pid() != killed.pid())) {
      Thread.sleep(20); // until the time of the class is over
    }
    assertThat(lab.one("select count(*) from lab.numbers")).isEqualTo(1000L);
  }

  private List<ProcessHandle> processes() {
    return ProcessHandle.current()
        .children()
        .filter(p -> p.info().commandLine().orElse("").contains(lab.folder().toString()))
        .filter(ProcessHandle::isAlive)
        .toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ENDLESS,
        "select len(list_transform(range(50000000), x -> md5(x::varchar)))",
        "select regexp_matches(repeat('a', 300), repeat('(a?){20}', 60))",
      })
  void endsWithinASecondWhateverItDoes(String sql) throws Exception {
    lab.one("select 1");
    Cancellation cancellation = new Cancellation();
    CompletableFuture<Throwable> end =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                lab.queries().stream(
                    Ticket.patient(Callers.named("ada"), cancellation),
                    sql,
                    ReadView.PUBLISHED,
                    new Rows());
                return new AssertionError("It ended by itself");
              } catch (EcluseException e) {
                return e;
              }
            });
    Thread.sleep(700);
    boolean ran = !end.isDone();
    long begin = System.nanoTime();
    cancellation.cancel();
    Throwable error = end.get();

    if (ran) {
      assertThat(((EcluseException) error).code()).isEqualTo(ErrorCode.CANCELLED);
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
    }
    assertThat(lab.one("select count(*) from lab.numbers")).isEqualTo(1000L);
  }

  @Test
  void keepsPlacesForOthersWhileOneCallerRunsEndlessQueries() {
    List<Cancellation> endless = Stream.generate(Cancellation::new).limit(8).toList();
    List<CompletableFuture<Void>> runs =
        endless.stream()
            .map(
                c ->
                    CompletableFuture.runAsync(
                        () -> {
                          try {
                            lab.queries().stream(
                                Ticket.patient(Callers.named("greedy"), c),
                                ENDLESS,
                                ReadView.PUBLISHED,
                                new Rows());
                          } catch (EcluseException e) {
                            assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED);
                          }
                        },
                        r -> new Thread(r).start()))
            .toList();

    assertThat(lab.one("select count(*) from lab.numbers")).isEqualTo(1000L);
    Rows page = new Rows();
    lab.queries().stream(
        Ticket.quick(Callers.named("greedy"), new Cancellation()),
        "select 1",
        ReadView.PUBLISHED,
        page);
    assertThat(page.all()).hasSize(1);

    endless.forEach(Cancellation::cancel);
    runs.forEach(CompletableFuture::join);
  }

  @Test
  void leavesNoProcessBehind() throws Exception {
    lab.one("select 1");
    List<ProcessHandle> workers = ProcessHandle.current().children().toList();
    assertThat(workers).anyMatch(ProcessHandle::isAlive);

    lab.queries().close();

    for (ProcessHandle worker : workers) {
      if (worker.info().commandLine().orElse("").contains("WorkerMain")) {
        worker.onExit().get();
      }
    }
    try (Stream<Path> left = Files.list(lab.folder().resolve("people"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void tellsWorkersNoSecrets() throws IOException {
    lab.one("select 1");
    List<ProcessHandle> workers =
        ProcessHandle.current()
            .children()
            .filter(p -> p.info().commandLine().orElse("").contains("WorkerMain"))
            .toList();

    assertThat(workers).isNotEmpty();
    for (ProcessHandle worker : workers) {
      Path environ = Path.of("/proc/" + worker.pid() + "/environ");
      String variables = Files.readString(environ).replace('\0', '\n');
      assertThat(variables.lines().map(l -> l.split("=", 2)[0]))
          .isSubsetOf("PATH", "LC_ALL", "TMPDIR", "PWD", "OLDPWD", "SHLVL", "_");
    }
  }
}
