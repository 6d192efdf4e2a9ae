package io.ecluse;

import io.ecluse.flow.Stores;
import io.ecluse.project.Secrets;
import io.ecluse.project.Settings;
import io.ecluse.storage.Storage;
import io.ecluse.storage.Storages;
import java.nio.file.Path;
import java.util.List;

/** The batches of an environment whose store is not on this machine. */
record RemoteBatches(Settings settings, Secrets secrets, Path project) {
  private static final String MANIFEST = "/manifest.json";

  boolean isElsewhere() {
    return Storages.isRemote(settings.staging().location());
  }

  /** Of the store, for people. */
  String location() {
    return settings.staging().location() + "/" + settings.environment();
  }

  /** Asks the store for the folders of batches that are whole. */
  List<String> whole() {
    try (Storage storage =
        Storages.open(
            location(), () -> Stores.settings(settings.staging().access(), secrets, project))) {
      return storage.files("").stream()
          .map(file -> file.name())
          .filter(name -> name.endsWith(MANIFEST))
          .map(name -> name.substring(0, name.length() - MANIFEST.length()))
          .toList();
    }
  }
}
