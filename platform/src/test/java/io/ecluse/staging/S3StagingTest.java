package io.ecluse.staging;

import io.ecluse.storage.S3Server;
import io.ecluse.storage.Storage;
import io.ecluse.storage.Storages;

class S3StagingTest extends StagingContract.Remote {
  private final String bucket = S3Server.shared().newBucket();

  @Override
  Storage storage() {
    return Storages.open("s3://" + bucket + "/staging", S3Server.shared()::settings);
  }
}
