package io.ecluse.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.DemoFixture;
import io.ecluse.Platform;
import io.ecluse.Servers;
import io.ecluse.pipeline.Dag;
import io.ecluse.project.DagExpander;
import io.ecluse.project.Project;
import io.ecluse.scheduler.Run;
import io.ecluse.scheduler.RunRequest;
import io.ecluse.scheduler.RunState;
import io.ecluse.scheduler.Trigger;
import io.ecluse.schema.TableName;
import io.ecluse.staging.BatchManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A shop of orders in a real PostgreSQL, and a project that reads and loads it. */
@Timeout(60)
abstract class ShopFixture {
  static final TableName ORDERS = new TableName("shop", "orders");
  private static final String CONNECTION =
      """
      type: postgres
      connection: { host: 127.0.0.1, port: %d, database: %s, user: %s, password: "${secret:shop}" }
      """;

  @TempDir Path folder;
  private final String shop = Servers.newDatabase();
  private final String metadata = url();
  Platform platform;

  @BeforeEach
  void open() throws IOException {
    Files.createDirectories(folder.resolve("sources"));
    Files.createDirectories(folder.resolve("dags"));
    Files.writeString(folder.resolve("ecluse.yaml"), "name: shop\n");
    source("");
    Files.writeString(
        folder.resolve("dags/shop.yaml"),
        """
        retries: 0
        tasks:
          read: { extract: shop }
          load: { load: shop, after: [read] }
        """);
    execute(
        """
        CREATE TABLE orders (id int PRIMARY KEY, state text, updated_at timestamptz NOT NULL);
        INSERT INTO orders SELECT i, 'new', timestamptz '2026-01-01 00:00:00Z' + i * interval '1 minute'
          FROM generate_series(1, 1000) t(i);
        """);
    start();
  }

  /** Opens the platform; after a close, once more on the same metadata. */
  void start() {
    platform =
        new Platform(
            new Platform.Opening(
                folder,
                Project.DEFAULT_ENVIRONMENT,
                Platform.Workers.HERE,
                4,
                Map.of(
                    "ECLUSE_DATABASE_URL",
                    metadata,
                    "ECLUSE_SECRET_SHOP",
                    Servers.server().password())));
  }

  String database() {
    return shop;
  }

  private static String url() {
    return Servers.url(Servers.newMigratedDatabase());
  }

  @AfterEach
  void close() {
    platform.close();
  }

  private void source(String more) throws IOException {
    Files.writeString(
        folder.resolve("sources/shop.yaml"),
        CONNECTION.formatted(Servers.server().port(), shop, Servers.server().user()) + more);
  }

  void project(String more) throws IOException {
    source(more);
    assertThat(platform.project().reload().errors()).isEmpty();
  }

  void execute(String sql) {
    Servers.execute(shop, sql);
  }

  Run run() {
    Project project = platform.project().get();
    return run(new DagExpander(project).expand(project.dag("shop")));
  }

  Run run(Dag dag) {
    String id =
        platform
            .scheduler()
            .start(new RunRequest(dag, Trigger.MANUAL, Instant.now(), Writes.of(dag)));
    return platform.scheduler().awaitEnd(id);
  }

  void runs() {
    Run run = run();
    assertThat(run.state()).as(String.valueOf(run.error())).isEqualTo(RunState.SUCCESS);
  }

  List<List<String>> rows(String sql) {
    return DemoFixture.rows(platform, sql);
  }

  BatchManifest newest() {
    return platform.staging().newest("shop", "orders").orElseThrow();
  }
}
