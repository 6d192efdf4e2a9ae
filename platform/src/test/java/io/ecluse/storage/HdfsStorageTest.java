package io.ecluse.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.source.postgres.CuttingProxy;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.hadoop.fs.SafeModeAction;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class HdfsStorageTest extends StorageContract {
  private static final HdfsServer SERVER = HdfsServer.shared();

  private final String location = SERVER.newLocation();

  @Override
  Storage open() {
    return Storages.open(location, () -> StorageSettings.NONE);
  }

  private static void assertFails(ThrowingCallable work, ErrorCode code, String... words) {
    assertThatThrownBy(work)
        .isInstanceOf(EcluseException.class)
        .hasMessageContainingAll(words)
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(code);
  }

  private static StorageSettings hdfs(Optional<String> user, Optional<Path> config) {
    return new StorageSettings(StorageSettings.S3.USUAL, new StorageSettings.Hdfs(user, config));
  }

  @Test
  void forgetsFilesThatNobodyFinished() {
    storage().write("a/b", new byte[1]);
    storage().write("a/c.1.draft", new byte[1]);
    assertThat(storage().files("a")).hasSize(1);

    storage().sweep("", Instant.now().minusSeconds(60));
    assertThat(storage().find("a/c.1.draft")).isPresent();
    storage().sweep("", Instant.now().plusSeconds(60));

    assertThat(storage().find("a/c.1.draft")).isEmpty();
    assertThat(storage().files("a")).hasSize(1);
  }

  @Test
  void noticesWhatHasRottenOnADisk() throws IOException {
    List<Path> others = SERVER.blocks();
    storage().upload(made(1 << 20), "a/part");
    List<Path> blocks = new ArrayList<>(SERVER.blocks());
    blocks.removeAll(others);
    for (Path block : blocks) {
      byte[] bytes = Files.readAllBytes(block);
      bytes[bytes.length / 2] ^= 1;
      Files.write(block, bytes, StandardOpenOption.TRUNCATE_EXISTING);
    }

    assertThat(blocks).hasSize(1);
    assertFails(
        () -> storage().download("a/part", folder.resolve("rotten")),
        ErrorCode.STORAGE_UNREACHABLE,
        "a/part");
    assertThat(folder.resolve("rotten")).doesNotExist();
  }

  @Test
  void goesOnWhenConnectionsAreCut() throws IOException {
    try (CuttingProxy cable = new CuttingProxy(SERVER.port());
        Storage storage =
            Storages.open(
                "hdfs://127.0.0.1:%d/tests/cut".formatted(cable.port()),
                () -> StorageSettings.NONE)) {
      storage.write("a/b", new byte[10]);
      CompletableFuture<Void> cut = cable.cutAfter(1);
      storage.write("a/c", new byte[20]);

      assertThat(cut).isDone();
      assertThat(storage.files("a")).extracting(StoredFile::bytes).containsExactly(10L, 20L);
    }
  }

  @Test
  void actsInTheNameOfTheUserThatIsSaid() {
    storage().write("a/b", new byte[1]);
    try (Storage stranger =
        Storages.open(location, () -> hdfs(Optional.of("stranger"), Optional.empty()))) {
      assertThat(stranger.read("a/b")).isPresent();
      assertFails(
          () -> stranger.write("a/c", new byte[1]),
          ErrorCode.STORAGE_REFUSED,
          "stranger",
          "hdfs.user");
      assertFails(() -> stranger.delete(List.of("a/b")), ErrorCode.STORAGE_REFUSED, "hdfs.user");
    }
  }

  @Test
  void takesTheClustersOwnSettings() {
    try (Storage storage =
        Storages.open(location, () -> hdfs(Optional.empty(), Optional.of(SERVER.config())))) {
      storage.write("a/b", new byte[1]);
      assertThat(storage.files("")).hasSize(1);
    }
    try (Storage storage =
        Storages.open(location, () -> hdfs(Optional.empty(), Optional.of(folder)))) {
      assertFails(
          () -> storage.files(""), ErrorCode.INVALID_PROJECT, "core-site.xml", folder.toString());
    }
  }

  @Test
  void saysThatTheNamenodeIsInSafeMode() throws IOException {
    storage().write("a/b", new byte[1]);
    try (DistributedFileSystem hdfs =
        HdfsClients.open(URI.create(location), StorageSettings.Hdfs.USUAL)) {
      hdfs.setSafeMode(SafeModeAction.ENTER);
      try {
        assertFails(
            () -> storage().write("a/c", new byte[1]),
            ErrorCode.STORAGE_UNREACHABLE,
            "safe mode",
            "hdfs dfsadmin -safemode leave");
        assertThat(storage().read("a/b")).isPresent();
      } finally {
        hdfs.setSafeMode(SafeModeAction.LEAVE);
      }
    }
    storage().write("a/c", new byte[1]);
    assertThat(storage().files("a")).hasSize(2);
  }

  @Test
  void saysThatNothingAnswers() throws IOException {
    try (CuttingProxy nothing = new CuttingProxy(1);
        Storage storage =
            Storages.open(
                "hdfs://127.0.0.1:%d/x".formatted(nothing.port()), () -> StorageSettings.NONE)) {
      assertFails(
          () -> storage.files(""),
          ErrorCode.STORAGE_UNREACHABLE,
          "hdfs://127.0.0.1:" + nothing.port(),
          "location");
    }
    try (Storage storage =
        Storages.open("hdfs://no-such-host.invalid:8020/x", () -> StorageSettings.NONE)) {
      assertFails(
          () -> storage.files(""),
          ErrorCode.STORAGE_UNREACHABLE,
          "no-such-host.invalid",
          "address");
    }
  }
}
