package io.ecluse.staging;

import io.ecluse.storage.DoubtfulDoor;
import io.ecluse.storage.S3Server;
import io.ecluse.storage.Storage;
import io.ecluse.storage.Storages;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Batches in a store whose lists have what was deleted long ago. */
class ForgetfulStagingTest extends StagingContract.Remote {
  private static DoubtfulDoor door;

  private final String bucket = S3Server.shared().newBucket();

  @BeforeAll
  static void openDoor() {
    try {
      door =
          new DoubtfulDoor(S3Server.shared().port(), asked -> DoubtfulDoor.Fault.NOTHING_FORGOTTEN);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @AfterAll
  static void closeDoor() throws IOException {
    door.close();
  }

  @Override
  Storage storage() {
    return Storages.open(
        "s3://" + bucket + "/staging", () -> S3Server.shared().settings(door.port()));
  }

  @Override
  Storage actual() {
    return Storages.open("s3://" + bucket + "/staging", S3Server.shared()::settings);
  }
}
