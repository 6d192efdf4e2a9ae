package io.ecluse.staging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.storage.HdfsServer;
import io.ecluse.storage.LocalCopies;
import io.ecluse.storage.Owner;
import io.ecluse.storage.Places;
import io.ecluse.storage.S3Server;
import io.ecluse.storage.Storage;
import io.ecluse.storage.StorageSettings;
import io.ecluse.storage.Storages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two projects with one staging location, wherever that is. */
class OwnerTest {
  abstract static class Contract {
    @TempDir Path folder;
    private Path here;
    private Path other;

    abstract Storage storage();

    @BeforeEach
    void databases() throws IOException {
      here = database("here");
      other = database("other");
    }

    private Path database(String name) throws IOException {
      Path home = folder.resolve(name);
      Files.createDirectories(home.resolve("data"));
      Files.writeString(home.resolve("data/PG_VERSION"), "17\n");
      return home;
    }

    private StagingArea staging(String catalog, Path home) {
      StagingArea staging =
          new StagingArea(
              new Places(
                  storage(),
                  home.resolve("work"),
                  new LocalCopies(home.resolve("copies"), 0, Clock.systemUTC())),
              PartFormat.PARQUET);
      staging.ownedBy(new Owner(Owner.Kind.STAGING, catalog, home.toString()));
      return staging;
    }

    private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable work) {
      assertThatThrownBy(work)
          .hasMessageContaining("is another project's")
          .hasMessageContaining("staging.location of its own")
          .isInstanceOfSatisfying(
              EcluseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT));
    }

    @Test
    void refusesWhoComesSecondAndLetsItReadAndRemoveNothing() {
      try (StagingArea first = staging("a", here);
          StagingArea second = staging("b", other)) {
        first.begin("erp", "students", "run1.1");
        refused(() -> second.begin("erp", "students", "run2.1"));
        refused(() -> second.list("erp", "students"));
        refused(() -> second.discardUnfinished("erp", "students", "run2.1"));
        refused(second::sources);
        assertThatCode(() -> first.begin("erp", "students", "run3.1")).doesNotThrowAnyException();
        assertThat(first.sources()).doesNotContain(Owner.Kind.STAGING.file());
      }
    }

    @Test
    void refusesACopyOfAProjectWhileTheProjectIsThereAndLetsAMovedOneGoOn() throws IOException {
      try (StagingArea first = staging("a", here);
          StagingArea copy = staging("a", other)) {
        first.begin("erp", "students", "run1.1");
        refused(() -> copy.begin("erp", "students", "run2.1"));

        Files.delete(here.resolve("data/PG_VERSION")); // it was moved, not copied
        copy.begin("erp", "students", "run2.1");
        Files.writeString(here.resolve("data/PG_VERSION"), "17\n");
        try (StagingArea late = staging("a", here)) {
          refused(() -> late.list("erp", "students"));
        }
      }
    }
  }

  @Nested
  class Local extends Contract {
    @Override
    Storage storage() {
      return Storages.open(folder.resolve("staging").toString(), () -> StorageSettings.NONE);
    }
  }

  @Nested
  class S3 extends Contract {
    private final String bucket = S3Server.shared().newBucket();

    @Override
    Storage storage() {
      return Storages.open("s3://" + bucket + "/staging", S3Server.shared()::settings);
    }
  }

  @Nested
  class Hdfs extends Contract {
    private final String location = HdfsServer.shared().newLocation();

    @Override
    Storage storage() {
      return Storages.open(location, () -> StorageSettings.NONE);
    }
  }
}
