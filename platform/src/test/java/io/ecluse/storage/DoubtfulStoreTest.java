package io.ecluse.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.storage.DoubtfulDoor.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A store of which nobody knows whether it has done what it was asked for. */
@Timeout(120)
class DoubtfulStoreTest {
  private static final S3Server SERVER = S3Server.shared();
  private static final int LARGE = (int) S3Multipart.PART_BYTES + 100;

  @TempDir Path folder;
  private final String bucket = SERVER.newBucket();

  private Storage through(DoubtfulDoor door) {
    return Storages.open(
        "s3://" + bucket + "/lake",
        () -> S3Server.settings("http://127.0.0.1:" + door.port(), S3Server.KEY, S3Server.SECRET));
  }

  private static Function<String, Fault> first(int times, String what, Fault fault) {
    AtomicInteger left = new AtomicInteger(times);
    return asked ->
        asked.matches(what) && left.getAndUpdate(n -> Math.max(0, n - 1)) > 0 ? fault : Fault.NONE;
  }

  /** All that a storage does, with what must come of it. */
  private void works(Storage storage) throws IOException {
    byte[] bytes = new byte[LARGE];
    new Random(7).nextBytes(bytes);
    Path file = Files.write(folder.resolve("large"), bytes);
    Path back = folder.resolve("back");

    storage.upload(file, "a/large");
    storage.write("a/small", new byte[] {1, 2});
    assertThat(storage.copy("a/small", "a/copy")).isTrue();
    assertThat(storage.download("a/large", back)).isTrue();
    assertThat(back).hasSameBinaryContentAs(file);
    assertThat(storage.read("a/copy").orElseThrow()).containsExactly(1, 2);
    assertThat(storage.files("a"))
        .extracting(StoredFile::name)
        .containsExactly("a/copy", "a/large", "a/small");
    storage.delete(List.of("a/small", "a/large"));
    assertThat(storage.find("a/large")).isEmpty();
    assertThat(storage.read("a/small")).isEmpty();
    storage.sweep("a", Instant.now().plusSeconds(60));
    assertThat(SERVER.unfinished(bucket)).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "PUT .*/small, ANSWER_LOST",
    "PUT .*/small, TWICE",
    "POST .*uploads.*, ANSWER_LOST",
    "POST .*uploads.*, TWICE",
    "PUT .*partNumber=2.*, ANSWER_LOST",
    "PUT .*partNumber=2.*, TWICE",
    "POST .*uploadId=.*, ANSWER_LOST",
    "POST .*uploadId=.*, TWICE",
    "POST .*uploadId=.*, DONE_BUT_BUSY",
    "POST .*uploadId=.*, FAULT_IN_ANSWER",
    "PUT .*/copy, ANSWER_LOST",
    "PUT .*/copy, TWICE",
    "GET .*, ANSWER_LOST",
    "POST .*delete.*, ANSWER_LOST",
    "POST .*delete.*, TWICE",
    "HEAD .*, ANSWER_LOST"
  })
  void whatWasDoneThoughNobodySaidSoIsDoneOnce(String what, Fault fault) throws IOException {
    try (DoubtfulDoor door = new DoubtfulDoor(SERVER.port(), first(1, what, fault));
        Storage storage = through(door)) {
      works(storage);
      assertThat(door.asked()).anyMatch(asked -> asked.matches(what));
    }
  }

  /** Longer than the client itself tries. */
  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"CUT", "THROTTLED", "FAULT_IN_ANSWER"})
  void aLargeObjectIsNotLostWhenTheStoreIsAwayAsItIsCompleted(Fault fault) throws IOException {
    try (DoubtfulDoor door =
            new DoubtfulDoor(SERVER.port(), first(8, "POST .*uploadId=.*", fault));
        Storage storage = through(door)) {
      works(storage);
      assertThat(door.asked().stream().filter(a -> a.matches("PUT .*partNumber=1&.*"))).hasSize(1);
    }
  }

  /** The answer to a completion is lost, and who looks for the object is refused for long. */
  @Test
  void aLargeObjectIsFoundByAStoreThatIsTooBusyToSaySo() throws IOException {
    Function<String, Fault> lost = first(1, "POST .*uploadId=.*", Fault.ANSWER_LOST);
    Function<String, Fault> busy = first(8, "HEAD .*/large", Fault.THROTTLED);
    try (DoubtfulDoor door =
            new DoubtfulDoor(
                SERVER.port(),
                asked -> {
                  Fault fault = lost.apply(asked);
                  return fault == Fault.NONE ? busy.apply(asked) : fault;
                });
        Storage storage = through(door)) {
      works(storage);
      assertThat(door.asked().stream().filter(a -> a.matches("PUT .*partNumber=1&.*"))).hasSize(1);
    }
  }

  @Test
  void anUploadThatTheStoreForgetsIsBegunAnew() throws IOException {
    AtomicInteger forgotten = new AtomicInteger();
    Function<String, Fault> forgets =
        asked -> {
          if (asked.matches("POST .*uploadId=.*") && forgotten.getAndIncrement() == 0) {
            try (Storage direct = Storages.open("s3://" + bucket + "/lake", SERVER::settings)) {
              direct.sweep("a", Instant.now().plusSeconds(60));
            }
          }
          return Fault.NONE;
        };
    try (DoubtfulDoor door = new DoubtfulDoor(SERVER.port(), forgets);
        Storage storage = through(door)) {
      works(storage);
      assertThat(forgotten).hasValue(2);
    }
  }

  /** More refusals than the client would take before it refuses by itself. */
  @Test
  void manyWhoAreRefusedAtOnceAreServedInTheEnd() throws IOException {
    try (DoubtfulDoor door =
            new DoubtfulDoor(SERVER.port(), first(140, "PUT .*", Fault.THROTTLED));
        Storage storage = through(door)) {
      List<Callable<String>> writes = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        String name = "many/" + i;
        writes.add(
            () -> {
              storage.write(name, new byte[] {1});
              return name;
            });
      }
      new Transfers(64).all(writes);
      assertThat(storage.files("many")).hasSize(64);
    }
  }
}
