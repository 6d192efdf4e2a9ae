package io.ecluse.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.Servers;
import io.ecluse.disk.Disk;
import io.ecluse.disk.Folders;
import io.ecluse.duckdb.DuckDbEngine;
import io.ecluse.engine.Cancellation;
import io.ecluse.engine.EngineSettings;
import io.ecluse.engine.Rows;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.metadata.Metadata;
import io.ecluse.schema.Column;
import io.ecluse.schema.DataType;
import io.ecluse.schema.TableName;
import io.ecluse.storage.LocalCopies;
import io.ecluse.storage.Places;
import io.ecluse.storage.Relocation;
import io.ecluse.storage.SlowStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tables that are taken from one store to another while processes read and write them. */
@Timeout(60)
class RelocationTest {
  private static final TableName NUMBERS = new TableName("lab", "numbers");
  private static final TableName OTHERS = new TableName("lab", "others");
  private static final Relocation.Readers READERS =
      new Relocation.Readers(Duration.ofMinutes(10), List.of());
  private static final Relocation.Asked QUIETLY = new Relocation.Asked(p -> {}, () -> false);

  @TempDir Path folder;
  private final List<AutoCloseable> opened = new ArrayList<>();
  private final Map<String, SlowStore> stores = new ConcurrentHashMap<>();
  private final Semaphore arrived = new Semaphore(0);
  private final Semaphore gate = new Semaphore(0);
  private Metadata metadata;
  private Process mover;
  private Process server;

  /** What a process has. */
  private record Process(Warehouse warehouse, DuckDbEngine engine) {
    StagedTable stage(String run, TableName table) {
      return warehouse.stage(run, table, List.of(new Column("n", DataType.BIGINT)));
    }

    void fill(StagedTable staged, int rows) {
      engine.write(
          staged,
          "select range as n from range(" + rows + ")",
          ReadView.PUBLISHED,
          new Cancellation());
    }

    void write(String run, TableName table, int rows) {
      try (StagedTable staged = stage(run, table)) {
        fill(staged, rows);
      }
    }

    void publish(String run, TableName table, int rows) {
      write(run, table, rows);
      warehouse.publish(run);
    }

    long read(TableName table) {
      Rows rows = new Rows();
      engine.run("select count(*) from " + table, ReadView.PUBLISHED, new Cancellation(), rows);
      return ((Number) rows.all().get(0)[0]).longValue();
    }
  }

  @BeforeEach
  void open() {
    metadata = Servers.newMetadata();
    opened.add(metadata);
    mover = process("mover", "slow://a", "test");
    server = process("server", "slow://a", "test");
    for (int i = 1; i < 4; i++) {
      server.publish("r" + i, NUMBERS, i);
    }
    server.publish("s1", OTHERS, 7);
  }

  private Process process(String name, String said, String environment) {
    Path copies = folder.resolve(name).resolve("copies");
    Warehouse warehouse =
        new Warehouse(
            metadata.jdbi(),
            environment,
            places(name, said),
            new Disk(),
            to -> Optional.of(places(name, to)));
    DuckDbEngine engine =
        new DuckDbEngine(
            new EngineSettings(
                128L << 20, 2, folder.resolve(name).resolve("spill"), 8L << 20, List.of(copies)),
            warehouse);
    opened.add(warehouse);
    opened.add(engine);
    warehouse.settle(new Home(folder.toString(), Home.Kind.PRIVATE));
    return new Process(warehouse, engine);
  }

  private Places places(String process, String location) {
    if (location.startsWith("/")) {
      return Places.of(Path.of(location), new Disk());
    }
    Path own = folder.resolve(process);
    return new Places(
        store(location),
        own.resolve("work"),
        new LocalCopies(own.resolve("copies"), 1L << 30, Clock.systemUTC()));
  }

  private SlowStore store(String location) {
    String name = location.replace("slow://", "");
    return stores.computeIfAbsent(
        location, l -> new SlowStore(folder.resolve("stores").resolve(name), name));
  }

  @AfterEach
  void close() throws Exception {
    for (int i = opened.size() - 1; i >= 0; i--) {
      opened.get(i).close();
    }
  }

  private Relocation.Report move(String to) {
    return mover.warehouse.relocation().move(to, QUIETLY);
  }

  /** Begins to move, and returns when the first file is about to be sent. */
  private CompletableFuture<Relocation.Report> moving(String to) {
    store(to).beforeUpload(SlowStore.gate(arrived, gate));
    CompletableFuture<Relocation.Report> begun = CompletableFuture.supplyAsync(() -> move(to));
    arrived.acquireUninterruptibly();
    return begun;
  }

  private <T> T letThrough(CompletableFuture<T> begun) {
    stores.values().forEach(store -> store.beforeUpload(name -> {}));
    gate.release(1000);
    return begun.join();
  }

  private static void assertRefused(ErrorCode code, String words, ThrowingCallable work) {
    assertThatThrownBy(work)
        .hasMessageContaining(words)
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(code);
  }

  private static List<String> names(Path store) throws IOException {
    try (Stream<Path> files = Files.walk(store)) {
      return files
          .filter(Files::isRegularFile)
          .map(f -> store.relativize(f).toString())
          .sorted()
          .toList();
    }
  }

  @Test
  void takesAllAlongWithWhatIsWrittenMeanwhile() throws IOException {
    CompletableFuture<Relocation.Report> moving = moving("slow://b");
    server.publish("r4", NUMBERS, 40);
    server.warehouse.rollBack("s1");
    server.write("r5", OTHERS, 50);
    assertThat(server.read(NUMBERS)).isEqualTo(40);
    assertThat(moving).isNotDone();

    Relocation.Report report = letThrough(moving);

    assertThat(report.to()).isEqualTo("slow://b");
    assertThat(report.copied()).isEqualTo(report.files()).isPositive();
    List<String> left = names(folder.resolve("stores/a"));
    server.warehouse.publish("r5");
    server.publish("r6", NUMBERS, 60);
    assertThat(names(folder.resolve("stores/a"))).isEqualTo(left);
    Files.move(folder.resolve("stores/a"), folder.resolve("gone"));
    assertThat(server.warehouse.location()).isEqualTo("slow://b");
    for (Process each : List.of(server, mover, process("new", "slow://b", "test"))) {
      assertThat(each.read(NUMBERS)).isEqualTo(60);
      assertThat(each.read(OTHERS)).isEqualTo(50);
      assertThat(each.warehouse.history(NUMBERS))
          .extracting(TableVersion::rows)
          .containsExactly(60L, 40L, 3L, 2L, 1L);
    }
    server.warehouse.rollBack("r6");
    assertThat(mover.read(NUMBERS)).isEqualTo(40);
  }

  @Test
  void whatIsWrittenWhereTheTablesWereIsDropped() {
    try (StagedTable late = server.stage("r4", NUMBERS)) {
      move("slow://b");
      assertRefused(
          ErrorCode.WAREHOUSE_MOVED, "were taken to slow://b", () -> server.fill(late, 40));
    }
    assertThat(ErrorCode.WAREHOUSE_MOVED.retryable()).isTrue();
    server.publish("r4", NUMBERS, 40);
    assertThat(mover.read(NUMBERS)).isEqualTo(40);
  }

  @Test
  void aPublicationThatIsUnderWayEndsWhereTheTablesAre() {
    server.write("r4", NUMBERS, 40);
    store("slow://a").beforeUpload(SlowStore.gate(arrived, gate));
    CompletableFuture<Publication> publishing =
        CompletableFuture.supplyAsync(() -> server.warehouse.publish("r4"));
    arrived.acquireUninterruptibly();
    move("slow://b");

    letThrough(publishing);

    assertThat(mover.read(NUMBERS)).isEqualTo(40);
    assertThat(server.read(NUMBERS)).isEqualTo(40);
  }

  @Test
  void goesOnWhereItWasCutOff() {
    AtomicInteger sent = new AtomicInteger();
    store("slow://b")
        .beforeUpload(
            name -> {
              if (sent.incrementAndGet() > 5) {
                throw new EcluseException(ErrorCode.STORAGE_UNREACHABLE, "It is away");
              }
            });
    assertRefused(ErrorCode.STORAGE_UNREACHABLE, "It is away", () -> move("slow://b"));
    assertThat(server.warehouse.location()).isEqualTo("slow://a");
    server.publish("r4", NUMBERS, 40);
    store("slow://b").beforeUpload(name -> {});

    Relocation.Report report = move("slow://b");

    assertThat(report.copied()).isEqualTo(report.files() - 5);
    assertThat(server.read(NUMBERS)).isEqualTo(40);
    assertThat(move("slow://b")).isEqualTo(new Relocation.Report("slow://b", "slow://b", 0, 0, 0));
  }

  @Test
  void aCopyThatIsNotTheSameIsMadeAgain() throws IOException {
    AtomicInteger sent = new AtomicInteger();
    store("slow://b")
        .beforeUpload(
            name -> {
              if (sent.incrementAndGet() > 5) {
                throw new EcluseException(ErrorCode.STORAGE_UNREACHABLE, "It is away");
              }
            });
    assertThatThrownBy(() -> move("slow://b")).hasMessageContaining("It is away");
    Path copied = folder.resolve("stores/b");
    String torn = names(copied).stream().filter(n -> n.startsWith("lab")).findFirst().orElseThrow();
    Files.write(copied.resolve(torn), new byte[(int) Files.size(copied.resolve(torn))]);
    store("slow://b").beforeUpload(name -> {});

    Relocation.Report report = move("slow://b");

    assertThat(report.copied()).isEqualTo(report.files() - 4);
    assertThat(copied.resolve(torn))
        .hasSameBinaryContentAs(folder.resolve("stores/a").resolve(torn));
  }

  @Test
  void takesTablesToAFolderAndBack() {
    Path place = folder.resolve("here");
    move(place.toString());
    server.publish("r4", NUMBERS, 40);
    assertThat(place.resolve("lab")).isDirectory();
    assertThat(mover.read(NUMBERS)).isEqualTo(40);

    Relocation.Report back = move("slow://a");

    assertThat(back.copied()).isPositive().isLessThan(back.files());
    server.publish("r5", NUMBERS, 50);
    assertThat(mover.read(NUMBERS)).isEqualTo(50);
    assertThat(process("new", "slow://a", "test").read(OTHERS)).isEqualTo(7);
  }

  @Test
  void whoSaysThePlaceOfBeforeIsLedToThatOfNow() {
    move("slow://b");
    Process late = process("late", "slow://a", "test");
    assertThat(late.warehouse.location()).isEqualTo("slow://b");
    late.publish("r4", NUMBERS, 40);
    assertThat(server.read(NUMBERS)).isEqualTo(40);
  }

  @Test
  void refusesWhatIsNotForTheseTables() throws IOException {
    process("another", "slow://c", "other").publish("x", NUMBERS, 1);
    assertRefused(ErrorCode.CONFLICT, "is another project's", () -> move("slow://c"));
    Files.createDirectories(folder.resolve("stores/d"));
    Files.writeString(folder.resolve("stores/d/letters.txt"), "Dear");
    assertRefused(ErrorCode.WAREHOUSE_MISMATCH, "is not empty", () -> move("slow://d"));
    assertRefused(ErrorCode.INVALID_USAGE, "within the other", () -> move("slow://a/below"));
    store("slow://e").room(100);
    assertRefused(ErrorCode.DISK_FULL, "room for 100 B", () -> move("slow://e"));
    Path theirs = folder.resolve("theirs");
    process("local", theirs.toString(), "third").publish("x", NUMBERS, 1);
    assertRefused(
        ErrorCode.WAREHOUSE_MISMATCH, "of another project", () -> move(theirs.toString()));

    assertThat(server.warehouse.location()).isEqualTo("slow://a");
    assertThat(server.read(NUMBERS)).isEqualTo(3);
  }

  @Test
  void aMissingFileIsNotLeftBehind() throws IOException {
    Path store = folder.resolve("stores/a");
    String data =
        names(store).stream().filter(n -> n.endsWith(".parquet")).findFirst().orElseThrow();
    Files.delete(store.resolve(data));
    assertRefused(ErrorCode.DATA_CORRUPT, data, () -> move("slow://b"));
    assertThat(server.warehouse.location()).isEqualTo("slow://a");
  }

  @Test
  void deletesWhatIsLeftOnceNobodyCanReadIt() throws IOException {
    move("slow://b");
    Files.writeString(folder.resolve("stores/a/letters.txt"), "Dear");
    assertRefused(
        ErrorCode.CONFLICT,
        "may read there until",
        () -> mover.warehouse.relocation().removeLeft(READERS, Clock.systemUTC()));

    Clock later = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(11));
    List<Relocation.Removed> gone = mover.warehouse.relocation().removeLeft(READERS, later);

    assertThat(gone).hasSize(1);
    assertThat(gone.get(0).files()).isPositive();
    assertThat(names(folder.resolve("stores/a"))).containsExactly("letters.txt");
    assertThat(server.read(NUMBERS)).isEqualTo(3);
    Folders.delete(folder.resolve("stores/a"));
    assertThat(process("late", "slow://a", "test").read(NUMBERS)).isEqualTo(3);
  }

  @Test
  void stopsWhenNobodyWaitsAnyMore() {
    assertRefused(
        ErrorCode.CANCELLED,
        "the same command goes on",
        () ->
            mover
                .warehouse
                .relocation()
                .move("slow://b", new Relocation.Asked(p -> {}, () -> true)));
    assertThat(server.warehouse.location()).isEqualTo("slow://a");
  }
}
