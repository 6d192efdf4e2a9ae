package io.ecluse.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.source.postgres.CuttingProxy;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;

class S3StorageTest extends StorageContract {
  private static final S3Server SERVER = S3Server.shared();

  private final String bucket = SERVER.newBucket();

  @Override
  Storage open() {
    return Storages.open("s3://" + bucket + "/staging/dev/", SERVER::settings);
  }

  private static void assertFails(ThrowingCallable work, ErrorCode code, String... words) {
    assertThatThrownBy(work)
        .isInstanceOf(EcluseException.class)
        .hasMessageContainingAll(words)
        .hasMessageNotContaining(S3Server.SECRET)
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(code);
  }

  private Storage with(StorageSettings settings) {
    return Storages.open("s3://" + bucket + "/x", () -> settings);
  }

  @Test
  void listsMoreThanAStoreTellsAtOnce() throws IOException {
    Path many = Files.createDirectories(SERVER.folder(bucket).resolve("staging/dev/many"));
    for (int i = 0; i < 1_050; i++) {
      Files.write(many.resolve(String.valueOf(i)), new byte[1]);
    }

    assertThat(storage().files("many")).hasSize(1_050);
    storage().delete(storage().files("many").stream().map(StoredFile::name).toList());
    assertThat(storage().files("")).isEmpty();
    assertThat(storage().folders("")).isEmpty();
  }

  @Test
  void keepsToItsFolderOfTheBucket() {
    try (Storage beside = Storages.open("s3://" + bucket + "/staging/dev2", SERVER::settings);
        Storage all = Storages.open("s3://" + bucket, SERVER::settings)) {
      beside.write("a/b", new byte[1]);
      storage().write("a/c", new byte[1]);

      assertThat(storage().files("")).extracting(StoredFile::name).containsExactly("a/c");
      assertThat(all.files(""))
          .extracting(StoredFile::name)
          .containsExactly("staging/dev/a/c", "staging/dev2/a/b");
      assertThat(storage().location()).isEqualTo("s3://" + bucket + "/staging/dev");
    }
  }

  @Test
  void goesOnWhenConnectionsAreCut() throws IOException {
    try (CuttingProxy cable = new CuttingProxy(SERVER.port());
        Storage storage =
            with(
                S3Server.settings(
                    "http://127.0.0.1:" + cable.port(), S3Server.KEY, S3Server.SECRET))) {
      Path file = made(LARGE);
      CompletableFuture<Void> sending = cable.cutSendingAfter(LARGE / 2);
      storage.upload(file, "a/part");
      CompletableFuture<Void> receiving = cable.cutAfter(LARGE / 2);
      Path back = folder.resolve("back");
      assertThat(storage.download("a/part", back)).isTrue();

      assertThat(sending).isDone();
      assertThat(receiving).isDone();
      assertThat(back).hasSameBinaryContentAs(file);
    }
  }

  @Test
  void refusesWhatIsNotWhatWasStored() throws IOException {
    storage().write("a/b", new byte[10]);
    Path kept = SERVER.folder(bucket).resolve("staging/dev/a/b");
    try (RandomAccessFile file = new RandomAccessFile(kept.toFile(), "rw")) {
      file.write(1);
    }

    assertThatThrownBy(() -> storage().read("a/b")).hasMessageContaining("has not the checksum");
    assertThatThrownBy(() -> storage().download("a/b", folder.resolve("b")))
        .isInstanceOfSatisfying(
            EcluseException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE_UNREACHABLE));
    assertThat(folder.resolve("b")).doesNotExist();
  }

  @Test
  void waitsForAStoreThatIsTooBusy() throws IOException {
    try (BusyDoor door = new BusyDoor(SERVER.port(), 2);
        Storage storage =
            with(
                S3Server.settings(
                    "http://127.0.0.1:" + door.port(), S3Server.KEY, S3Server.SECRET))) {
      storage.write("a/b", new byte[10]);

      assertThat(door.refusals()).isZero();
      assertThat(storage.files("a")).extracting(StoredFile::bytes).containsExactly(10L);
    }
  }

  @Test
  void goesOnWhenTheStoreDiesInTheMiddleAndComesBack() throws IOException {
    try (S3Server mortal = S3Server.start();
        CuttingProxy cable = new CuttingProxy(mortal.port());
        Storage storage =
            Storages.open(
                "s3://" + mortal.newBucket(),
                () ->
                    S3Server.settings(
                        "http://127.0.0.1:" + cable.port(), S3Server.KEY, S3Server.SECRET))) {
      Path file = made(LARGE);
      CompletableFuture<Void> dead =
          cable
              .cutAnswerAfterSending(S3Multipart.PART_BYTES)
              .thenRun(mortal::kill)
              .thenRun(mortal::startAgain);

      storage.upload(file, "a/part");

      dead.join();
      Path back = folder.resolve("back");
      assertThat(storage.download("a/part", back)).isTrue();
      assertThat(back).hasSameBinaryContentAs(file);
    }
  }

  @Test
  void anUnfinishedUploadIsNeitherSeenNorKept() {
    try (S3Client client = S3Clients.open(SERVER.settings().s3())) {
      client.createMultipartUpload(r -> r.bucket(bucket).key("staging/dev/a/part"));
      client.createMultipartUpload(r -> r.bucket(bucket).key("staging/dev2/a/part"));

      assertThat(storage().files("")).isEmpty();
      assertThat(storage().find("a/part")).isEmpty();
      storage().sweep("", Instant.now().minusSeconds(60));
      assertThat(client.listMultipartUploads(r -> r.bucket(bucket)).uploads()).hasSize(2);
      storage().sweep("", Instant.now().plusSeconds(60));

      assertThat(client.listMultipartUploads(r -> r.bucket(bucket)).uploads())
          .extracting(u -> u.key())
          .containsExactly("staging/dev2/a/part");
    }
  }

  @Test
  void anUploadThatFailsIsAbandoned() throws IOException {
    Path file = made(LARGE);
    try (S3Client client = S3Clients.open(SERVER.settings().s3())) {
      assertThatThrownBy(
              () ->
                  new S3Multipart(client, bucket, "staging/dev/a/part", new Transfers())
                      .upload(file, LARGE + 1, Map.of()))
          .isInstanceOf(RuntimeException.class);

      assertThat(client.listMultipartUploads(r -> r.bucket(bucket)).uploads()).isEmpty();
      assertThat(storage().files("")).isEmpty();
    }
  }

  @Test
  void saysWhatIsWrongWithTheKeys() {
    assertFails(
        () -> with(S3Server.settings(SERVER.endpoint(), "nobody", "x")).files(""),
        ErrorCode.STORAGE_REFUSED,
        SERVER.endpoint(),
        "s3.access_key");
    assertFails(
        () -> with(S3Server.settings(SERVER.endpoint(), S3Server.KEY, "x")).write("a", new byte[1]),
        ErrorCode.STORAGE_REFUSED,
        "secret key",
        "s3.secret_key");
  }

  @Test
  void saysThatThereIsNoBucket() {
    try (Storage nowhere = Storages.open("s3://no-such-bucket/x", SERVER::settings)) {
      assertFails(
          () -> nowhere.files(""), ErrorCode.STORAGE_REFUSED, "no bucket no-such-bucket", "create");
      assertFails(() -> nowhere.write("a", new byte[1]), ErrorCode.STORAGE_REFUSED, "no bucket");
    }
  }

  @Test
  void saysThatNothingAnswersOrNotAsS3Does() throws IOException {
    try (CuttingProxy nothing = new CuttingProxy(1);
        Storage storage = with(S3Server.settings("http://127.0.0.1:" + nothing.port(), "a", "b"))) {
      assertFails(
          () -> storage.files(""),
          ErrorCode.STORAGE_UNREACHABLE,
          "http://127.0.0.1:" + nothing.port(),
          "s3.endpoint");
    }
    assertFails(
        () -> with(S3Server.settings("http://no-such-host.invalid", "a", "b")).files(""),
        ErrorCode.STORAGE_UNREACHABLE,
        "no-such-host.invalid",
        "no address");
    assertFails(
        () -> with(S3Server.settings("storage.example", "a", "b")).files(""),
        ErrorCode.INVALID_PROJECT,
        "s3.endpoint",
        "storage.example");
  }

  @Test
  void nothingIsConnectedToBeforeItIsNeeded() {
    try (Storage storage =
        Storages.open(
            "s3://bucket",
            () -> {
              throw new AssertionError("Settings were asked for");
            })) {
      assertThat(storage.location()).isEqualTo("s3://bucket/");
      assertThat(storage.local("a")).isEqualTo(Optional.empty());
    }
  }
}
