package io.ecluse.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LocalStorageTest extends StorageContract {
  @Override
  Storage open() {
    return Storages.open("file://" + folder.resolve("store"), () -> StorageSettings.NONE);
  }

  @Test
  void forgetsFilesThatNobodyFinished() throws IOException {
    storage().write("a/b", new byte[1]);
    Path left = Files.write(folder.resolve("store/a/c.1.draft"), new byte[10]);
    assertThat(storage().files("a")).hasSize(1);

    storage().sweep("", Instant.now().minusSeconds(60));
    assertThat(left).exists();
    storage().sweep("", Instant.now().plusSeconds(60));

    assertThat(left).doesNotExist();
    assertThat(storage().files("a")).hasSize(1);
  }
}
