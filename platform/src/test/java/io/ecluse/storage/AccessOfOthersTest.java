package io.ecluse.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What programs of others are told of a store. */
class AccessOfOthersTest {
  @TempDir Path folder;

  private static Map<String, String> s3(StorageSettings.S3 settings) {
    try (Storage storage =
        Storages.open(
            "s3://school/tables",
            () -> new StorageSettings(settings, StorageSettings.Hdfs.USUAL))) {
      return storage.access();
    }
  }

  @Test
  void tellsWhereAStoreIsButNoKeys() {
    StorageSettings.S3 own =
        new StorageSettings.S3(
            Optional.of("http://127.0.0.1:9000"),
            Optional.of("eu-west-3"),
            Optional.empty(),
            Optional.of(new StorageSettings.Keys("hidden", "hidden")),
            "warehouse.s3");

    assertThat(s3(own))
        .isEqualTo(
            Map.of(
                "s3.endpoint", "http://127.0.0.1:9000",
                "client.region", "eu-west-3",
                "s3.chunked-encoding-enabled", "false",
                "s3.path-style-access", "true"));
    assertThat(s3(StorageSettings.S3.USUAL)).isEqualTo(Map.of("s3.path-style-access", "false"));
  }

  @Test
  void hasNothingToTellOfAFolder() {
    try (Storage storage = Storages.open(folder.toString(), () -> StorageSettings.NONE)) {
      assertThat(storage.access()).isEmpty();
    }
  }
}
