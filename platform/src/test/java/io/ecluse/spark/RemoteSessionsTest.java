package io.ecluse.spark;

import static io.ecluse.spark.KubernetesFlowTest.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.project.Position;
import io.ecluse.project.Settings;
import io.ecluse.project.Value;
import io.ecluse.spark.RemoteApplications.Application;
import io.ecluse.spark.RemoteApplications.Started;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is the same for whatever runs applications elsewhere, with the simplest that could. */
class RemoteSessionsTest {
  private static final Settings.Cluster CLUSTER =
      new Settings.Cluster("far", "toy", new Value.Entries(Position.START, Map.of(), Map.of()));

  private final List<String> done = new CopyOnWriteArrayList<>();
  private final CountDownLatch end = new CountDownLatch(1);
  private Supplier<EcluseException> how = () -> ErrorCode.CLUSTER_LOST.error("It is over");
  private Runnable tidying = () -> {};
  private Optional<Duration> silence = Optional.of(Duration.ofSeconds(60));
  private final RemoteSessions sessions = new RemoteSessions(new Toy());

  @AfterEach
  void close() {
    end.countDown();
    sessions.close();
  }

  /** Applications that run until the test says how they end. */
  private final class Toy implements RemoteSessions.Service {
    @Override
    public RemoteSession session(Settings.Cluster cluster, String name, Consumer<String> called) {
      return new ToySession(name, called);
    }

    @Override
    public Optional<Duration> silence() {
      return silence;
    }

    @Override
    public void sweep(Settings.Cluster cluster, Supplier<Set<String>> live) {
      done.add("sweep " + cluster.name() + " " + live.get());
    }

    @Override
    public void close() {
      done.add("close");
    }
  }

  private final class ToySession extends RemoteSession {
    private final Consumer<String> called;

    ToySession(String name, Consumer<String> called) {
      super(CLUSTER.name(), name);
      this.called = called;
    }

    @Override
    protected EcluseException start(Application application) {
      done.add("start " + name());
      called.accept("toy of " + name());
      return over();
    }

    @Override
    protected EcluseException takeUp(Started application) {
      done.add("take up " + name());
      return over();
    }

    private EcluseException over() {
      try {
        while (end.getCount() > 0 && !isUnwanted() && !isLeft()) {
          Thread.sleep(5);
        }
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      return isUnwanted() ? lost("was ended") : how.get();
    }

    @Override
    protected void atWork() {
      done.add("at work " + name());
    }

    @Override
    protected Optional<String> page() {
      return Optional.of("http://toy/" + name());
    }

    @Override
    protected void tidy() {
      done.add("tidy " + name());
      tidying.run();
    }

    @Override
    protected void close() {
      done.add("let go of " + name());
    }
  }

  private Application application(String name) {
    return new Application(
        name,
        "secret",
        "http://127.0.0.1:1/jobs",
        new RemoteApplications.Jars(Path.of("ours.jar"), Path.of("iceberg.jar")),
        Map.of(),
        new RemoteApplications.Pace(Duration.ofMinutes(5), 4),
        new RemoteApplications.Here(
            Path.of("log"),
            Map::of,
            more -> {
              throw new AssertionError("Nothing is submitted from here");
            }));
  }

  private static Started started(String name, String handle) {
    return new Started(name, Optional.of(handle), Duration.ofHours(1), Path.of("log"));
  }

  private EcluseException awaitGone(Started application) {
    List<EcluseException> why = new CopyOnWriteArrayList<>();
    await(
        "the end of " + application.name(),
        () -> {
          sessions.gone(CLUSTER, application).ifPresent(why::add);
          return !why.isEmpty();
        });
    return why.get(0);
  }

  @Test
  void startsAnApplicationOnceAndSeesItToItsEnd() {
    List<String> called = new CopyOnWriteArrayList<>();
    sessions.start(CLUSTER, application("a"), called::add);
    Started a = started("a", "toy of a");
    assertThat(sessions.gone(CLUSTER, a)).isEmpty();
    sessions.atWork(a);
    assertThat(sessions.page(a)).contains("http://toy/a");
    end.countDown();

    assertThat(awaitGone(a)).hasMessage("It is over");

    await("it lets go", () -> done.contains("let go of a"));
    assertThat(called).containsExactly("toy of a");
    assertThat(done).containsExactlyInAnyOrder("start a", "at work a", "tidy a", "let go of a");
  }

  @Test
  void takesUpOnceWhatAnotherProcessHasStarted() {
    Started a = started("a", "toy of a");

    for (int i = 0; i < 3; i++) {
      assertThat(sessions.gone(CLUSTER, a)).isEmpty();
    }
    end.countDown();

    assertThat(awaitGone(a)).hasMessage("It is over");
    assertThat(done).containsOnlyOnce("take up a").doesNotContain("start a");
  }

  @Test
  void knowsNothingOfWhatItHasNotBeenAskedFor() {
    Started a = started("a", "toy of a");

    assertThat(sessions.page(a)).isEmpty();
    sessions.atWork(a);

    assertThat(done).isEmpty();
  }

  @Test
  void leavesAnotherProcessAtTheStartOfAnApplicationAsLongAsThatIsAlive() {
    String fresh = new Beat(Instant.now()).text();
    String stale = new Beat(Instant.now().minusSeconds(61)).text();
    assertThat(sessions.gone(CLUSTER, started("a", fresh))).isEmpty();
    assertThat(sessions.gone(CLUSTER, started("a", fresh + " place"))).isEmpty();
    Started young = new Started("a", Optional.empty(), Duration.ofMinutes(9), Path.of("log"));
    assertThat(sessions.gone(CLUSTER, young)).isEmpty();
    assertThat(done).isEmpty();

    assertThat(sessions.gone(CLUSTER, started("a", stale))).isEmpty();
    Started old = new Started("b", Optional.empty(), Duration.ofMinutes(11), Path.of("log"));
    assertThat(sessions.gone(CLUSTER, old)).isEmpty();

    await("both are taken up", () -> done.containsAll(List.of("take up a", "take up b")));
  }

  @Test
  void takesUpAtOnceWhatIsFoundByItsName() {
    silence = Optional.empty();
    Started young = new Started("a", Optional.empty(), Duration.ZERO, Path.of("log"));

    assertThat(sessions.gone(CLUSTER, young)).isEmpty();

    await("it is taken up", () -> done.contains("take up a"));
  }

  @Test
  void endsWhatIsNotWantedAlsoOfAnotherProcess() {
    sessions.start(CLUSTER, application("a"), handle -> {});

    sessions.end(CLUSTER, started("a", "toy of a"));
    sessions.end(CLUSTER, started("b", "toy of b"));

    await("both are tidied", () -> done.containsAll(List.of("tidy a", "tidy b")));
  }

  @Test
  void tellsAFaultOfTheServicesOwnAsSuch() {
    how =
        () -> {
          throw new IllegalStateException("It was not meant so");
        };
    end.countDown();
    sessions.start(CLUSTER, application("a"), handle -> {});

    EcluseException why = awaitGone(started("a", "toy of a"));

    assertThat(why.code()).isEqualTo(ErrorCode.INTERNAL);
    assertThat(why)
        .hasMessageContaining("on cluster far failed by a fault of the platform")
        .hasMessageContaining("It was not meant so");
    await("it is tidied", () -> done.contains("tidy a"));
  }

  @Test
  void whatCannotBeTidiedTakesNothingFromTheReason() {
    tidying =
        () -> {
          throw ErrorCode.CLUSTER_UNREACHABLE.error("It does not answer");
        };
    end.countDown();
    sessions.start(CLUSTER, application("a"), handle -> {});

    await("it lets go", () -> done.contains("let go of a"));

    assertThat(awaitGone(started("a", "toy of a"))).hasMessage("It is over");
  }

  /** Else a process that goes away would have what it leaves begun anew. */
  @Test
  void whoGoesAwayMissesNothingAndTakesNothingAway() {
    how = () -> ErrorCode.CLUSTER_UNREACHABLE.error("Its client is closed");
    sessions.start(CLUSTER, application("a"), handle -> {});
    await("it is started", () -> done.contains("start a"));

    sessions.close();

    await("it lets go", () -> done.contains("let go of a"));
    assertThat(sessions.gone(CLUSTER, started("a", "toy of a"))).isEmpty();
    assertThat(done).contains("close").doesNotContain("tidy a");
  }

  @Test
  void sweepsByTheService() {
    sessions.sweep(CLUSTER, () -> Set.of("a"));

    assertThat(done).containsExactly("sweep far [a]");
  }
}
