package io.ecluse.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files on their way to a store and from there, that nobody waits for any more, or many want. */
@Timeout(60)
class TransfersTest {
  private static final S3Server SERVER = S3Server.shared();
  private static final int LARGE = 40 << 20;
  private static final long LITTLE = 3 << 20;

  @TempDir Path folder;
  private final String bucket = SERVER.newBucket();
  private final Transfers transfers = new Transfers();

  private Storage store(int port) {
    return Storages.open(
        "s3://" + bucket + "/x",
        () -> S3Server.settings("http://127.0.0.1:" + port, S3Server.KEY, S3Server.SECRET));
  }

  private Path large() throws IOException {
    byte[] content = new byte[LARGE];
    new Random(1).nextBytes(content);
    return Files.write(folder.resolve("large"), content);
  }

  private void isCutOff(StallingDoor door, Callable<?> work) {
    AtomicBoolean ended = new AtomicBoolean();
    CompletableFuture<?> going =
        CompletableFuture.runAsync(() -> transfers.all(List.of(work), ended::get));
    door.awaitStall();
    assertThat(going).isNotDone();
    ended.set(true);
    assertThatThrownBy(going::join)
        .rootCause()
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.CANCELLED);
  }

  @Test
  void whatIsSentIsCutOffInTheMiddleOfAFileAndTheStoreIsToldSo() throws IOException {
    Path file = large();
    try (StallingDoor door = new StallingDoor(SERVER.port(), LITTLE);
        Storage store = store(door.port())) {
      isCutOff(
          door,
          () -> {
            store.upload(file, "a");
            return true;
          });
      assertThat(store.find("a")).isEmpty();
      assertThat(door.aborts()).isPositive();
      store.sweep("", Instant.now().plusSeconds(60)); // what a store keeps of a part that was cut
    }
  }

  @Test
  void whatComesIsCutOffInTheMiddleOfAFileAndNothingStaysHere() throws IOException {
    Path file = large();
    try (Storage store = store(SERVER.port())) {
      store.upload(file, "a");
    }
    Path back = folder.resolve("back");
    try (StallingDoor door = new StallingDoor(SERVER.port(), LITTLE);
        Storage store = store(door.port())) {
      isCutOff(door, () -> store.download("a", back));
    }
    assertThat(back).doesNotExist();
  }

  @Test
  void fromHdfsToo() throws IOException {
    Path file = large();
    try (Storage store =
        Storages.open(HdfsServer.shared().newLocation(), () -> StorageSettings.NONE)) {
      store.upload(file, "a");
      Path back = folder.resolve("back");
      Thread reader =
          new Thread(
              () ->
                  assertThatThrownBy(
                          () -> {
                            while (true) {
                              store.download("a", back);
                              Files.deleteIfExists(back);
                            }
                          })
                      .extracting(e -> ((EcluseException) e).code())
                      .isEqualTo(ErrorCode.CANCELLED));
      AtomicBoolean fine = new AtomicBoolean(true);
      reader.setUncaughtExceptionHandler(
          (t, e) -> {
            e.printStackTrace();
            fine.set(false);
          });
      reader.start();
      while (!Files.exists(back)) {
        Thread.onSpinWait();
      }
      reader.interrupt();
      reader.join();
      assertThat(fine).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void partsOfALargeFileGoAndComeAtOnce() throws IOException {
    Path file = large();
    Path back = folder.resolve("back");
    try (StallingDoor door = new StallingDoor(SERVER.port(), Long.MAX_VALUE);
        Storage store = store(door.port())) {
      store.upload(file, "a");
      assertThat(door.most()).isGreaterThan(1);
      assertThat(store.download("a", back)).isTrue();
    }
    assertThat(back).hasSameBinaryContentAs(file);
  }

  @Test
  void rangesAreOfOneStateOfAnObject() throws IOException {
    byte[] content = new byte[LARGE];
    try (Storage store = store(SERVER.port())) {
      for (int size : List.of(0, 1, (int) S3Ranges.RANGE_BYTES, (int) S3Ranges.RANGE_BYTES + 1)) {
        Path some = Files.write(folder.resolve("some"), java.util.Arrays.copyOf(content, size));
        store.upload(some, "s" + size);
        Path back = folder.resolve("back" + size);
        assertThat(store.download("s" + size, back)).isTrue();
        assertThat(back).hasSize(size);
      }
      assertThat(store.download("nothing", folder.resolve("nothing"))).isFalse();
      assertThat(folder.resolve("nothing")).doesNotExist();
    }
  }

  @Test
  void aDiskThatIsFullIsNotTakenForTheStore() throws IOException {
    String hdfs = HdfsServer.shared().newLocation();
    try (Storage s3 = store(SERVER.port());
        Storage other = Storages.open(hdfs, () -> StorageSettings.NONE)) {
      for (Storage store : List.of(s3, other)) {
        store.write("a", new byte[100_000]);
        Path full = Files.createSymbolicLink(folder.resolve("full"), Path.of("/dev/full"));
        assertThatThrownBy(() -> store.download("a", full))
            .extracting(e -> ((EcluseException) e).code())
            .isEqualTo(ErrorCode.DISK_FULL);
        Files.deleteIfExists(full);
      }
    }
    assertThat(Path.of("/dev/full")).exists();
  }

  @Test
  void processesThatShareCopiesFetchAFileOnce() {
    AtomicInteger fetched = new AtomicInteger();
    Semaphore begun = new Semaphore(0);
    Semaphore gate = new Semaphore(0);
    LocalCopies.Fetch fetch =
        file -> {
          begun.release();
          gate.acquireUninterruptibly();
          fetched.incrementAndGet();
          try {
            Files.writeString(file, "content");
          } catch (IOException e) {
            throw new AssertionError(e);
          }
          return true;
        };
    List<LocalCopies> all =
        Stream.generate(() -> new LocalCopies(folder.resolve("copies"), 1000, Clock.systemUTC()))
            .limit(4)
            .toList();
    List<CompletableFuture<Boolean>> holding =
        all.stream()
            .map(
                copies ->
                    CompletableFuture.supplyAsync(
                        () -> copies.hold("key", fetch).isPresent(),
                        each -> new Thread(each).start()))
            .toList();
    begun.acquireUninterruptibly();
    gate.release(10);
    assertThat(holding).allMatch(CompletableFuture::join);
    assertThat(fetched).hasValue(1);
    all.forEach(LocalCopies::close);
  }
}
