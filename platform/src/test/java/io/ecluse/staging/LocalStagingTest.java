package io.ecluse.staging;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.disk.Disk;
import io.ecluse.storage.Storage;
import io.ecluse.storage.StorageSettings;
import io.ecluse.storage.Storages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class LocalStagingTest extends StagingContract {
  /** What was brought to the disk, with its size, and whether there was a manifest then. */
  private final List<Synced> synced = Collections.synchronizedList(new ArrayList<>());

  private record Synced(Path path, long size, boolean whole) {}

  @Override
  Storage storage() {
    return Storages.open(
        folder.resolve("staging").toString(), () -> StorageSettings.NONE, new Disk(this::note));
  }

  private void note(Path path) throws IOException {
    Path batch = path.toString().contains("/part-") ? path.getParent() : path;
    synced.add(new Synced(path, Files.size(path), Files.exists(batch.resolve("manifest.json"))));
  }

  @Test
  void aBatchAndItsFoldersAreOnTheDiskBeforeItsManifestAndThatThen() throws IOException {
    BatchManifest batch = committed(1, 3);

    Path root = folder.resolve("staging");
    Path where = root.resolve("erp/students").resolve(batch.extractId());
    for (Part part : batch.parts()) {
      assertThat(synced).contains(new Synced(where.resolve(part.file()), part.bytes(), false));
    }
    assertThat(synced)
        .as("names of the parts, then that of the manifest")
        .extracting(s -> s.path() + " " + s.whole())
        .containsSubsequence(where + " false", where + " true")
        .contains(root.resolve("erp/students") + " false", root.resolve("erp") + " false")
        .contains(root + " false", folder + " false");
  }
}
