package io.ecluse.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.Registrations;
import io.ecluse.duckdb.EngineParser;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.project.ProjectReader;
import io.ecluse.project.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrphansTest {
  private static final Orphans.Times OFTEN =
      new Orphans.Times(Duration.ofMillis(1), Duration.ofMillis(1));

  @TempDir Path folder;
  private final BlockingQueue<String> done = new LinkedBlockingQueue<>();
  private int sweeps;

  /** A service that has nothing, and does not always answer. */
  private final class Service implements RemoteApplications {
    @Override
    public void start(Settings.Cluster cluster, Application application, Consumer<String> called) {}

    @Override
    public Optional<EcluseException> gone(Settings.Cluster cluster, Started application) {
      return Optional.empty();
    }

    @Override
    public void atWork(Started application) {}

    @Override
    public void end(Settings.Cluster cluster, Started application) {}

    @Override
    public void sweep(Settings.Cluster cluster, Supplier<Set<String>> live) {
      if (sweeps++ == 0) {
        throw new EcluseException(ErrorCode.CLUSTER_UNREACHABLE, "It does not answer");
      }
      done.add("sweep " + cluster.name() + " " + live.get());
    }

    @Override
    public void close() {
      done.add("close");
    }
  }

  private Settings settings(String clusters) throws IOException {
    Files.writeString(folder.resolve("ecluse.yaml"), "name: school\n" + clusters);
    return new ProjectReader(new EngineParser(), Registrations.builtIn().vocabulary())
        .read(folder)
        .orThrow()
        .settings("dev");
  }

  private Orphans orphans(Settings settings) {
    return new Orphans(
        Map.of("emr", new Service()),
        () -> settings,
        cluster -> done.add("look " + cluster.name()),
        () -> Set.of("session_1"),
        OFTEN);
  }

  @Test
  void looksAgainAndAgainAlsoAfterAServiceThatDidNotAnswer() throws Exception {
    Settings settings =
        settings(
            """
            clusters:
              here: { type: local }
              big: { type: emr, region: eu-west-3, cluster_id: j-1, files: "s3://bucket/f", address: 10.0.0.5 }
            """);
    try (Orphans orphans = orphans(settings)) {
      orphans.follow();

      for (String expected : List.of("look big", "look big", "sweep big [session_1]", "look big")) {
        assertThat(done.poll(30, TimeUnit.SECONDS)).isEqualTo(expected);
      }
    }
  }

  @Test
  void aProjectWithoutSuchClustersIsLeftAlone() throws IOException {
    try (Orphans orphans = orphans(settings("clusters:\n  here: { type: local }\n"))) {
      orphans.follow();
    }
    assertThat(done).containsExactly("close");
  }
}
