package io.ecluse.staging;

import io.ecluse.storage.Storage;
import io.ecluse.storage.StorageSettings;
import io.ecluse.storage.Storages;

class LocalStagingTest extends StagingContract {
  @Override
  Storage storage() {
    return Storages.open(folder.resolve("staging").toString(), () -> StorageSettings.NONE);
  }
}
