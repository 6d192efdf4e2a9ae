package io.ecluse.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.Servers;
import io.ecluse.disk.Disk;
import io.ecluse.duckdb.DuckDbEngine;
import io.ecluse.engine.Cancellation;
import io.ecluse.engine.EngineSettings;
import io.ecluse.engine.Rows;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.metadata.Metadata;
import io.ecluse.schema.Column;
import io.ecluse.schema.DataType;
import io.ecluse.schema.Effect;
import io.ecluse.schema.TableName;
import io.ecluse.storage.LocalCopies;
import io.ecluse.storage.Places;
import io.ecluse.storage.SlowStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A store that takes its time lets nobody wait but who needs it. */
@Timeout(60)
class SlowStoreTest {
  private static final TableName SLOW = new TableName("lab", "slow");
  private static final TableName OTHER = new TableName("lab", "other");

  @TempDir Path folder;
  private final List<AutoCloseable> opened = new ArrayList<>();
  private final Semaphore arrived = new Semaphore(0);
  private final Semaphore gate = new Semaphore(0);
  private Metadata metadata;
  private Site slow;
  private Site other;

  /** What a process has, on one store with others. */
  private record Site(SlowStore store, Warehouse warehouse, DuckDbEngine engine) {}

  @BeforeEach
  void open() {
    metadata = Servers.newMetadata();
    opened.add(metadata);
    slow = site("slow", 1L << 30);
    other = site("other", 1L << 30);
    publish(slow, "first", SLOW, 1);
    publish(other, "second", OTHER, 1);
  }

  private Site site(String name, long cache) {
    SlowStore store = new SlowStore(folder.resolve("store"));
    Path copies = folder.resolve(name).resolve("copies");
    Warehouse warehouse =
        new Warehouse(
            metadata.jdbi(),
            "test",
            new Places(
                store,
                folder.resolve(name).resolve("work"),
                new LocalCopies(copies, cache, Clock.systemUTC())),
            new Disk());
    DuckDbEngine engine =
        new DuckDbEngine(
            new EngineSettings(
                128L << 20, 2, folder.resolve(name).resolve("spill"), 8L << 20, List.of(copies)),
            warehouse);
    opened.add(warehouse);
    opened.add(engine);
    return new Site(store, warehouse, engine);
  }

  @AfterEach
  void close() throws Exception {
    for (int i = opened.size() - 1; i >= 0; i--) {
      opened.get(i).close();
    }
  }

  private static void write(Site process, String run, TableName table, int rows) {
    try (StagedTable staged =
        process.warehouse.stage(run, table, List.of(new Column("n", DataType.BIGINT)))) {
      process.engine.write(
          staged,
          "select range as n from range(" + rows + ")",
          ReadView.PUBLISHED,
          new Cancellation());
    }
  }

  private static void publish(Site process, String run, TableName table, int rows) {
    write(process, run, table, rows);
    process.warehouse.publish(run);
  }

  private static long rows(Site process, TableName table) {
    return process.warehouse.snapshot(table, ReadView.PUBLISHED).orElseThrow().rows();
  }

  private static long read(Site process, TableName table) {
    Rows rows = new Rows();
    process.engine.run(
        "select count(*) from " + table, ReadView.PUBLISHED, new Cancellation(), rows);
    return ((Number) rows.all().get(0)[0]).longValue();
  }

  /** Begins what has to send something, and returns when the store has been asked to take it. */
  private CompletableFuture<Publication> waiting(Supplier<Publication> work) {
    slow.store.beforeUpload(SlowStore.gate(arrived, gate));
    CompletableFuture<Publication> begun = CompletableFuture.supplyAsync(work);
    arrived.acquireUninterruptibly();
    return begun;
  }

  private void letThrough(CompletableFuture<Publication> begun) {
    slow.store.beforeUpload(name -> {});
    gate.release(100);
    begun.join();
  }

  @Test
  void aPublicationThatWaitsForTheStoreHoldsNobodyUp() {
    write(slow, "r1", SLOW, 10);
    CompletableFuture<Publication> waits = waiting(() -> slow.warehouse.publish("r1"));

    publish(other, "r2", OTHER, 20);
    assertThat(rows(other, OTHER)).isEqualTo(20);
    assertThat(read(other, SLOW)).isEqualTo(1);
    assertThat(waits).isNotDone();

    letThrough(waits);
    assertThat(read(other, SLOW)).isEqualTo(10);
  }

  @Test
  void aRollbackThatWaitsForTheStoreHoldsNobodyUp() {
    publish(slow, "r1", SLOW, 10);
    CompletableFuture<Publication> waits = waiting(() -> slow.warehouse.rollBack("r1"));

    publish(other, "r2", OTHER, 20);
    assertThat(rows(other, OTHER)).isEqualTo(20);
    assertThat(read(other, SLOW)).isEqualTo(10);
    assertThat(waits).isNotDone();

    letThrough(waits);
    assertThat(read(other, SLOW)).isEqualTo(1);
  }

  @Test
  void aPublicationOverForgottenStatesHoldsNobodyUp() {
    for (int i = 2; i < 9; i++) {
      publish(slow, "s" + i, SLOW, i);
    }
    write(slow, "r1", SLOW, 100);
    forget(other);
    CompletableFuture<Publication> waits = waiting(() -> slow.warehouse.publish("r1"));

    publish(other, "r2", OTHER, 20);
    assertThat(waits).isNotDone();

    letThrough(waits);
    assertThat(read(other, SLOW)).isEqualTo(100);
    assertThat(other.warehouse.history(SLOW)).hasSize(Retention.LEAST_STATES + 1);
  }

  private static Reclaimed forget(Site process) {
    Instant states = Instant.now().plus(Duration.ofDays(2));
    Instant files = Instant.now().minus(Duration.ofDays(2));
    return process.warehouse.reclaim(
        new Retention(states, files, Set.of(), Set.of(), Effect.REMOVE));
  }

  @Test
  void whatIsPublishedWhileMetadataAreSentIsSeenByWhoSentThem() {
    write(slow, "r1", SLOW, 10);
    CompletableFuture<Publication> waits = waiting(() -> slow.warehouse.publish("r1"));
    publish(other, "fast", SLOW, 20);

    assertThatThrownBy(() -> letThrough(waits))
        .rootCause()
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.COMMIT_CONFLICT);
    assertThat(read(other, SLOW)).isEqualTo(20);
  }

  @Test
  void statesThatAreForgottenWhileMetadataAreSentAreNotToldByThem() {
    for (int i = 2; i < 9; i++) {
      publish(slow, "s" + i, SLOW, i);
    }
    write(slow, "r1", SLOW, 100);
    CompletableFuture<Publication> waits = waiting(() -> slow.warehouse.publish("r1"));
    assertThat(forget(other).snapshots()).isPositive();

    letThrough(waits);

    assertThat(read(other, SLOW)).isEqualTo(100);
    assertThat(other.warehouse.history(SLOW)).hasSize(Retention.LEAST_STATES + 1);
  }

  @Test
  void aReaderWhoWaitsForTheStoreHoldsNobodyUp() {
    publish(slow, "r1", SLOW, 10);
    Site reader = site("reader", 1L << 30);
    reader.store.beforeRead(SlowStore.gate(arrived, gate));
    CompletableFuture<Long> waits = CompletableFuture.supplyAsync(() -> read(reader, SLOW));
    arrived.acquireUninterruptibly();

    publish(other, "r2", OTHER, 20);
    other.warehouse.rollBack("r2");
    assertThat(waits).isNotDone();

    gate.release(100);
    assertThat(waits.join()).isEqualTo(10);
  }

  @Test
  void nothingRefersToWhatCouldNotBeSent() throws IOException {
    write(slow, "r1", SLOW, 10);
    slow.store.beforeUpload(
        name -> {
          throw new EcluseException(ErrorCode.STORAGE_UNREACHABLE, "It is away");
        });

    assertThatThrownBy(() -> slow.warehouse.publish("r1")).hasMessageContaining("It is away");
    assertThatThrownBy(() -> write(slow, "r2", SLOW, 20)).hasMessageContaining("It is away");
    assertThat(read(other, SLOW)).isEqualTo(1);
    assertThat(other.warehouse.staged("r2")).isEmpty();
    assertThat(leased("slow")).isEmpty();

    slow.store.beforeUpload(name -> {});
    slow.warehouse.publish("r1");
    assertThat(read(other, SLOW)).isEqualTo(10);
  }

  private List<Path> leased(String process) throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve(process).resolve("copies/leased"))) {
      return files
          .filter(Files::isRegularFile)
          .filter(f -> !f.toString().endsWith(".lock"))
          .toList();
    }
  }

  @Test
  void aFolderThatWasCopiedToAStoreIsReadAndWrittenThere() throws IOException {
    Home home = new Home(folder.toString(), Home.Kind.PRIVATE);
    Path place = folder.resolve("local");
    try (Warehouse local = new Warehouse(metadata.jdbi(), "moved", place, new Disk());
        DuckDbEngine engine = engine("local", local, place)) {
      local.settle(home);
      Site site = new Site(slow.store, local, engine);
      publish(site, "l1", SLOW, 10);
      publish(site, "l2", SLOW, 20);
    }
    Files.move(place, folder.resolve("moved"));

    Places places =
        new Places(
            new SlowStore(folder.resolve("moved")),
            folder.resolve("work"),
            new LocalCopies(folder.resolve("moved-copies"), 1L << 30, Clock.systemUTC()));
    try (Warehouse there = new Warehouse(metadata.jdbi(), "moved", places, new Disk());
        DuckDbEngine engine = engine("there", there, folder.resolve("moved-copies"))) {
      there.settle(home);
      Site site = new Site(slow.store, there, engine);
      assertThat(read(site, SLOW)).isEqualTo(20);
      there.rollBack("l2");
      assertThat(read(site, SLOW)).isEqualTo(10);
      publish(site, "l3", SLOW, 30);
      forget(site);
      assertThat(read(site, SLOW)).isEqualTo(30);
      assertThat(there.history(SLOW)).extracting(TableVersion::rows).containsExactly(30L, 10L);
    }
  }

  private DuckDbEngine engine(String name, Warehouse warehouse, Path data) {
    return new DuckDbEngine(
        new EngineSettings(128L << 20, 2, folder.resolve(name + "-spill"), 8L << 20, List.of(data)),
        warehouse);
  }

  @Test
  void manyReadersFetchAFileOnce() {
    publish(slow, "r1", SLOW, 10);
    Site reader = site("reader", 1L << 30);
    AtomicInteger fetched = new AtomicInteger();
    reader.store.beforeRead(
        name -> {
          if (name.endsWith(".parquet")) {
            fetched.incrementAndGet();
          }
        });

    List<CompletableFuture<Long>> all =
        Stream.generate(() -> CompletableFuture.supplyAsync(() -> read(reader, SLOW)))
            .limit(8)
            .toList();

    assertThat(all).allMatch(each -> each.join() == 10);
    assertThat(fetched).hasValue(1);
  }

  @Test
  void aCopyThatTheDiskHasLostIsFetchedAgain() throws IOException {
    publish(slow, "r1", SLOW, 10);
    assertThat(read(slow, SLOW)).isEqualTo(10);
    try (Stream<Path> kept = Files.list(folder.resolve("slow/copies/kept"))) {
      for (Path file : kept.toList()) {
        if (Files.readString(file, StandardCharsets.ISO_8859_1).startsWith("PAR1")) {
          Files.write(file, new byte[3]); // as after a power loss
        }
      }
    }

    assertThat(read(slow, SLOW)).isEqualTo(10);
  }

  @Test
  void copiesStayWithinTheirBoundAndThoseThatAreReadStay() throws IOException {
    publish(slow, "r1", SLOW, 100_000);
    publish(slow, "r2", OTHER, 100_000);
    long size = slow.warehouse.snapshot(SLOW, ReadView.PUBLISHED).orElseThrow().bytes();
    Site reader = site("reader", size + size / 2);

    try (TableFiles files = reader.warehouse.files(() -> false)) {
      TableSnapshot held =
          files.here(reader.warehouse.snapshot(SLOW, ReadView.PUBLISHED).orElseThrow());
      assertThat(read(reader, OTHER)).isEqualTo(100_000);
      assertThat(held.paths()).allMatch(path -> Files.exists(Path.of(path)));
      assertThatThrownBy(
              () -> files.here(reader.warehouse.snapshot(OTHER, ReadView.PUBLISHED).orElseThrow()))
          .extracting(e -> ((EcluseException) e).code())
          .isEqualTo(ErrorCode.CACHE_TOO_SMALL);
    }
    try (Stream<Path> kept = Files.list(folder.resolve("reader/copies/kept"))) {
      assertThat(kept.mapToLong(f -> f.toFile().length()).sum())
          .isLessThanOrEqualTo((size + size / 2) * 51 / 50);
    }
    assertThat(leased("reader")).isEmpty();
  }
}
