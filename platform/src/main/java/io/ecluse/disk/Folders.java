package io.ecluse.disk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What is done with folders and all that is in them. Links are not followed. */
public final class Folders {
  private Folders() {}

  /** Deletes a file or folder; one that is not there is no matter. */
  public static void delete(Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    for (Path each : deepestFirst(path)) {
      Files.deleteIfExists(each);
    }
  }

  /** Deletes the folders in a folder that hold no file, and itself if it does not. */
  public static void deleteEmpty(Path folder) throws IOException {
    for (Path each : deepestFirst(folder)) {
      if (Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS)) {
        try {
          Files.deleteIfExists(each);
        } catch (DirectoryNotEmptyException e) {
          // something is in it
        }
      }
    }
  }

  private static List<Path> deepestFirst(Path path) throws IOException {
    try (Stream<Path> paths = Files.walk(path)) {
      return paths.sorted(Comparator.reverseOrder()).toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
