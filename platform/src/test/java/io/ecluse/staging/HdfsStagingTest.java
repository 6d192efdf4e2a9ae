package io.ecluse.staging;

import io.ecluse.storage.HdfsServer;
import io.ecluse.storage.Storage;
import io.ecluse.storage.StorageSettings;
import io.ecluse.storage.Storages;

class HdfsStagingTest extends StagingContract.Remote {
  private final String location = HdfsServer.shared().newLocation();

  @Override
  Storage storage() {
    return Storages.open(location, () -> StorageSettings.NONE);
  }
}
