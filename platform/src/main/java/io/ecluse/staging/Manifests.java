package io.ecluse.staging;

import io.ecluse.disk.Disk;
import io.ecluse.storage.Checksums;
import io.ecluse.storage.Places;
import io.ecluse.storage.StoredFile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The manifests of a storage. They are never changed, so each is read once: what is in memory
 * counts as long as the file has the same size and time; what is elsewhere is copied here.
 */
final class Manifests {
  static final String FILE = "manifest.json";
  private static final int MOST_IN_MEMORY = 5_000;

  private final Places places;
  private final Disk disk = new Disk();
  private final Map<String, Known> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
          return size() > MOST_IN_MEMORY;
        }
      };

  private record Known(String stamp, BatchManifest manifest) {}

  Manifests(Places places) {
    this.places = places;
  }

  /** The manifest in a file that was seen; empty if it has gone since. */
  Optional<BatchManifest> read(StoredFile file) {
    synchronized (known) {
      Known before = known.get(file.name());
      if (before != null && before.stamp.equals(file.stamp())) {
        return Optional.of(before.manifest);
      }
    }
    Optional<BatchManifest> read =
        bytes(file).map(text -> ManifestJson.read(places.where(file.name()), text));
    synchronized (known) {
      read.ifPresent(m -> known.put(file.name(), new Known(file.stamp(), m)));
    }
    return read;
  }

  private Optional<byte[]> bytes(StoredFile file) {
    return places.small(file.name(), key(file.name(), file.stamp()), disk);
  }

  private String key(String name, String stamp) {
    String all = places.storage().location() + " " + name + " " + stamp;
    return "manifest-" + Checksums.sha256(all);
  }

  /** Deletes one, which some stores go on listing for a while. */
  void delete(String folder) {
    String name = folder + "/" + FILE;
    places.storage().delete(List.of(name));
    synchronized (known) {
      Known before = known.remove(name);
      if (before != null && !places.isLocal()) {
        places.copies().drop(key(name, before.stamp));
      }
    }
  }

  void write(BatchManifest manifest, String folder) {
    places.storage().write(folder + "/" + FILE, ManifestJson.write(manifest));
  }
}
