package io.ecluse.staging;

import io.ecluse.storage.LocalErrors;
import io.ecluse.storage.Places;
import io.ecluse.storage.StoredFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What an extract has left of a stream without a manifest.
 *
 * @param folder of the batch that never was
 * @param written when it was last written to
 */
record Remains(String folder, long bytes, Instant written) {
  /**
   * Those of a stream.
   *
   * @param files all that are stored of it
   */
  static List<Remains> of(Places places, String stream, List<StoredFile> files) {
    Map<String, List<StoredFile>> byFolder = new TreeMap<>();
    for (String extract : written(places.writing(stream))) {
      byFolder.put(stream + "/" + extract, new ArrayList<>());
    }
    for (StoredFile file : files) {
      String folder = file.name().substring(0, file.name().lastIndexOf('/'));
      byFolder.computeIfAbsent(folder, f -> new ArrayList<>()).add(file);
    }
    List<Remains> remains = new ArrayList<>();
    byFolder.forEach(
        (folder, all) -> {
          if (all.stream().noneMatch(f -> f.name().endsWith("/" + Manifests.FILE))) {
            remains.add(look(places, folder, all));
          }
        });
    return remains;
  }

  private static Remains look(Places places, String folder, List<StoredFile> files) {
    Instant last = Instant.MIN;
    Path here = places.writing(folder);
    try {
      last = Files.exists(here) ? Files.getLastModifiedTime(here).toInstant() : last;
    } catch (NoSuchFileException e) {
      last = Instant.MAX; // another process was faster
    } catch (IOException e) {
      throw LocalErrors.of("look at " + here, e);
    }
    long bytes = 0;
    for (StoredFile file : files) {
      last = file.modifiedAt().isAfter(last) ? file.modifiedAt() : last;
      bytes += file.bytes();
    }
    return new Remains(folder, bytes, last);
  }

  /** Extracts of which something is on this machine. */
  private static List<String> written(Path stream) {
    try (Stream<Path> paths = Files.list(stream)) {
      return paths.filter(Files::isDirectory).map(p -> p.getFileName().toString()).toList();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw LocalErrors.of("list " + stream, e);
    }
  }

  String extractId() {
    return folder.substring(folder.lastIndexOf('/') + 1);
  }

  void delete(Places places) {
    places.deleteFolder(folder);
  }
}
