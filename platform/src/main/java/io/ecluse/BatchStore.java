package io.ecluse;

import io.ecluse.disk.Disk;
import io.ecluse.project.Secrets;
import io.ecluse.project.Settings;
import io.ecluse.source.Stores;
import io.ecluse.staging.Places;
import io.ecluse.storage.LocalCopies;
import io.ecluse.storage.Storage;
import io.ecluse.storage.Storages;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/** Where the batches of an environment are: on this machine, or in a store elsewhere. */
record BatchStore(Settings settings, Secrets secrets, Path project) {
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
    try (Storage storage = open(new Disk())) {
      return storage.files("").stream()
          .map(file -> file.name())
          .filter(name -> name.endsWith(MANIFEST))
          .map(name -> name.substring(0, name.length() - MANIFEST.length()))
          .toList();
    }
  }

  /**
   * What is elsewhere is written and read by way of a folder of the project's own.
   *
   * @param state where the platform keeps what is its own
   */
  Places places(Path state, Clock clock, Disk disk) {
    Path here = state.resolve("stored").resolve(settings.environment());
    return new Places(
        open(disk),
        here.resolve("work"),
        new LocalCopies(here.resolve("copies"), settings.staging().cacheBytes(), clock));
  }

  private Storage open(Disk disk) {
    return Storages.open(
        location(), () -> Stores.settings(settings.staging().store(), secrets, project), disk);
  }
}
