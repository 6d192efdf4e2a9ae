package io.ecluse.staging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.Servers;
import io.ecluse.disk.Disk;
import io.ecluse.disk.Folders;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.metadata.Metadata;
import io.ecluse.schema.Column;
import io.ecluse.schema.DataType;
import io.ecluse.schema.Effect;
import io.ecluse.storage.LocalCopies;
import io.ecluse.storage.Owner;
import io.ecluse.storage.Places;
import io.ecluse.storage.Relocation;
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
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Batches that are taken from one place to another while processes read and make them. */
@Timeout(60)
class MovedBatchesTest {
  private static final Instant DAY_1 = Instant.parse("2026-01-01T03:00:00Z");
  private static final Instant FAR = Instant.parse("2100-01-01T00:00:00Z");
  private static final Relocation.Asked QUIETLY = new Relocation.Asked(p -> {}, () -> false);
  private static final Relocation.Held ALONE =
      new Relocation.Held() {
        @Override
        public <T> T during(Duration patience, Supplier<T> work) {
          return work.get();
        }
      };

  @TempDir Path folder;
  private final List<AutoCloseable> opened = new ArrayList<>();
  private final Map<String, SlowStore> stores = new ConcurrentHashMap<>();
  private final Semaphore arrived = new Semaphore(0);
  private final Semaphore gate = new Semaphore(0);
  private Metadata metadata;
  private StagingArea mover;
  private StagingArea server;

  @BeforeEach
  void open() throws IOException {
    metadata = Servers.newMetadata();
    opened.add(metadata);
    mover = process("mover", "slow://a", "us");
    server = process("server", "slow://a", "us");
    for (int day = 1; day < 4; day++) {
      commit(server, day);
    }
  }

  private StagingArea process(String name, String said, String project) {
    StagingArea staging =
        new StagingArea(
            places(name, said),
            PartFormat.PARQUET,
            new BatchMoves(metadata.jdbi(), project),
            to -> places(name, to));
    staging.ownedBy(new Owner(Owner.Kind.STAGING, project, "/nowhere/" + project));
    opened.add(staging);
    return staging;
  }

  private Places places(String process, String location) {
    Path own = folder.resolve(process);
    if (location.startsWith("/")) {
      return Places.of(Path.of(location), new Disk());
    }
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

  private static Part part(StagingArea staging, int day, int number) throws IOException {
    Path file =
        staging
            .begin("erp", "students", "run" + day + ".1")
            .resolve(staging.format().file("part", number));
    return staging.seal(Files.writeString(file, "rows of " + day + " " + number), 10);
  }

  private static BatchManifest manifest(int day, Part... parts) {
    Instant ended = DAY_1.plus(Duration.ofDays(day - 1));
    return new BatchManifest(
        "erp",
        "students",
        "run" + day + ".1",
        "run" + day,
        "0/" + day,
        List.of(new StagedColumn(new Column("id", DataType.INTEGER), "integer")),
        List.of(parts),
        ended,
        ended,
        "test",
        List.of(),
        Rejected.NONE,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static void commit(StagingArea staging, int day) throws IOException {
    staging.commit(manifest(day, part(staging, day, 0), part(staging, day, 1)));
  }

  /** All rows of all batches, as this process reads them. */
  private static List<String> read(StagingArea staging) throws IOException {
    List<String> rows = new ArrayList<>();
    try (Reading reading = staging.reading()) {
      for (BatchManifest batch : staging.list("erp", "students")) {
        for (Path file : reading.parts(batch)) {
          rows.add(Files.readString(file));
        }
      }
    }
    return rows;
  }

  private static List<String> rows(int... days) {
    List<String> rows = new ArrayList<>();
    for (int day : days) {
      rows.add("rows of " + day + " 0");
      rows.add("rows of " + day + " 1");
    }
    return rows;
  }

  private Relocation.Report move(String to) {
    return mover.relocation(ALONE).move(to, QUIETLY);
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

  @Test
  void takesAllAlongWithWhatBecomesWholeMeanwhile() throws IOException {
    Part before = part(server, 4, 0);
    CompletableFuture<Relocation.Report> moving = moving("slow://b");
    commit(server, 5);
    assertThat(read(server)).isEqualTo(rows(5, 3, 2, 1));

    Relocation.Report report = letThrough(moving);

    assertThat(report)
        .isEqualTo(new Relocation.Report("slow://a", "slow://b", 12, report.bytes(), 12));
    for (StagingArea each : List.of(server, mover, process("new", "slow://b", "us"))) {
      assertThat(each.location()).isEqualTo("slow://b");
      assertThat(read(each)).isEqualTo(rows(5, 3, 2, 1));
    }
    server.commit(manifest(4, before, part(server, 4, 1))); // begun where they were
    assertThat(read(mover)).isEqualTo(rows(5, 4, 3, 2, 1));
    assertThat(store("slow://a").find("erp/students/run4.1/manifest.json")).isEmpty();
    assertThat(folder.resolve("server/work/erp/students")).isEmptyDirectory();
  }

  /** Between its last look and the manifest, nobody can take the batches away. */
  @Test
  void aBatchThatIsBeingCommittedIsWaitedFor() throws Exception {
    BatchManifest late = manifest(4, part(server, 4, 0), part(server, 4, 1));
    BatchMoves moves = new BatchMoves(metadata.jdbi(), "us");
    List<CompletableFuture<Relocation.Report>> moving = new ArrayList<>();
    moves.whileHere(
        "slow://a",
        () -> {
          moving.add(CompletableFuture.supplyAsync(() -> move("slow://b")));
          awaitWaiter();
          assertThat(moving.get(0)).isNotDone();
        });
    moving.get(0).join();
    server.commit(late);
    assertThat(read(mover)).isEqualTo(rows(4, 3, 2, 1));
  }

  private void awaitWaiter() {
    String waiters =
        "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database WHERE d.datname = current_database() AND locktype = 'advisory' AND NOT granted";
    while (metadata.jdbi().withHandle(h -> h.createQuery(waiters).mapTo(Long.class).one()) == 0) {
      Thread.onSpinWait();
    }
  }

  @Test
  void goesOnWhereItWasCutOff() throws IOException {
    AtomicInteger sent = new AtomicInteger();
    store("slow://b")
        .beforeUpload(
            name -> {
              if (sent.incrementAndGet() > 4) {
                throw new EcluseException(ErrorCode.STORAGE_UNREACHABLE, "It is away");
              }
            });
    assertRefused(ErrorCode.STORAGE_UNREACHABLE, "It is away", () -> move("slow://b"));
    assertThat(server.location()).isEqualTo("slow://a");
    assertThat(store("slow://b").files("erp"))
        .hasSize(4)
        .noneMatch(f -> f.name().endsWith("manifest.json"));
    commit(server, 4);
    store("slow://b").beforeUpload(name -> {});
    Path torn = folder.resolve("stores/b").resolve(store("slow://b").files("erp").get(0).name());
    Files.write(torn, new byte[(int) Files.size(torn)]);

    Relocation.Report report = move("slow://b");

    assertThat(report.copied()).isEqualTo(report.files() - 3);
    assertThat(read(server)).isEqualTo(rows(4, 3, 2, 1));
    assertThat(move("slow://b")).isEqualTo(new Relocation.Report("slow://b", "slow://b", 0, 0, 0));
  }

  @Test
  void takesBatchesToAFolderAndBackWhileTheyAreMade() throws IOException {
    Path place = folder.resolve("here");
    BatchManifest first = server.newest("erp", "students").orElseThrow();
    Part elsewhere = part(server, 4, 0);
    move(place.toString());
    Path begun = server.begin("erp", "students", "run5.1");
    assertThat(begun).startsWith(place);
    Part local = part(server, 4, 1);
    server.commit(manifest(4, elsewhere, local));
    Part linked = server.link(first, first.parts().get(0), begun, 0);
    assertThat(Files.readString(begun.resolve(linked.file()))).isEqualTo("rows of 3 0");

    move("slow://a");

    assertThat(server.begin("erp", "students", "run5.1")).isEqualTo(begun);
    Part again = server.link(first, first.parts().get(1), begun, 1);
    server.commit(manifest(5, linked, again));
    assertThat(server.location()).isEqualTo("slow://a");
    assertThat(read(mover).subList(0, 2)).containsExactly("rows of 3 0", "rows of 3 1");
    assertThat(read(mover).subList(2, 10)).isEqualTo(rows(4, 3, 2, 1));
  }

  @Test
  void whoSaysThePlaceOfBeforeIsLedToThatOfNow() throws IOException {
    move("slow://b");
    move("slow://c");
    StagingArea late = process("late", "slow://a", "us");
    assertThat(late.location()).isEqualTo("slow://c");
    commit(late, 4);
    assertThat(read(server)).isEqualTo(rows(4, 3, 2, 1));
    assertThat(new BatchMoves(metadata.jdbi(), "us").now("slow://a")).isEqualTo("slow://c");
    assertThat(new BatchMoves(metadata.jdbi(), "us").now("slow://z")).isEqualTo("slow://z");
  }

  @Test
  void refusesWhatIsNotForTheseBatches() throws IOException {
    commit(process("another", "slow://c", "them"), 1);
    assertRefused(ErrorCode.CONFLICT, "is another project's", () -> move("slow://c"));
    store("slow://d").write("letters.txt", "Dear".getBytes(StandardCharsets.UTF_8));
    assertRefused(ErrorCode.CONFLICT, "is not empty", () -> move("slow://d"));
    assertRefused(ErrorCode.INVALID_USAGE, "within the other", () -> move("slow://a/below"));
    store("slow://e").room(10);
    assertRefused(ErrorCode.DISK_FULL, "room for 10 B", () -> move("slow://e"));
    assertRefused(
        ErrorCode.CANCELLED,
        "the same command goes on",
        () -> mover.relocation(ALONE).move("slow://f", new Relocation.Asked(p -> {}, () -> true)));
    assertThat(server.location()).isEqualTo("slow://a");
    assertThat(read(server)).isEqualTo(rows(3, 2, 1));
  }

  @Test
  void takesNoBatchAlongThatIsNotWhatItsManifestSays() throws IOException {
    Path part = folder.resolve("stores/a/erp/students/run2.1/part-00001.parquet");
    byte[] good = Files.readAllBytes(part);
    Files.write(part, new byte[good.length]);
    assertRefused(ErrorCode.DATA_CORRUPT, "run2.1/part-00001.parquet", () -> move("slow://b"));
    Files.delete(part);
    assertRefused(ErrorCode.DATA_CORRUPT, "part-00001.parquet is missing", () -> move("slow://b"));
    assertThat(server.location()).isEqualTo("slow://a");
    Files.write(part, good);
    move("slow://b");
    assertThat(read(server)).isEqualTo(rows(3, 2, 1));
  }

  @Test
  void expiresWhereTheBatchesAreAndNowhereElse() throws IOException {
    move("slow://b");
    BatchExpiry all = new BatchExpiry(FAR, FAR, Set.of(), Set.of(), Effect.REMOVE);
    assertThat(server.expire(all).batches()).isEqualTo(2);
    assertThat(read(mover)).isEqualTo(rows(3));
    assertThat(store("slow://a").files("erp")).hasSize(9);
  }

  @Test
  void deletesWhatIsLeftOnceNobodyCanReadIt() throws IOException {
    move("slow://b");
    store("slow://a").write("letters.txt", "Dear".getBytes(StandardCharsets.UTF_8));
    Duration queries = Duration.ofMinutes(10);
    Relocation<?> relocation = mover.relocation(ALONE);
    Clock now = Clock.systemUTC();
    Clock later = Clock.offset(now, Duration.ofMinutes(11));
    assertRefused(
        ErrorCode.CONFLICT,
        "may read there until",
        () -> relocation.removeLeft(new Relocation.Readers(queries, List.of()), now));
    assertRefused(
        ErrorCode.CONFLICT,
        "Runs go on that began when all was in slow://a",
        () -> relocation.removeLeft(new Relocation.Readers(queries, List.of(DAY_1)), later));

    List<Relocation.Removed> gone =
        relocation.removeLeft(new Relocation.Readers(queries, List.of(Instant.MAX)), later);

    assertThat(gone).extracting(Relocation.Removed::location).containsExactly("slow://a");
    assertThat(gone.get(0).files()).isEqualTo(9);
    assertThat(store("slow://a").files(""))
        .extracting(f -> f.name())
        .containsExactly("letters.txt");
    assertThat(read(server)).isEqualTo(rows(3, 2, 1));
    Folders.delete(folder.resolve("stores/a"));
    assertThat(read(process("late", "slow://a", "us"))).isEqualTo(rows(3, 2, 1));
  }
}
