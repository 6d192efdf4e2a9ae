package io.ecluse.flow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.DemoFixture;
import io.ecluse.Platform;
import io.ecluse.Servers;
import io.ecluse.access.Caller;
import io.ecluse.backup.Backups;
import io.ecluse.disk.Folders;
import io.ecluse.engine.Cancellation;
import io.ecluse.engine.Rows;
import io.ecluse.error.ErrorCode;
import io.ecluse.pipeline.Dag;
import io.ecluse.project.DagExpander;
import io.ecluse.project.Project;
import io.ecluse.query.Ticket;
import io.ecluse.scheduler.Run;
import io.ecluse.scheduler.RunRequest;
import io.ecluse.scheduler.RunState;
import io.ecluse.scheduler.Trigger;
import io.ecluse.schema.Effect;
import io.ecluse.schema.TableName;
import io.ecluse.source.postgres.CuttingProxy;
import io.ecluse.storage.BusyDoor;
import io.ecluse.storage.HdfsServer;
import io.ecluse.storage.S3Server;
import io.ecluse.storage.Storage;
import io.ecluse.storage.StorageSettings;
import io.ecluse.storage.Storages;
import io.ecluse.warehouse.ReadView;
import io.ecluse.warehouse.Reclaimed;
import io.ecluse.warehouse.Retention;
import io.ecluse.warehouse.TableVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Everything that a warehouse in a folder does, with the tables in a store elsewhere: loads that
 * replace and that change rows, models, views, tests, publication, queries of people, time travel,
 * rollback, expiry, sweeping, backups.
 */
@Timeout(180)
class TablesElsewhereTest {
  private static final TableName ORDERS = new TableName("shop", "orders");
  private static final String STATES =
      "select state, n from marts.by_state union all select 'all', n from marts.total order by 1";

  @TempDir Path folder;
  @TempDir Path other;
  private final String shop = Servers.newDatabase();
  private final String metadata = Servers.newMigratedDatabase();

  private void project(String location, String access, String more) throws IOException {
    for (String each : List.of("sources", "dags", "tests", "models/marts")) {
      Files.createDirectories(folder.resolve(each));
    }
    Files.writeString(
        folder.resolve("ecluse.yaml"),
        """
        name: shop
        warehouse:
          location: %s/tables
        %s%s
        """
            .formatted(location, access.indent(2), more.indent(2)));
    Files.writeString(
        folder.resolve("sources/shop.yaml"),
        """
        type: postgres
        connection: { host: 127.0.0.1, port: %d, database: %s, user: %s, password: "${secret:shop}" }
        streams: { orders: { mode: incremental, cursor: updated_at, deletes: detect } }
        """
            .formatted(Servers.server().port(), shop, Servers.server().user()));
    model(
        "by_state",
        "description: Orders by state.\ncolumns: { state: { tests: [unique, not_null] } }",
        "SELECT state, count(*) AS n FROM shop.orders GROUP BY state");
    model(
        "total",
        "description: All orders.\nmaterialized: view",
        "SELECT sum(n)::BIGINT AS n FROM marts.by_state");
    Files.writeString(
        folder.resolve("tests/no_lost.sql"),
        "/* ecluse\ndescription: None is lost.\n*/\nSELECT state FROM marts.by_state WHERE state = 'lost'\n");
    Files.writeString(
        folder.resolve("dags/all.yaml"),
        """
        retries: 0
        tasks:
          read: { extract: shop }
          load: { load: shop, after: [read] }
          marts: { build: "marts.*", after: [load] }
          audits: { audit: "*", after: [marts] }
        """);
  }

  private void model(String name, String header, String sql) throws IOException {
    Files.writeString(
        folder.resolve("models/marts/" + name + ".sql"),
        "/* ecluse\n" + header + "\n*/\n" + sql + "\n");
  }

  private static Platform open(Path project, String database) {
    return new Platform(
        new Platform.Opening(
            project,
            Project.DEFAULT_ENVIRONMENT,
            Platform.Workers.HERE,
            4,
            Map.of(
                "ECLUSE_DATABASE_URL",
                Servers.url(database),
                "ECLUSE_SECRET_SHOP",
                Servers.server().password(),
                "ECLUSE_SECRET_S3_KEY",
                S3Server.KEY,
                "ECLUSE_SECRET_S3_WORD",
                S3Server.SECRET)));
  }

  private Platform open() {
    return open(folder, metadata);
  }

  private static Run run(Platform platform) {
    Project project = platform.project().get();
    Dag dag = new DagExpander(project).expand(project.dag("all"));
    return platform
        .scheduler()
        .awaitEnd(
            platform
                .scheduler()
                .start(new RunRequest(dag, Trigger.MANUAL, Instant.now(), Writes.of(dag))));
  }

  private static String runs(Platform platform) {
    Run run = run(platform);
    assertThat(run.state()).as(String.valueOf(run.error())).isEqualTo(RunState.SUCCESS);
    return run.id();
  }

  /** What people see, by a worker process. */
  private static List<List<String>> seen(Platform platform, ReadView view) {
    Rows rows = new Rows();
    platform.queries().stream(ticket(), STATES, view, rows);
    return rows.all().stream().map(r -> Stream.of(r).map(String::valueOf).toList()).toList();
  }

  private static Ticket ticket() {
    return Ticket.patient(new Caller("ada", Caller.Means.TOKEN, Set.of()), new Cancellation());
  }

  private static Reclaimed reclaim(Platform platform, Effect effect) {
    Instant later = Instant.now().plus(Duration.ofDays(3));
    return platform.warehouse().reclaim(new Retention(later, later, Set.of(), Set.of(), effect));
  }

  private static List<List<String>> states(int fresh, int paid) {
    return paid == 0
        ? List.of(List.of("all", "" + fresh), List.of("new", "" + fresh))
        : List.of(
            List.of("all", "" + (fresh + paid)),
            List.of("new", "" + fresh),
            List.of("paid", "" + paid));
  }

  private void flows(String location, String access, Storage store) throws IOException {
    Servers.execute(
        shop,
        """
        CREATE TABLE orders (id int PRIMARY KEY, state text, note text, updated_at timestamptz NOT NULL);
        INSERT INTO orders SELECT i, 'new', md5(i::text) || md5((i * 7)::text) || md5((i * 13)::text) || md5((i * 17)::text) || md5((i * 19)::text), timestamptz '2026-01-01 00:00:00Z' + i * interval '1 minute'
          FROM generate_series(1, 20000) t(i);
        """);
    project(location, access, "");
    Instant first;
    try (Platform platform = open()) {
      runs(platform);
      assertThat(seen(platform, ReadView.PUBLISHED)).isEqualTo(states(20000, 0));
      first = Instant.now();
      changesRows(platform, store);
      publishesNothingThatFailed(platform);
      travels(platform, first);
    }
    assertThat(folder.resolve(".ecluse/warehouse")).doesNotExist();
    assertThat(leased()).isEmpty();
    Folders.delete(folder.resolve(".ecluse/stored")); // as another machine would find it
    try (Platform platform = open()) {
      assertThat(seen(platform, ReadView.PUBLISHED)).isEqualTo(states(19980, 10));
      assertThat(platform.warehouse().location()).isEqualTo(location + "/tables/dev");
      exports(platform);
      forgets(platform, store);
    }
    backs(location, store);
    readsMoreThanTheCopiesMayTake(location, access);
  }

  /** By position deletes, which are read back. */
  private void changesRows(Platform platform, Storage store) {
    Servers.execute(
        shop,
        "UPDATE orders SET state = 'paid', updated_at = '2026-02-01Z' WHERE id <= 10; DELETE FROM orders WHERE id > 19990;");
    runs(platform);
    assertThat(seen(platform, ReadView.PUBLISHED)).isEqualTo(states(19980, 10));
    assertThat(store.files("tables/dev/shop"))
        .anyMatch(f -> f.name().matches(".*/deletes_\\d+\\.parquet"));
    assertThat(
            DemoFixture.rows(platform, "select count(*), min(note) = max(note) from shop.orders"))
        .containsExactly(List.of("19990", "false"));
  }

  private void publishesNothingThatFailed(Platform platform) {
    Servers.execute(
        shop, "UPDATE orders SET state = 'lost', updated_at = '2026-03-01Z' WHERE id = 1");
    assertThat(run(platform).state()).isEqualTo(RunState.FAILED);
    assertThat(seen(platform, ReadView.PUBLISHED)).isEqualTo(states(19980, 10));
    Servers.execute(
        shop, "UPDATE orders SET state = 'paid', updated_at = '2026-04-01Z' WHERE id = 1");
  }

  private void travels(Platform platform, Instant first) {
    assertThat(seen(platform, new ReadView.AsOf(first))).isEqualTo(states(20000, 0));
    List<TableVersion> history = platform.warehouse().history(ORDERS);
    assertThat(history).extracting(TableVersion::rows).containsExactly(19990L, 20000L);
    Servers.execute(
        shop, "UPDATE orders SET state = 'paid', updated_at = '2026-05-01Z' WHERE id = 11");
    String last = runs(platform);
    assertThat(seen(platform, ReadView.PUBLISHED)).isEqualTo(states(19979, 11));
    platform.warehouse().rollBack(last);
    assertThat(seen(platform, ReadView.PUBLISHED)).isEqualTo(states(19980, 10));
  }

  private void exports(Platform platform) {
    Path file = other.resolve("states.parquet");
    platform.queries().export(ticket(), STATES, ReadView.PUBLISHED, file);
    assertThat(file).isNotEmptyFile();
  }

  /** Old states, and what killed processes have left, go; what is read stays. */
  private static void forgets(Platform platform, Storage store) {
    for (int i = 0; i < 6; i++) {
      LabFixture.publish(platform, "lab" + i, 10 + i);
    }
    String orphan = "tables/dev/lab/numbers-01234567/data/killed-01234567/half.parquet";
    store.write(orphan, "half of a file".getBytes(UTF_8));
    Reclaimed told = reclaim(platform, Effect.TELL);
    assertThat(store.find(orphan)).isPresent();
    Reclaimed done = reclaim(platform, Effect.REMOVE);

    assertThat(told).isEqualTo(done);
    assertThat(done.snapshots()).isPositive();
    assertThat(store.find(orphan)).isEmpty();
    assertThat(reclaim(platform, Effect.REMOVE)).isEqualTo(new Reclaimed(0, 0, 0));
    assertThat(LabFixture.rows(platform)).isEqualTo("15");
    assertThat(seen(platform, ReadView.PUBLISHED)).isEqualTo(states(19980, 10));
  }

  /** A backup has the tables, and what is made of it has them in a folder of its own. */
  private void backs(String location, Storage store) throws IOException {
    Path backup = other.resolve("b.zip");
    try (Platform platform = open()) {
      platform.backup().into(new Backups(backup));
    }
    String database = Servers.newDatabase();
    Path restored = other.resolve("restored");
    LabFixture.restore(
        backup, Optional.empty(), restored, Map.of("ECLUSE_DATABASE_URL", Servers.url(database)));
    List<String> before = store.files("tables").stream().map(f -> f.name()).toList();
    LabFixture.assertRefused(
        ErrorCode.CONFLICT,
        "The warehouse location %s/tables/dev is another project's".formatted(location),
        () -> open(restored, database).close());
    Path settings = restored.resolve("ecluse.yaml");
    Files.writeString(settings, "name: shop\n");
    try (Platform platform = open(restored, database)) {
      assertThat(seen(platform, ReadView.PUBLISHED)).isEqualTo(states(19980, 10));
      LabFixture.publish(platform, "own", 99);
      assertThat(LabFixture.rows(platform)).isEqualTo("99");
    }
    assertThat(store.files("tables").stream().map(f -> f.name()).toList()).isEqualTo(before);
  }

  /** File after file, of which nothing stays. */
  private void readsMoreThanTheCopiesMayTake(String location, String access) throws IOException {
    Folders.delete(folder.resolve(".ecluse/stored"));
    project(location, access, "cache: 2KB");
    try (Platform platform = open()) {
      assertThat(DemoFixture.rows(platform, "select count(*), max(note) > '' from shop.orders"))
          .containsExactly(List.of("19990", "true"));
      assertThat(seen(platform, ReadView.PUBLISHED)).isEqualTo(states(19980, 10));
      assertThat(LabFixture.rows(platform)).isEqualTo("15");
    }
    assertThat(leased()).isEmpty();
    try (Stream<Path> kept = Files.list(folder.resolve(".ecluse/stored/dev/tables/copies/kept"))) {
      assertThat(kept.mapToLong(f -> f.toFile().length()).sum()).isLessThan(100_000);
    }
  }

  private List<Path> leased() throws IOException {
    try (Stream<Path> files =
        Files.walk(folder.resolve(".ecluse/stored/dev/tables/copies/leased"))) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  @Test
  void onS3() throws IOException {
    String location = "s3://" + S3Server.shared().newBucket() + "/school";
    String access =
        "s3: { endpoint: %s, access_key: \"${secret:s3_key}\", secret_key: \"${secret:s3_word}\" }"
            .formatted(S3Server.shared().endpoint());
    try (Storage store = Storages.open(location, S3Server.shared()::settings)) {
      flows(location, access, store);
    }
  }

  @Test
  void onS3ThatIsTooBusyAndCutsConnections() throws IOException {
    String location = "s3://" + S3Server.shared().newBucket() + "/school";
    try (CuttingProxy cable = new CuttingProxy(S3Server.shared().port());
        BusyDoor door = new BusyDoor(cable.port(), 3)) {
      project(
          location,
          "s3: { endpoint: \"http://127.0.0.1:%d\", access_key: \"${secret:s3_key}\", secret_key: \"${secret:s3_word}\" }"
              .formatted(door.port()),
          "");
      try (Platform platform = open()) {
        LabFixture.publish(platform, "r1", 1_000);
        CompletableFuture<Void> sending = cable.cutSendingAfter(3_000);
        door.refuse(3);
        LabFixture.publish(platform, "r2", 200_000);
        assertThat(sending).isDone();
        assertThat(door.refusals()).isLessThan(3);
        Folders.delete(folder.resolve(".ecluse/stored/dev/tables/copies/kept"));
        CompletableFuture<Void> receiving = cable.cutAfter(100_000);
        door.refuse(3);
        assertThat(LabFixture.rows(platform)).isEqualTo("200000");
        assertThat(receiving).isDone();
        platform.warehouse().rollBack("r2");
        assertThat(LabFixture.rows(platform)).isEqualTo("1000");
      }
    }
  }

  @Test
  void onHdfs() throws IOException {
    String location = HdfsServer.shared().newLocation();
    try (Storage store = Storages.open(location, () -> StorageSettings.NONE)) {
      flows(location, "hdfs: { user: " + System.getProperty("user.name") + " }", store);
    }
  }
}
