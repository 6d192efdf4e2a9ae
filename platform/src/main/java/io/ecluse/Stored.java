package io.ecluse;

import io.ecluse.disk.Disk;
import io.ecluse.project.Secrets;
import io.ecluse.project.Settings;
import io.ecluse.project.Value;
import io.ecluse.source.Stores;
import io.ecluse.storage.LocalCopies;
import io.ecluse.storage.Owner;
import io.ecluse.storage.Places;
import io.ecluse.storage.Storage;
import io.ecluse.storage.Storages;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/** Where batches or tables of an environment are: on this machine, or in a store elsewhere. */
record Stored(Owner.Kind kind, Settings settings, Secrets secrets, Path project) {
  private static final String MANIFEST = "/manifest.json";

  boolean isElsewhere() {
    return isElsewhere(location());
  }

  static boolean isElsewhere(String location) {
    return Storages.isRemote(location);
  }

  /** Of the store, for people. */
  String location() {
    String all =
        switch (kind) {
          case STAGING -> settings.staging().location();
          case WAREHOUSE -> settings.warehouse().location();
        };
    return all + "/" + settings.environment();
  }

  /** What databases call it. */
  String here() {
    try (Storage storage = open(location(), new Disk())) {
      return Places.here(storage);
    }
  }

  /** Asks the store for the folders of batches that are whole. */
  List<String> whole() {
    return whole(location());
  }

  /** The same, where they were taken. */
  List<String> whole(String location) {
    try (Storage storage = open(location, new Disk())) {
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
    return placesAt(location(), state, clock, disk);
  }

  /** The same, reached in the same way, somewhere else. */
  Places placesAt(String location, Path state, Clock clock, Disk disk) {
    Path all = state.resolve("stored").resolve(settings.environment());
    Path here =
        switch (kind) {
          case STAGING -> all;
          case WAREHOUSE -> all.resolve("tables");
        };
    return new Places(
        open(location, disk),
        here.resolve("work"),
        new LocalCopies(here.resolve("copies"), cacheBytes(), clock));
  }

  private long cacheBytes() {
    return switch (kind) {
      case STAGING -> settings.staging().cacheBytes();
      case WAREHOUSE -> settings.warehouse().cacheBytes();
    };
  }

  private Value.Entries store() {
    return switch (kind) {
      case STAGING -> settings.staging().store();
      case WAREHOUSE -> settings.warehouse().store();
    };
  }

  private Storage open(String location, Disk disk) {
    return Storages.open(
        location, () -> Stores.settings(store(), secrets, project).in(kind.word()), disk);
  }
}
